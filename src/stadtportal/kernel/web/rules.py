"""How the portal writes money, times and numbers in German, and when a rate limit is used up.

Pure functions: the time comes in as ``now``, the zone is always Europe/Berlin, and no system locale is asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

BERLIN = ZoneInfo("Europe/Berlin")
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
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def number(value: int) -> str:
    """Write a whole number with points between the thousands: ``12345`` becomes ``12.345``."""
    return f"{value:,}".replace(",", ".")


def cents(value: int) -> str:
    """Write cents as euros: ``9600`` becomes ``96,00 €``."""
    euros, rest = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{number(euros)},{rest:02} €"


def price(value: int | None) -> str:
    """Write a price for people: ``0`` is ``kostenlos``, an unknown price is empty."""
    if value is None:
        return ""
    return cents(value) if value else "kostenlos"


def in_berlin(moment: datetime) -> datetime:
    """Return the moment on Berlin's clock. Raises ``ValueError`` for a moment without a zone."""
    if moment.tzinfo is None:
        message = f"a moment without a zone: {moment}"
        raise ValueError(message)
    return moment.astimezone(BERLIN)


def as_day(moment: date | datetime) -> date:
    """Return the day of a moment on Berlin's calendar; a date stays as it is."""
    return in_berlin(moment).date() if isinstance(moment, datetime) else moment


def berlin_date(moment: date | datetime) -> str:
    """Write a day: ``2. Dezember 2026``."""
    day = as_day(moment)
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def berlin_day(moment: date | datetime) -> str:
    """Write a day with its weekday: ``Mittwoch, 2. Dezember 2026``."""
    day = as_day(moment)
    return f"{WEEKDAYS[day.weekday()]}, {berlin_date(day)}"


def berlin_time(moment: datetime) -> str:
    """Write a time of day: ``18:30 Uhr``."""
    return f"{in_berlin(moment):%H:%M} Uhr"


def berlin_datetime(moment: datetime) -> str:
    """Write a moment: ``Mittwoch, 2. Dezember 2026, 18:30 Uhr``."""
    return f"{berlin_day(moment)}, {berlin_time(moment)}"


def berlin_span(starts_at: datetime, ends_at: datetime) -> str:
    """Write from when to when: ``18:30 bis 19:45 Uhr`` on one day, both days in full otherwise."""
    if as_day(starts_at) == as_day(ends_at):
        return f"{in_berlin(starts_at):%H:%M} bis {berlin_time(ends_at)}"
    return f"{berlin_datetime(starts_at)} bis {berlin_datetime(ends_at)}"


def relative_day(moment: date | datetime, *, now: datetime) -> str:
    """Write a day as near as it is: ``heute``, ``morgen``, ``Mi., 2. Dezember``; with the year when it differs."""
    day, today = as_day(moment), as_day(now)
    near = {-1: "gestern", 0: "heute", 1: "morgen"}.get((day - today).days)
    if near:
        return near
    year = "" if day.year == today.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()][:2]}., {day.day}. {MONTHS[day.month - 1]}{year}"


def plural(count: int, one: str, many: str) -> str:
    """Write a count with its word: ``1 Platz``, ``3 Plätze``."""
    return f"{number(count)} {one if count == 1 else many}"


def json_for_page(data: Mapping[str, Any]) -> str:
    """Return JSON that can stand inside a ``script`` element: nothing in it can end the element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How full something is: ``percent`` for the bar (0 to 100), ``words`` for everybody, ``tone`` for the colour."""

    percent: int
    words: str
    tone: str


def occupancy(taken: int, capacity: int) -> Occupancy:
    """Describe how many of ``capacity`` places are taken; tones are ``free``, ``few`` and ``full``."""
    free = max(capacity - taken, 0)
    percent = 100 if capacity <= 0 else min(100, max(0, round(100 * taken / capacity)))
    if free == 0:
        return Occupancy(100, "Alle Plätze sind belegt", "full")
    tone = "few" if free <= max(2, capacity // 10) else "free"
    return Occupancy(percent, f"Noch {number(free)} von {plural(capacity, 'Platz', 'Plätzen')} frei", tone)


def wait_in_words(seconds: int) -> str:
    """Write how long to wait, rounded up: ``30 Sekunden``, ``2 Minuten``, ``1 Stunde``."""
    if seconds < 60:  # noqa: PLR2004 -- the seconds of a minute.
        return plural(max(seconds, 1), "Sekunde", "Sekunden")
    if seconds < 3600:  # noqa: PLR2004 -- the seconds of an hour.
        return plural(-(-seconds // 60), "Minute", "Minuten")
    return plural(-(-seconds // 3600), "Stunde", "Stunden")
