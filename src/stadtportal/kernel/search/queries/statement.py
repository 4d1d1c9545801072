"""The one SQL statement behind every result list.

It ranks at most :data:`MOST_CANDIDATES` entries. Which ones is decided by index alone: first entries that carry a
weight, then those with the words in their title, then the others; for any other order than the best match the
index of that order decides. Counting stops at :data:`MOST_COUNTED`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from stadtportal.kernel.search.queries import counts
from stadtportal.kernel.search.rules.question import (
    EARTH_RADIUS_M,
    MOST_CANDIDATES,
    MOST_COUNTED,
    FacetValue,
    Result,
    SearchQuery,
    Sort,
    box_around,
)
from stadtportal.kernel.search.rules.text import normalised
from stadtportal.kernel.web.api import BERLIN

_METRES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M
_MOST_FACET_VALUES = 40
_COLUMNS = (
    "id, area, kind, key, title, url, summary, category, category_title, district, address, organisation, "
    "lat, lon, opening_hours, next_at, price_cents, audience, accessible, label"
)
_POINT = "point(e.lon, e.lat)"
_DISTANCE = (
    f"sqrt(((e.lat - %(lat)s) * {_METRES_PER_DEGREE}) ^ 2"
    f" + ((e.lon - %(lon)s) * {_METRES_PER_DEGREE} * %(shrink)s) ^ 2)"
)
_FACETS = f"""
    SELECT jsonb_agg(jsonb_build_array(name, value, title, n) ORDER BY n DESC, value) FROM (
        (SELECT 'kind' AS name, kind AS value, '' AS title, count(*) AS n FROM candidate GROUP BY kind)
        UNION ALL
        (SELECT 'category', category, max(category_title), count(*) FROM candidate
        WHERE category <> '' GROUP BY category ORDER BY count(*) DESC, category LIMIT {_MOST_FACET_VALUES})
        UNION ALL
        (SELECT 'district', district, '', count(*) FROM candidate WHERE district <> '' GROUP BY district)
    ) AS facet
"""  # noqa: S608 -- the only value set in is a number of this module.


@dataclass(frozen=True, slots=True)
class Question:
    """A query as the statement needs it: its words without the place, and what else must hold.

    ``text_key`` is the whole text normalised, place included; ``any_word`` asks for one of the words instead of all.
    ``titles`` limits the results to these normalised titles; ``ids`` names the results, and then only their order
    and their facets are asked for.
    """

    query: SearchQuery
    words: tuple[str, ...] = ()
    text_key: str = ""
    any_word: bool = False
    titles: tuple[str, ...] | None = None
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the statement returned; ``total`` is never above :data:`MOST_COUNTED`."""

    total: int
    capped: bool
    results: tuple[Result, ...]
    facets: dict[str, tuple[FacetValue, ...]]


def find_answer(question: Question, *, now: datetime) -> Answer:
    """Ask the database once."""
    key = _key(question, now)
    statement, parameters = _statement(question, now, known=counts.get_count(key))
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    counted, facets, _ = rows[0][:3]
    if counted > MOST_CANDIDATES:
        counts.keep_count(key, count=counted)
    around = _nearest_first(question) and counted >= MOST_CANDIDATES
    return Answer(
        total=min(counted, MOST_COUNTED),
        capped=counted > MOST_COUNTED or around,
        results=tuple(_result(row[3:]) for row in rows if row[2] is not None),
        # Django leaves JSON of raw statements as text.
        facets=_facets(json.loads(facets or "[]")),
    )


def list_candidates_with_hours(question: Question, *, now: datetime) -> list[tuple[int, str]]:
    """Return (id, opening hours) of the candidates that have any, in no particular order."""
    parameters: dict[str, Any] = {}
    where = f"{_where(question, now, parameters)} AND e.opening_hours <> ''"
    candidates = _candidates(question, "e.id, e.opening_hours", where, parameters)
    with connection.cursor() as cursor:
        cursor.execute(candidates, parameters)
        rows: list[tuple[int, str]] = cursor.fetchall()
    return rows


def _words(question: Question, parameters: dict[str, Any]) -> str:
    """Return the SQL of the text question, or nothing when there are no words."""
    if not question.words:
        return ""
    if not question.any_word:
        parameters["words"] = " ".join(question.words)
        return "search_question(%(words)s)"
    names = [f"word_{number}" for number in range(len(question.words))]
    parameters.update(zip(names, question.words, strict=True))
    return "(" + " || ".join(f"search_question(%({name})s)" for name in names) + ")"


def _key(question: Question, now: datetime) -> str:
    """Return what tells this question's conditions from those of others."""
    parameters: dict[str, Any] = {}
    return f"{_where(question, now, parameters)} {parameters}"


