"""How long things stay, when the clock may erase, and the words of exports and rights. Pure: no Django, no clock."""

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: An export can be fetched so long, then its file is deleted.
EXPORT_KEPT = timedelta(days=7)
#: Who looked at whose data is kept so long.
ACCESS_KEPT = timedelta(days=3 * 365)
#: The daily run may be this late; a longer silence, or a clock before the last run, needs a human.
LARGEST_STEP = timedelta(days=7)
#: Clocks of two machines may differ by so much without anything being wrong.
TOLERANCE = timedelta(minutes=5)
FIRST_RUN = "Erster Lauf: Die Uhr wird gemerkt, gelöscht wird beim nächsten."


class ExportState(enum.StrEnum):
    """How far an export is. ``partial`` has a file in which something is missing, and says what."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"


UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)


class Article(enum.IntEnum):
    """The rights under the GDPR that need somebody to decide."""

    CORRECT = 16
    RESTRICT = 18
    OBJECT = 21


ARTICLE_TITLES = {
    Article.CORRECT: "Angaben berichtigen (Art. 16 DSGVO)",
    Article.RESTRICT: "Verarbeitung einschränken (Art. 18 DSGVO)",
    Article.OBJECT: "Der Verarbeitung widersprechen (Art. 21 DSGVO)",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """Whether the clock may be trusted; ``refusal`` says why not, in German, and is empty when it may."""

    refusal: str = ""

    @property
    def trusted(self) -> bool:
        """Tell whether things may be erased by this clock."""
        return not self.refusal


@dataclass(frozen=True, slots=True)
class ClockView:
    """One run of the clock that erases what is past its time; ``refusal`` says why it erased nothing."""

    at: datetime
    rows: int
    refusal: str


def check_clock(*, now: datetime, last_run: datetime | None) -> Clock:
    """Compare the clock with the last run. The first run has nothing to compare with and therefore erases nothing."""
    if last_run is None:
        return Clock(FIRST_RUN)
    if now < last_run - TOLERANCE:
        return Clock(f"Die Uhr steht vor dem letzten Lauf ({last_run:%d.%m.%Y %H:%M} UTC).")
    if now > last_run + LARGEST_STEP:
        days = (now - last_run).days
        return Clock(f"Die Uhr ist seit dem letzten Lauf um {days} Tage gesprungen.")
    return Clock()


def end_of_limitation(day: date) -> date:
    """Return the last day of the regular limitation for a claim that arose on ``day`` (sections 195, 199 BGB)."""
    return date(day.year + 3, 12, 31)
