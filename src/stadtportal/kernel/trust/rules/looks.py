"""Reading a person's own access log: by whom, when, what for. Pure: no Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

#: So many weeks the picture of looks shows.
WEEKS = 26
_DAYS_A_WEEK = 7
#: From so many looks on a day its square is darker, and darker still.
_SOME, _MANY = 3, 10


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which looks to list; empty fields narrow nothing. Days are days in Berlin, both included."""

    who: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DayOfLooks:
    """One square of the picture. ``shade`` is 0 (nobody) to 3; ``column`` and ``row`` count from 0, Monday on top."""

    day: date
    looks: int
    shade: int
    column: int
    row: int


def picture_start(today: date) -> date:
    """Return the Monday on which the picture begins."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def picture(counts: Mapping[date, int], *, today: date) -> tuple[DayOfLooks, ...]:
    """Return a square for every day from :func:`picture_start` to ``today``."""
    start = picture_start(today)
    return tuple(
        DayOfLooks(
            day=day,
            looks=(looks := counts.get(day, 0)),
            shade=0 if not looks else 3 if looks >= _MANY else 2 if looks >= _SOME else 1,
            column=number // _DAYS_A_WEEK,
            row=number % _DAYS_A_WEEK,
        )
        for number in range((today - start).days + 1)
        for day in (start + timedelta(days=number),)
    )


def body_of(actor_name: str) -> str:
    """Return the organisation for which somebody looked: ``Alex Amt (Bürgerbüro)`` looked for ``Bürgerbüro``.

    An organisation may have brackets of its own: ``Sam (Yogaraum (Beispiel))`` looked for ``Yogaraum (Beispiel)``.
    """
    if not actor_name.endswith(")"):
        return ""
    depth = 0
    for place in range(len(actor_name) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(actor_name[place], 0)
        if depth == 0:
            return actor_name[place + 1 : -1] if place else ""
    return ""