def _statement(question: Question, now: datetime, *, known: int | None = None) -> tuple[str, dict[str, Any]]:
    query = question.query
    parameters: dict[str, Any] = {
        "offset": min(query.offset, MOST_CANDIDATES - 1),
        "limit": min(query.limit, MOST_CANDIDATES),
    }
    where = _where(question, now, parameters)
    order, _ = _order(query, has_words=bool(question.words))
    distance = f"({_DISTANCE})" if query.near is not None else "NULL::float8"
    columns = (
        f"e.id, e.kind, e.category, e.category_title, e.district, e.title_key, e.next_at, e.price_cents,"
        f" e.weight, {distance} AS distance, {_score(question, parameters)} AS score"
    )
    candidates = _candidates(question, columns, where, parameters)
    statement = f"""
WITH candidate AS MATERIALIZED ({candidates}),
page AS (
    SELECT id, distance, row_number() OVER (ORDER BY {order}) AS position
    FROM candidate ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s
)
SELECT counted.n, facets.list, page.position, {_qualified(_COLUMNS)}, page.distance
FROM ({_counted(question, where, known)}) AS counted
CROSS JOIN ({_FACETS if query.facets else "SELECT NULL::jsonb"}) AS facets(list)
LEFT JOIN (page JOIN search_entry AS e ON e.id = page.id) ON true
ORDER BY page.position
"""  # noqa: S608 -- composed of the fixed fragments of this module; every value is a parameter.
    return statement, parameters


def _counted(question: Question, where: str, known: int | None) -> str:
    """Return the SQL of the count ``n``.

    Fewer candidates than could be ranked are all there are. Of more the database counts the rest of the matches,
    unless it did so within the last minute (``known``), or the question is what is around a point.
    """
    if _nearest_first(question):
        known = MOST_CANDIDATES
    many = (
        f"SELECT count(*) FROM (SELECT 1 FROM search_entry AS e WHERE {where} LIMIT {MOST_COUNTED + 1}) AS matching"  # noqa: S608 -- fixed fragments only.
        if known is None
        else f"SELECT {known}"
    )
    return f"""
    SELECT CASE WHEN found.n < {MOST_CANDIDATES} THEN found.n ELSE ({many}) END AS n
    FROM (SELECT count(*) AS n FROM candidate) AS found
"""  # noqa: S608 -- fixed fragments only.


def _nearest_first(question: Question) -> bool:
    """Tell whether the question is: what is around here? The index walks outwards then and stops by itself."""
    query = question.query
    return (
        not question.words
        and question.ids is None
        and query.near is not None
        and query.radius_m is not None
        and query.sort in {Sort.BEST, Sort.NEAR}
    )


def _candidates(question: Question, columns: str, where: str, parameters: dict[str, Any]) -> str:
    """Return the SQL that picks the candidates; for text without another order it stops as soon as it has enough."""
    words = _words(question, parameters)
    if question.query.near is not None:
        parameters["lat"], parameters["lon"] = question.query.near
        parameters["shrink"] = math.cos(math.radians(question.query.near[0]))
    source = f"SELECT {columns} FROM search_entry AS e WHERE {where}"  # noqa: S608 -- fixed fragments only.
    _, index_order = _order(question.query, has_words=bool(words))
    if question.ids is not None:
        return source
    if index_order is not None:
        # The order is settled inside, so that columns that take time are computed for the chosen rows only.
        return f"""
    SELECT {columns} FROM (
        SELECT * FROM search_entry AS e WHERE {where} ORDER BY {index_order} LIMIT {MOST_CANDIDATES}
    ) AS e
    WHERE {f"{_DISTANCE} <= %(radius)s" if _nearest_first(question) else "true"}
"""  # noqa: S608 -- fixed fragments only.
    return f"""
    SELECT * FROM (
        ({source} AND e.weight > 0 LIMIT {MOST_CANDIDATES})
        UNION ALL
        ({source} AND e.names @@ {words} AND e.weight <= 0 LIMIT {MOST_CANDIDATES})
        UNION ALL
        ({source} AND NOT e.names @@ {words} AND e.weight <= 0 LIMIT {MOST_CANDIDATES})
    ) AS tier LIMIT {MOST_CANDIDATES}
"""  # noqa: S608 -- fixed fragments only.


def _score(question: Question, parameters: dict[str, Any]) -> str:
    """Return the SQL of the score. The page "So ordnen wir Ergebnisse" says the same in German."""
    words = _words(question, parameters)
    if not words or question.query.sort is not Sort.BEST:
        return "0"
    parameters["text"] = question.text_key
    parameters["what"] = normalised(" ".join(question.words))
    parts = [
        "4.0 * (e.title_key IN (%(text)s, %(what)s))::int",
        f"2.0 * (e.names @@ {words})::int",
        "1.0 * starts_with(e.title_key, %(what)s)::int",
        f"ts_rank(e.vector, {words})",
        "least(greatest(e.weight, 0), 100) / 100.0",
    ]
    if question.query.near is not None:
        parts.append(f"coalesce(2.0 / (1.0 + {_DISTANCE} / 500.0), 0)")
    return "(" + " + ".join(parts) + ")"


