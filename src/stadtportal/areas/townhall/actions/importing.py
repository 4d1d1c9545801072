"""Importing catalogues of any size: read, judged by the rules, and written batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from stadtportal.areas.townhall.actions.writing import Written, put_offices, put_services
from stadtportal.areas.townhall.rules import dldb, leika
from stadtportal.areas.townhall.rules import report as say
from stadtportal.areas.townhall.rules.drafts import OfficeDraft, ServiceDraft, Source
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import Progress, silent
from stadtportal.kernel.search import api as search

if TYPE_CHECKING:
    from pathlib import Path

BATCH = 500
PROGRESS_EVERY = 100
#: After so many records of which none fits, the file is taken for something else.
PATIENCE = 1000
LIMITS = city.Limits(record=1024**2, records=200_000, depth=32, size=512 * 1024**2)
LONGEST_LABEL = 120

Record = Mapping[str, Any]
D = TypeVar("D", ServiceDraft, OfficeDraft)


@dataclass(slots=True)
class CatalogueReport(city.Report):
    """What an import of a catalogue did. ``linked`` counts links of services with offices that were made or undone."""

    linked: int = 0

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Return the counts with their words, links where some changed."""
        lines = [
            ("Einträge gelesen", self.read),
            (f"{self.unit} neu", self.created),
            (f"{self.unit} geändert", self.updated),
            (f"{self.unit} unverändert", self.unchanged),
        ]
        return [*lines, ("Verknüpfungen von Leistung und Ort geändert", self.linked)] if self.linked else lines


@dataclass(slots=True)
class _Batches(Generic[D]):
    """Drafts of one kind on their way into the database, each id once."""

    report: CatalogueReport
    read: Callable[[Record], tuple[D, list[str]] | str]
    write: Callable[[list[D]], Written]
    seen: set[str] = field(default_factory=set)
    batch: list[D] = field(default_factory=list)

    def take(self, record: Record, line: int) -> None:
        """Judge one record and keep what comes of it."""
        made = self.read(record)
        if isinstance(made, str):
            self.report.skip(made, _example(record, line))
            return
        draft, doubts = made
        if draft.source_id in self.seen:
            self.report.skip(say.TWICE, _example(record, line))
            return
        self.seen.add(draft.source_id)
        for doubt in doubts:
            self.report.flag(doubt, _example(record, line))
        self.batch.append(draft)
        if len(self.batch) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting, in one transaction."""
        if not self.batch:
            return
        written = self.write(self.batch)
        self.batch = []
        self.report.created += written.created
        self.report.updated += written.updated
        self.report.unchanged += written.unchanged
        self.report.linked += written.linked
        for title in written.without_office:
            self.report.flag(say.OFFICES_MISSING, title)


def _example(record: Record, line: int) -> str:
    name = str(record.get("name") or "").strip()
    return f"Zeile {line}: {name}"[:200] if name else f"Zeile {line}"


def import_dldb(path: Path, *, label: str = "", city_name: str = "", progress: Progress = silent) -> CatalogueReport:
    """Import services or offices as Berlin and Munich export them (NDJSON, ``{"data": [...]}`` or a list).

    The first record that is one of the two decides which of them the file holds. ``label`` marks everything as data
    of elsewhere; ``city_name`` is the city of addresses that name none. Raises ``ImportStopped`` when the file cannot
    be read on; finished batches of 500 stay, the unfinished one does not.
    """
    report = CatalogueReport()
    label = label[:LONGEST_LABEL]
    default_city = (city_name or ("" if label else city.city().name))[:120]

    def services() -> _Batches[ServiceDraft]:
        return _Batches(report, dldb.read_service, lambda drafts: put_services(drafts, source=Source.DLDB, label=label))

    def offices() -> _Batches[OfficeDraft]:
        return _Batches(
            report, dldb.read_office, lambda drafts: put_offices(drafts, label=label, city_name=default_city)
        )

    chosen: _Batches[ServiceDraft] | _Batches[OfficeDraft] | None = None
    holds: dldb.Kind | None = None

    def take(record: Record, line: int) -> bool:
        nonlocal chosen, holds
        kind = dldb.kind_of(record)
        if kind is not None and chosen is None:
            chosen, holds = services() if kind is dldb.Kind.SERVICE else offices(), kind
            report.unit = kind.value
        if chosen is None or kind is not holds:
            report.skip(say.NEITHER if kind is None else say.OTHER_KIND, _example(record, line))
        else:
            chosen.take(record, line)
        return chosen is not None

    what = "Die Datei enthält weder Leistungen noch Orte einer Dienstleistungsdatenbank."
    _read(path, report, take, lambda: chosen.flush() if chosen else None, empty=what, progress=progress)
    return report


def import_leika(path: Path, *, label: str = "", progress: Progress = silent) -> CatalogueReport:
    """Import the rows of the OZG catalogue that have a LeiKa key of 14 digits. ``label`` and errors as above."""
    report = CatalogueReport(unit=dldb.Kind.SERVICE.value)
    label = label[:LONGEST_LABEL]
    batches = _Batches(report, leika.read_row, lambda drafts: put_services(drafts, source=Source.LEIKA, label=label))

    def take(record: Record, line: int) -> bool:
        batches.take(record, line)
        return leika.is_row(record)

    what = "Die Datei enthält keine Leistungen mit LeiKa-Schlüssel (erwartet werden leika und name)."
    _read(path, report, take, batches.flush, empty=what, progress=progress)
    return report


def _read(
    path: Path,
    report: CatalogueReport,
    take: Callable[[Record, int], bool],
    flush: Callable[[], None],
    *,
    empty: str,
    progress: Progress,
) -> None:
    """Read a file record by record; ``take`` tells whether it has found what it looks for."""
    found = False
    try:
        with city.RecordFile(path, limits=LIMITS) as records:
            for line, record in records:
                report.read += 1
                found = take(record, line) or found
                if not found and report.read >= PATIENCE:
                    break
                if report.read % PROGRESS_EVERY == 0:
                    progress(records.read_bytes, records.size, _said(report))
    except city.UnreadableFile as error:
        raise city.ImportStopped(error.sentence, report) from error
    if not found:
        wrong = city.UnreadableFile(path, empty, "Bitte prüfen Sie, ob es die richtige Datei ist.")
        raise city.ImportStopped(wrong.sentence, report)
    flush()
    if report.changed:
        progress(report.read, None, "Wörter für die Suche zählen")
        search.refresh_vocabulary()
    progress(report.read, report.read, _said(report))


def _said(report: CatalogueReport) -> str:
    return f"{report.kept:,} {report.unit}".replace(",", ".")
