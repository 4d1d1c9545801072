"""How the demonstration's dates are reckoned and its mails are read. Pure Python."""

from __future__ import annotations

import email
import email.policy
import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

BERLIN: Final = ZoneInfo("Europe/Berlin")
WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
KEPT_MAILS: Final = 500

# Who is offered by one click: everybody else in the file only fills courses.
SIGN_INS: Final[dict[str, tuple[str, str]]] = {
    "lena@example.org": ("Bürgerin", "bucht Kurse und sieht ihre Vorgänge"),
    "studio@example.org": ("Team eines Anbieters", "sieht Teilnehmende der eigenen Kurse"),
    "amt@example.org": ("Sachbearbeitung", "arbeitet für die Stadt"),
    "admin@example.org": ("Betrieb des Portals", "betreut das Portal"),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file of a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a mail contains: its plain text and its attachments in order."""

    text: str
    attachments: tuple[Attachment, ...]


def read_mail(source: bytes) -> ReadMail:
    """Read an RFC 5322 message."""
    message = email.message_from_bytes(source, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    attachments = tuple(
        Attachment(
            name=part.get_filename() or f"anhang-{number}",
            content_type=part.get_content_type(),
            content=payload if isinstance(payload := part.get_payload(decode=True), bytes) else b"",
        )
        for number, part in enumerate(message.iter_attachments(), start=1)
    )
    return ReadMail(text=str(body.get_content()) if body else "", attachments=attachments)


def split_name(name: str) -> tuple[str, str]:
    """Split a full name at its last space into given and family name."""
    given, _space, family = name.strip().rpartition(" ")
    return (given, family) if given else (family, family)


def first_day(*, today: date, weekday: str, starts_in_weeks: int) -> date:
    """Return the first ``weekday`` (``"Mo"`` ... ``"Su"``) on or after today plus so many weeks, which may be past."""
    earliest = today + timedelta(weeks=starts_in_weeks)
    return earliest + timedelta(days=(WEEKDAYS.index(weekday) - earliest.weekday()) % 7)


def run_days(*, first: date, weeks: int) -> list[date]:
    """Return one day a week from ``first`` on."""
    return [first + timedelta(weeks=week) for week in range(weeks)]


def next_first_day(*, today: date, weekday: str, starts_in_weeks: int, run: tuple[date, date] | None) -> date:
    """Return the first day of the run that shall be on: the present one, or a new one once its last day has passed."""
    if run is not None and run[1] >= today:
        return run[0]
    return first_day(today=today, weekday=weekday, starts_in_weeks=starts_in_weeks)


def at_berlin(day: date, start: str, *, minutes: int) -> tuple[datetime, datetime]:
    """Return start and end of a date; ``start`` is local time (``"18:30"``)."""
    begins = datetime.combine(day, time.fromisoformat(start), BERLIN)
    return begins, datetime.fromtimestamp(begins.timestamp() + minutes * 60, BERLIN)


def seats_to_fill(*, capacity: int, fill: float) -> int:
    """Return how many places are taken beforehand; everything with ``fill`` 1."""
    return min(capacity, round(capacity * fill))


def parties(seats: int) -> Iterator[int]:
    """Split seats into parties of two, one and three in turn."""
    for size in itertools.cycle((2, 1, 3)):
        if seats <= 0:
            return
        yield min(seats, size)
        seats -= size