def _order(query: SearchQuery, *, has_words: bool) -> tuple[str, str | None]:
    """Return the order of the page, and the order in which an index offers candidates (``None``: by tiers)."""
    near = query.near is not None
    nearest = f"{_POINT} <-> point(%(lon)s, %(lat)s)"
    order, index_order = "weight DESC, title_key, id", "e.weight DESC, e.title_key, e.id"
    if query.sort is Sort.DATE:
        order, index_order = "next_at NULLS LAST, title_key, id", "e.next_at"
    elif query.sort is Sort.PRICE:
        order, index_order = "price_cents NULLS LAST, title_key, id", "e.price_cents NULLS LAST"
    elif query.sort is Sort.TITLE:
        order, index_order = "title_key, id", "e.title_key, e.id"
    elif has_words and query.sort is Sort.BEST:
        return "score DESC, weight DESC, title_key, id", nearest if near else None
    elif near:
        order, index_order = "distance NULLS LAST, title_key, id", nearest
    return order, index_order


def _where(question: Question, now: datetime, parameters: dict[str, Any]) -> str:
    """Return the conditions every result meets, and fill in their parameters."""
    query = question.query
    if question.ids is not None:
        parameters["ids"] = list(question.ids)
        return "e.id = ANY(%(ids)s)"
    conditions = []
    if words := _words(question, parameters):
        conditions.append(f"e.vector @@ {words}")
    for name in ("area", "kind", "category", "district"):
        if value := getattr(query, name):
            conditions.append(f"e.{name} = %({name})s")
            parameters[name] = value
    if query.categories:
        conditions.append("e.category = ANY(%(categories)s)")
        parameters["categories"] = list(query.categories)
    if question.titles is not None:
        conditions.append("e.title_key = ANY(%(titles)s)")
        parameters["titles"] = list(question.titles)
    if query.max_price_cents is not None:
        conditions.append("e.price_cents <= %(max_price)s")
        parameters["max_price"] = query.max_price_cents
    if query.audience:
        conditions.append("e.audience @> ARRAY[%(audience)s]::text[]")
        parameters["audience"] = query.audience
    if query.accessible:
        conditions.append("e.accessible")
    conditions += _dates(query, now, parameters)
    conditions += _points(question, parameters)
    return " AND ".join(conditions) or "true"


def _dates(query: SearchQuery, now: datetime, parameters: dict[str, Any]) -> list[str]:
    conditions = []
    if query.from_on or query.to_on or query.sort is Sort.DATE:
        begins = datetime.combine(query.from_on, time(), BERLIN) if query.from_on else now
        conditions.append("e.next_at >= %(from_at)s")
        parameters["from_at"] = max(begins, now)
    if query.to_on:
        conditions.append("e.next_at < %(to_at)s")
        parameters["to_at"] = datetime.combine(query.to_on, time(), BERLIN) + timedelta(days=1)
    return conditions


def _points(question: Question, parameters: dict[str, Any]) -> list[str]:
    query = question.query
    conditions = ["e.lat IS NOT NULL"] if query.with_point else []
    if _nearest_first(question):
        parameters["radius"] = query.radius_m
    elif query.near is not None and query.radius_m is not None:
        box = box_around(query.near, query.radius_m)
        conditions.append(f"{_POINT} <@ box(point(%(w)s, %(s)s), point(%(e)s, %(n)s))")
        conditions.append(f"{_DISTANCE} <= %(radius)s")
        parameters |= {"s": box.south, "w": box.west, "n": box.north, "e": box.east}
        parameters |= {"radius": query.radius_m, "lat": query.near[0], "lon": query.near[1]}
        parameters["shrink"] = math.cos(math.radians(query.near[0]))
    if query.bounds is not None:
        conditions.append(f"{_POINT} <@ box(point(%(bw)s, %(bs)s), point(%(be)s, %(bn)s))")
        bounds = query.bounds
        parameters |= {"bs": bounds.south, "bw": bounds.west, "bn": bounds.north, "be": bounds.east}
    return conditions


def _qualified(columns: str) -> str:
    return ", ".join(f"e.{column.strip()}" for column in columns.split(","))


def _result(row: tuple[Any, ...]) -> Result:
    """Turn the columns of one row, in the order of ``_COLUMNS`` and then the distance, into a result."""
    number, area, kind, key, title, url, summary, category, category_title, district, *rest = row
    address, organisation, lat, lon, hours, next_at, price, audience, accessible, label, distance = rest
    return Result(
        number=number,
        area=area,
        kind=kind,
        key=key,
        title=title,
        url=url,
        summary=summary,
        category=category,
        category_title=category_title,
        district=district,
        address=address,
        organisation=organisation,
        point=(lat, lon) if lat is not None else None,
        opening_hours=hours,
        next_at=next_at,
        price_cents=price,
        audience=tuple(audience),
        accessible=accessible,
        label=label,
        distance_m=round(distance) if distance is not None else None,
    )


def _facets(rows: list[tuple[str, str, str, int]]) -> dict[str, tuple[FacetValue, ...]]:
    facets: dict[str, list[FacetValue]] = {}
    for name, value, title, count in rows:
        facets.setdefault(name, []).append(FacetValue(value=value, title=title, count=count))
    return {name: tuple(values) for name, values in facets.items()}
