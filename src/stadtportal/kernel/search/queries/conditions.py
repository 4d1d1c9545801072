"""The filters of a question as SQL: what every result has to meet besides the words."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from stadtportal.kernel.search.engine.asking import any_lexeme, lexemes_of
from stadtportal.kernel.search.rules.question import EARTH_RADIUS_M, SearchQuery, Sort, box_around
from stadtportal.kernel.search.rules.understanding import BERLIN, LANGUAGE_NAMES

METRES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M
POINT = "point(e.lon, e.lat)"
DISTANCE = (
    f"sqrt(((e.lat - %(lat)s) * {METRES_PER_DEGREE}) ^ 2 + ((e.lon - %(lon)s) * {METRES_PER_DEGREE} * %(shrink)s) ^ 2)"
)
#: What stands in a text when an audience has no field of its own.
_AUDIENCE_WORDS = {
    "children": ("Kind", "Kinder"),
    "teenagers": ("Jugend", "Jugendliche"),
    "seniors": ("Senioren", "Senior"),
    "families": ("Familie",),
    "women": ("Frauen", "Frau"),
    "men": ("Männer",),
    "adults": ("Erwachsene",),
    "beginners": ("Anfänger", "Einsteiger"),
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """SQL conditions on ``search_entry AS e``, with their parameters."""

    sql: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return " AND ".join(self.sql) or "true"


def conditions_of(query: SearchQuery, *, street: str = "", now: datetime) -> Conditions:
    """Return the filters of a query. ``street`` is a place's name that also counts when an address holds it."""
    parameters: dict[str, Any] = {}
    sql: list[str] = []
    for name in ("area", "kind", "category", "district"):
        if value := getattr(query, name):
            sql.append(f"e.{name} = %({name})s")
            parameters[name] = value
    if query.categories:
        sql.append("e.category = ANY(%(categories)s)")
        parameters["categories"] = list(query.categories)
    if query.max_price_cents is not None:
        free = " OR (%(max_price)s = 0 AND e.vector @@ 'kostenlos')"
        sql.append(f"(e.price_cents <= %(max_price)s{free})")
        parameters["max_price"] = query.max_price_cents
    if query.audience:
        words = _AUDIENCE_WORDS.get(query.audience, (query.audience,))
        sql.append("(e.audience @> ARRAY[%(audience)s]::text[] OR e.vector @@ %(audience_words)s::tsquery)")
        parameters |= {"audience": query.audience, "audience_words": _any_of(words)}
    if query.language:
        words = (LANGUAGE_NAMES.get(query.language, query.language),)
        sql.append("(e.languages @> ARRAY[%(language)s]::text[] OR e.vector @@ %(language_words)s::tsquery)")
        parameters |= {"language": query.language, "language_words": _any_of(words)}
    if query.accessible:
        sql.append("e.accessible")
    _add_dates(sql, parameters, query, now)
    _add_points(sql, parameters, query, street)
    return Conditions(tuple(sql), parameters)


def nearest_first(query: SearchQuery, *, words: bool) -> bool:
    """Tell whether the question is: what is around here? The index walks outwards then and stops by itself."""
    return not words and query.near is not None and query.radius_m is not None and query.sort in {Sort.BEST, Sort.NEAR}


def point_parameters(query: SearchQuery) -> dict[str, Any]:
    """Return what :data:`DISTANCE` needs."""
    if query.near is None:
        return {}
    latitude, longitude = query.near
    return {"lat": latitude, "lon": longitude, "shrink": math.cos(math.radians(latitude))}


def _any_of(words: tuple[str, ...]) -> str:
    lexemes = dict.fromkeys(lexeme for word in words for lexeme in lexemes_of(word))
    return any_lexeme(tuple(lexemes))


def _add_dates(sql: list[str], parameters: dict[str, Any], query: SearchQuery, now: datetime) -> None:
    if not (query.from_on or query.to_on or query.sort is Sort.DATE):
        return
    begins = max(datetime.combine(query.from_on, time(), BERLIN), now) if query.from_on else now
    parameters["from_at"] = begins
    sql.append("e.next_at IS NOT NULL")
    if query.to_on:
        parameters["to_at"] = datetime.combine(query.to_on, time(), BERLIN) + timedelta(days=1)
        parameters |= {"from_day": begins.astimezone(BERLIN).date(), "to_day": query.to_on}
        sql.append(
            "(e.next_at >= %(from_at)s AND e.next_at < %(to_at)s OR e.next_at >= %(now)s AND EXISTS ("
            "SELECT 1 FROM unnest(e.days) AS day WHERE day BETWEEN %(from_day)s AND %(to_day)s))"
        )
        parameters["now"] = now
    else:
        parameters |= {"from_day": begins.astimezone(BERLIN).date(), "now": now}
        sql.append("(e.next_at >= %(from_at)s OR e.next_at >= %(now)s AND e.days[cardinality(e.days)] >= %(from_day)s)")


def _add_points(sql: list[str], parameters: dict[str, Any], query: SearchQuery, street: str) -> None:
    if query.with_point:
        sql.append("e.lat IS NOT NULL")
    if query.near is not None and query.radius_m is not None:
        box = box_around(query.near, query.radius_m)
        around = f"{POINT} <@ box(point(%(w)s, %(s)s), point(%(e)s, %(n)s)) AND {DISTANCE} <= %(radius)s"
        parameters |= {"s": box.south, "w": box.west, "n": box.north, "e": box.east, "radius": query.radius_m}
        parameters |= point_parameters(query)
        if street:
            # A street of that name elsewhere is meant just as well.
            parameters["street"] = street
            around = f"({around} OR e.vector @@ %(street)s::tsquery)"
        sql.append(around)
    if query.bounds is not None:
        sql.append(f"{POINT} <@ box(point(%(bw)s, %(bs)s), point(%(be)s, %(bn)s))")
        bounds = query.bounds
        parameters |= {"bs": bounds.south, "bw": bounds.west, "bn": bounds.north, "be": bounds.east}
