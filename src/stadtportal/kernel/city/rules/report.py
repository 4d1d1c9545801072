"""What an import did and what it left out, counted as it goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from stadtportal.kernel.contracts import RuleBroken

EXAMPLES = 5


@dataclass(slots=True)
class Tally:
    """A count with its first few examples."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        """Count one."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)


@dataclass(slots=True)
class Report:
    """What an import did. ``unit`` is the German word for many of what it brings.

    ``skipped`` and ``flagged`` map a reason in German to its count and examples.
    """

    unit: str = "Einträge"
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: dict[str, Tally] = field(default_factory=dict)
    flagged: dict[str, Tally] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """Return how many of the file the portal now holds."""
        return self.created + self.updated + self.unchanged

    @property
    def changed(self) -> int:
        """Return how many rows this run wrote."""
        return self.created + self.updated

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Return the counts with their words, as a report prints them."""
        return [
            ("Einträge gelesen", self.read),
            (f"{self.unit} neu", self.created),
            (f"{self.unit} geändert", self.updated),
            (f"{self.unit} unverändert", self.unchanged),
        ]

    def skip(self, reason: str, example: str) -> None:
        """Count something that was left out."""
        self.skipped.setdefault(reason, Tally()).add(example)

    def flag(self, reason: str, example: str) -> None:
        """Count something that was taken with a doubt."""
        self.flagged.setdefault(reason, Tally()).add(example)


@dataclass(slots=True)
class ImportReport(Report):
    """What an import of places did."""

    unit: str = "Orte"
    named: int = 0
    streets: int = 0
    streets_changed: int = 0

    @property
    def places(self) -> int:
        """Return how many places of the file the portal now holds."""
        return self.kept

    @property
    def changed(self) -> int:
        """Return how many rows this run wrote, streets included."""
        return self.created + self.updated + self.streets_changed

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Return the counts with their words, streets where there are any."""
        lines = [
            ("Objekte gelesen", self.read),
            ("davon mit Namen", self.named),
            ("Orte neu", self.created),
            ("Orte geändert", self.updated),
            ("Orte unverändert", self.unchanged),
        ]
        if self.streets:
            lines += [("Straßen", self.streets), ("davon neu oder geändert", self.streets_changed)]
        return lines


class ImportStopped(RuleBroken):
    """An import that could not be finished. ``report`` says how far it got; finished batches stay."""

    status = 422

    def __init__(self, sentence: str, report: Report) -> None:
        """Add to ``sentence`` how far the import got."""
        kept = f"{report.kept:,}".replace(",", ".")
        far = (
            f"Bis dahin wurden {kept} {report.unit} übernommen und bleiben erhalten. "
            "Ein neuer Lauf setzt darauf auf und legt nichts doppelt an."
            if report.kept
            else "Es wurde nichts übernommen."
        )
        super().__init__(f"{sentence} {far}")
        self.report = report
