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
class ImportReport:
    """What an import did. ``skipped`` and ``flagged`` map a reason in German to its count and examples."""

    read: int = 0
    named: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    streets: int = 0
    streets_changed: int = 0
    skipped: dict[str, Tally] = field(default_factory=dict)
    flagged: dict[str, Tally] = field(default_factory=dict)

    @property
    def places(self) -> int:
        """Return how many places of the file the portal now holds."""
        return self.created + self.updated + self.unchanged

    @property
    def changed(self) -> int:
        """Return how many rows this run wrote."""
        return self.created + self.updated + self.streets_changed

    def skip(self, reason: str, example: str) -> None:
        """Count something that was left out."""
        self.skipped.setdefault(reason, Tally()).add(example)

    def flag(self, reason: str, example: str) -> None:
        """Count something that was taken with a doubt."""
        self.flagged.setdefault(reason, Tally()).add(example)


class ImportStopped(RuleBroken):
    """An import that could not be finished. ``report`` says how far it got; finished batches stay."""

    status = 422

    def __init__(self, sentence: str, report: ImportReport) -> None:
        """Add to ``sentence`` how far the import got."""
        places = f"{report.places:,}".replace(",", ".")
        far = (
            f"Bis dahin wurden {places} Orte übernommen und bleiben erhalten. "
            "Ein neuer Lauf setzt darauf auf und legt nichts doppelt an."
            if report.places
            else "Es wurde nichts übernommen."
        )
        super().__init__(f"{sentence} {far}")
        self.report = report
