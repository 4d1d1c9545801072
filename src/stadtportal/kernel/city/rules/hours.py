"""When a house is open: sentences and a week, from OpenStreetMap's ``opening_hours`` syntax.

The library that reads the syntax knows the holidays all of Germany has; those of a single state (6 January and
Fronleichnam among them) are put into the text as dates before it is read. Times are those of Berlin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from holidays.countries.germany import Germany
from opening_hours import OpeningHours, State, validate

from stadtportal.kernel.city.rules.holiday_dates import dates_for_holidays

if TYPE_CHECKING:
    from collections.abc import Iterator

BERLIN = ZoneInfo("Europe/Berlin")
ASK_THE_HOUSE = "Öffnungszeiten bitte beim Haus erfragen"
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
LOOK_AHEAD = timedelta(days=366)
DAYS_IN_WEEK = 7
#: What is open past midnight belongs to the evening before, when it closes by this hour.
LAST_HOUR_OF_NIGHT = time(6, 0)

_ONLY_COMMENT = re.compile(r'^\s*"([^"]*)"\s*$')
_COMMENT = re.compile(r'"([^"]*)"')
_BY_APPOINTMENT = re.compile(r"vereinbar|absprache|anmeld|termin|appointment", re.IGNORECASE)
_OPEN_END = re.compile(r"\d{1,2}:\d{2}\s*\+")


#: From, until, what, and the comment beside it.
Stretch = tuple[datetime, datetime, State, str]


@dataclass(frozen=True, slots=True)
class HoursStatus:
    """Whether a house is open now. ``open`` is ``None`` when that is not known; ``parsable`` tells unreadable texts."""

    open: bool | None
    sentence: str
    next_change_at: datetime | None = None
    parsable: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of a day, as people write it: ``opens`` ``8:15``, ``closes`` ``18``; ``comment`` such as ``Büro``."""

    opens: str
    closes: str
    comment: str = ""
    unsure: bool = False

    @property
    def words(self) -> str:
        """Return ``8:15 bis 18 Uhr``, or ``ganztägig``."""
        whole_day = (self.opens, self.closes) == ("0", "24")
        if whole_day:
            return self.comment or "ganztägig"
        said = f"{self.opens} bis {self.closes} Uhr"
        return f"{said} ({self.comment})" if self.comment else said


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day: its spans in order, and the holiday's name if it is one. Without a span it is closed."""

    day: date
    title: str
    spans: tuple[Span, ...]
    holiday: str = ""
    is_today: bool = False

    @property
    def words(self) -> str:
        """Return the day as one line of text."""
        return ", ".join(span.words for span in self.spans)


def is_parsable(hours: str) -> bool:
    """Tell whether the text can be read; an empty one has nothing to read and is fine."""
    return not hours or _parsable(hours)


@lru_cache(maxsize=8192)
def _parsable(hours: str) -> bool:
    return bool(validate(hours))


@lru_cache(maxsize=32)
def state_holidays(year: int, state: str) -> dict[date, str]:
    """Return the public holidays of a German state (``BW``) in that year and the next, with their German names."""
    found = Germany(subdiv=state, years=[year, year + 1], language="de")
    return {day: str(name) for day, name in sorted(found.items())}


@lru_cache(maxsize=8192)
def _read(hours: str, year: int, state: str) -> OpeningHours | None:
    """Return the text read for that year, or ``None`` when nobody can read it."""
    if not _parsable(hours):
        return None
    dated = dates_for_holidays(hours, tuple(state_holidays(year, state)))
    for text in (dated, hours):
        if _parsable(text):
            return OpeningHours(
                text,
                timezone=BERLIN,
                country="DE",  # For the rare holiday rules that could not be written as dates.
                auto_country=False,
                auto_timezone=False,
                coords=(48.7784, 9.1800),  # Only for sunrise and sunset; the same within a minute all over the city.
                max_interval_days=LOOK_AHEAD.days,
            )
    return None


