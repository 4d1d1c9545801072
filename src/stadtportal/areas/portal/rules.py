"""Reading what stands in an address, and the words for what was found. Nothing here knows Django."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stadtportal.kernel.contracts import RuleBroken

_EUROS = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?\s*€?")
_LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class KindWords:
    """How one kind of entry is called: one, several, and its icon."""

    one: str
    many: str
    icon: str


KINDS = {
    "place": KindWords("Ort", "Orte", "pin"),
    "course": KindWords("Kurs", "Kurse", "course"),
    "organisation": KindWords("Anbieter", "Anbieter", "office"),
    "event": KindWords("Veranstaltung", "Veranstaltungen", "event"),
    "service": KindWords("Leistung", "Leistungen", "service"),
    "plan": KindWords("Mitgliedschaft", "Mitgliedschaften", "tag"),
    "process": KindWords("Beteiligung", "Beteiligungen", "family"),
}


#: For whom something is, by the codes that entries carry.
AUDIENCES = {
    "children": "für Kinder",
    "teenagers": "für Jugendliche",
    "youth": "für junge Leute",
    "families": "für Familien",
    "adults": "für Erwachsene",
    "seniors": "für Ältere",
    "women": "für Frauen",
    "men": "für Männer",
    "beginners": "für Anfängerinnen und Anfänger",
}


def kind_words(kind: str) -> KindWords:
    """Return the words for a kind; of one nobody has told us, its own name."""
    return KINDS.get(kind) or KindWords(kind.capitalize(), kind.capitalize(), "info")


def read_page(text: str) -> int:
    """Return the page number in ``text``; whatever is none is the first page."""
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER:
        return 1
    return max(int(text), 1)


def read_number(text: str) -> int | None:
    """Return the whole number in ``text``, or ``None``."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def read_cents(text: str) -> int | None:
    """Return an amount in euros (``12``, ``12,50``) as cents, or ``None``."""
    match = _EUROS.fullmatch(text.strip())
    if match is None:
        return None
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def read_day(text: str) -> date | None:
    """Return the day in ``text`` (``2026-12-24``), or ``None``; days of other centuries are typing errors."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year // 100 == 20 else None  # noqa: PLR2004 -- the years 2000 to 2099.


def read_point(text: str) -> tuple[float, float] | None:
    """Return (latitude, longitude) from ``48.77,9.18``, or ``None`` when that is no point on earth."""
    latitude, _, longitude = text.partition(",")
    try:
        point = float(latitude), float(longitude)
    except ValueError:
        return None
    on_earth = all(math.isfinite(number) for number in point) and abs(point[0]) <= 90 and abs(point[1]) <= 180  # noqa: PLR2004 -- degrees to the pole and around the earth.
    return point if on_earth else None


def read_bounds(text: str) -> tuple[float, float, float, float] | None:
    """Return (south, west, north, east) from ``48.7,9.1,48.8,9.2``, or ``None`` when that is no part of the earth."""
    corners = text.split(",")
    if len(corners) != 4:  # noqa: PLR2004 -- the sides of a rectangle.
        return None
    low, high = read_point(",".join(corners[:2])), read_point(",".join(corners[2:]))
    if low is None or high is None or low[0] >= high[0] or low[1] >= high[1]:
        return None
    return *low, *high


def distance_words(metres: int) -> str:
    """Write a distance as people say it: ``350 m``, ``1,2 km``."""
    if metres < 1000:  # noqa: PLR2004 -- a kilometre.
        return f"{max(round(metres, -1), 10)} m"
    return f"{metres / 1000:.1f} km".replace(".", ",")


def shortened(text: str, *, longest: int = 160) -> str:
    """Return the text, or as many whole words of its beginning as fit."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rsplit(maxsplit=1)[0].rstrip(' ,;:–-')} …"


def decimal_words(value: float) -> str:
    """Write a number as people do here, with no more digits than it needs: ``0,45``, ``1``."""
    return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", ",")


#: The kind of case in which people ask for a right under the GDPR.
DATA_RIGHT = "data-right"
#: Art. 12 (3) GDPR: within one month; the shortest month counts.
ANSWER_WITHIN_DAYS = 28


class AlreadyAnswered(RuleBroken):
    """Somebody else has answered this question meanwhile."""


def look_words(who: str, when: str, purpose: str, fields: Sequence[str]) -> str:
    """Say one look in a sentence."""
    return f"{who}, {when}: {purpose}. Gesehen: {', '.join(fields)}."


def kept_words(count: int) -> str:
    """Say how much is kept of one kind of data."""
    return "nichts" if not count else "1 Eintrag" if count == 1 else f"{count:,} Einträge".replace(",", ".")
