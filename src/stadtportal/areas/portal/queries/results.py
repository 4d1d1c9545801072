"""Results as people read them: words ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from stadtportal.areas.portal.queries.known import Known
from stadtportal.areas.portal.queries.opening import get_hours_status
from stadtportal.areas.portal.queries.ranking import part_words
from stadtportal.areas.portal.rules import decimal_words, distance_words, kind_words, shortened
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web import api as web


class Row(TypedDict):
    """One result as the list shows it: words ready to print, empty where there is nothing to say.

    ``why`` holds the parts of its score and their sum, when staff ask for them. A dictionary, because templates read
    one several times quicker than an object, and a page holds twenty.
    """

    number: int
    kind: str
    label: str
    title: str
    url: str
    text: str
    where: str
    hours: str
    tone: str
    next_at: datetime | None
    when: str
    more: str
    why: list[tuple[str, str]]


def list_rows(results: Sequence[search.Result], *, known: Known, now: datetime) -> list[Row]:
    """Return the results with the words that belong to them."""
    return [_row(found, known, now=now) for found in results]


def _row(found: search.Result, known: Known, *, now: datetime) -> Row:
    kind = kind_words(found.kind).one
    hours = get_hours_status(found.opening_hours, now=now) if found.opening_hours else None
    next_at = found.next_at if found.next_at and found.next_at > now else None
    # An entry knows its lowest price only; whether others pay more is said on its page.
    lowest = web.price(found.price_cents)
    more = ["" if found.price_cents is None else f"ab {lowest}" if found.price_cents else lowest]
    if found.accessible:
        more.append("mit dem Rollstuhl zugänglich")
    return {
        "number": found.number,
        "kind": kind if found.category_title in {"", kind} else f"{kind} · {found.category_title}",
        "label": found.label,
        "title": found.title,
        "url": found.url,
        "text": shortened(found.summary) if found.kind != "place" else "",
        "where": _where(found, known.district_name(found.district)),
        "hours": hours.sentence if hours else "",
        "tone": {True: "open", False: "closed"}.get(hours.open, "") if hours and hours.open is not None else "",
        "next_at": next_at,
        "when": f"{web.relative_day(next_at, now=now)}, {web.berlin_time(next_at)}" if next_at else "",
        "more": " · ".join(part for part in more if part),
        "why": _why(found) if found.parts else [],
    }


def _where(found: search.Result, district: str) -> str:
    """Return address, district and distance as one line."""
    where = f"{found.address} ({district})" if found.address and district else found.address or district
    away = f"{distance_words(found.distance_m)} entfernt" if found.distance_m is not None else ""
    return ", ".join(part for part in (where, away) if part)


def _why(found: search.Result) -> list[tuple[str, str]]:
    """Return the parts of a score that count for something, the largest first, then their sum."""
    parts = sorted(((value, name) for name, value in found.parts.items() if value), reverse=True)
    return [*((part_words(name), decimal_words(value)) for value, name in parts), ("Summe", decimal_words(found.score))]