def _intervals(read: OpeningHours, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Yield what the library finds; what is open by appointment only counts as not known."""
    for begins, ends, state, comment in read.intervals(start, end):
        if begins == ends:  # An hour that the clock skips in spring leaves a stretch of no length.
            continue
        by_appointment = state == State.OPEN and _BY_APPOINTMENT.search(comment)
        yield begins, ends, State.UNKNOWN if by_appointment else state, comment


def _stretches(read: OpeningHours, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Yield stretches of one state; neighbours that differ only in their comment are joined."""
    held: Stretch | None = None
    for begins, ends, state, comment in _intervals(read, start, end):
        if held and held[2] == state and held[1] == begins:
            held = (held[0], ends, state, held[3] or comment)
            continue
        if held:
            yield held
        held = (begins, ends, state, comment)
    if held:
        yield held


def hours_status(hours: str, now: datetime, *, state: str = "BW") -> HoursStatus:
    """Say whether a house with these hours is open at ``now`` (aware) and when that changes."""
    if not hours:
        return HoursStatus(None, ASK_THE_HOUSE)
    if only := _ONLY_COMMENT.match(hours):
        return HoursStatus(None, f"Öffnungszeiten: {only[1]}" if only[1] else ASK_THE_HOUSE)
    here = now.astimezone(BERLIN)
    read = _read(hours, here.year, state)
    if read is None:
        return HoursStatus(None, ASK_THE_HOUSE, parsable=False)
    stretches = list(islice(_stretches(read, here, here + LOOK_AHEAD), 3))
    return _status(hours, here, stretches) if stretches else HoursStatus(None, ASK_THE_HOUSE)


def _status(hours: str, here: datetime, stretches: list[Stretch]) -> HoursStatus:
    """Put the present stretch into words, and the next opening if it is closed."""
    _, ends, now_state, comment = stretches[0]
    changes = ends if ends < here + LOOK_AHEAD else None
    changes_at = changes.astimezone(UTC) if changes else None
    if now_state == State.OPEN:
        return HoursStatus(open=True, sentence=_open_sentence(hours, here, changes), next_change_at=changes_at)
    if now_state == State.UNKNOWN:
        said = comment or "vielleicht geöffnet"
        return HoursStatus(None, f"{said}, bitte beim Haus erfragen", changes_at)
    opens = next((begins for begins, _, later, _ in stretches if later == State.OPEN), None)
    if opens is None:
        return HoursStatus(open=False, sentence=_closed_for_long(hours), next_change_at=changes_at)
    return HoursStatus(
        open=False, sentence=f"geschlossen, öffnet {_when(here, opens)}", next_change_at=opens.astimezone(UTC)
    )


def is_open(hours: str, now: datetime, *, state: str = "BW") -> bool:
    """Tell whether a house with these hours is surely open at ``now``; quicker than asking for a sentence."""
    if not hours or _ONLY_COMMENT.match(hours):
        return False
    here = now.astimezone(BERLIN)
    read = _read(hours, here.year, state)
    if read is None:
        return False
    now_state, comment = read.state(here)
    return now_state == State.OPEN and not _BY_APPOINTMENT.search(comment)


def is_open_within(hours: str, begins: datetime, ends: datetime, *, state: str = "BW") -> bool:
    """Tell whether a house with these hours is surely open at some moment from ``begins`` to ``ends``."""
    if is_open(hours, begins, state=state):
        return True
    if ends <= begins or not hours or _ONLY_COMMENT.match(hours):
        return False
    first = begins.astimezone(BERLIN)
    read = _read(hours, first.year, state)
    if read is None:
        return False
    return any(
        stretch_state == State.OPEN and not _BY_APPOINTMENT.search(comment)
        for _, _, stretch_state, comment in read.intervals(first, ends.astimezone(BERLIN))
    )


def _closed_for_long(hours: str) -> str:
    comments = [found for found in _COMMENT.findall(hours) if found.strip()]
    return f"geschlossen ({comments[0]})" if comments else "zurzeit geschlossen"


def _open_sentence(hours: str, now: datetime, ends: datetime | None) -> str:
    if ends is None:
        return "rund um die Uhr geöffnet"
    open_end = bool(_OPEN_END.search(hours))
    if open_end and ends.timetz().replace(tzinfo=None) == time(0):
        return "jetzt geöffnet, Ende offen"
    least = "mindestens " if open_end else ""
    next_morning = datetime.combine(now.date() + timedelta(days=1), LAST_HOUR_OF_NIGHT, BERLIN)
    if ends <= next_morning:
        return f"jetzt geöffnet {least}bis {_clock(ends, closing=True)} Uhr"
    return f"jetzt geöffnet {least}bis {_when(now, ends)}"


def _when(now: datetime, moment: datetime) -> str:
    """Return ``heute um 14 Uhr``, ``morgen um 9 Uhr``, ``Montag um 8:15 Uhr`` or ``am 7. Januar um 9 Uhr``."""
    days = (moment.date() - now.date()).days
    at = f"um {_clock(moment)} Uhr"
    if days == 0:
        return f"heute {at}"
    if days == 1:
        return f"morgen {at}"
    if days < DAYS_IN_WEEK:
        return f"{WEEKDAYS[moment.weekday()]} {at}"
    year = f" {moment.year}" if moment.year != now.year else ""
    return f"am {moment.day}. {MONTHS[moment.month - 1]}{year} {at}"


def _clock(moment: datetime, *, closing: bool = False) -> str:
    """Return ``8:15`` or ``18``; midnight at closing time is 24."""
    if closing and (moment.hour, moment.minute) == (0, 0):
        return "24"
    return f"{moment.hour}:{moment.minute:02}" if moment.minute else f"{moment.hour}"


def week_hours(hours: str, today: date, *, state: str = "BW") -> tuple[DayHours, ...]:
    """Return the seven days from ``today`` on; empty when the hours are not known or cannot be read."""
    if not hours or _ONLY_COMMENT.match(hours):
        return ()
    # On the last days of December the next days belong to the coming year, which is read along.
    read = _read(hours, today.year, state)
    if read is None:
        return ()
    holidays = state_holidays(today.year, state)
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_IN_WEEK)]
    spans: dict[date, list[Span]] = {day: [] for day in days}
    start = datetime.combine(today - timedelta(days=1), time(12), BERLIN)
    end = datetime.combine(days[-1] + timedelta(days=1), LAST_HOUR_OF_NIGHT, BERLIN)
    for begins, ends, now_state, comment in _intervals(read, start, end):
        if now_state != State.CLOSED:
            for day, span in _by_day(begins, ends, comment, unsure=now_state == State.UNKNOWN):
                if day in spans:
                    spans[day].append(span)
    return tuple(
        DayHours(
            day=day,
            title=WEEKDAYS[day.weekday()],
            spans=tuple(spans[day]),
            holiday=holidays.get(day, ""),
            is_today=day == today,
        )
        for day in days
    )


def _by_day(begins: datetime, ends: datetime, comment: str, *, unsure: bool) -> Iterator[tuple[date, Span]]:
    """Yield a stretch cut at midnight; a night that ends by six stays with its evening."""
    while begins < ends:
        midnight = datetime.combine(begins.date() + timedelta(days=1), time(0), BERLIN)
        night_ends = datetime.combine(midnight.date(), LAST_HOUR_OF_NIGHT, BERLIN)
        stops = ends if ends <= night_ends and (begins.hour, begins.minute) != (0, 0) else min(ends, midnight)
        yield begins.date(), Span(_clock(begins), _clock(stops, closing=True), comment, unsure)
        begins = stops


def comments_in(hours: str) -> tuple[str, ...]:
    """Return what a house wrote beside its hours (``"nach Vereinbarung"``), and a word about school holidays."""
    if not hours:
        return ()
    found = [comment.strip() for comment in _COMMENT.findall(hours) if comment.strip()]
    if re.search(r"\bSH\b", _COMMENT.sub("", hours)):
        found.append("In den Schulferien können andere Zeiten gelten.")
    return tuple(dict.fromkeys(found))
