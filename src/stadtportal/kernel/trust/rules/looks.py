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
    """Return the organisation for which somebody looked: ``Alex Amt (Bürgerbüro)`` looked for ``Bürgerbüro``."""
    if not actor_name.endswith(")") or " (" not in actor_name:
        return ""
    return actor_name[actor_name.rindex(" (") + 2 : -1]
