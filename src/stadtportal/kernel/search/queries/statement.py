"""The one SQL statement behind every result list.

It ranks at most :data:`MOST_CANDIDATES` entries that the words match, chosen by index alone (those with a weight, then
those that are what is asked for, then the others; for any other order the index of that order decides), and adds a few
that are near in meaning. Counting stops at :data:`MOST_COUNTED`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from stadtportal.kernel.search.engine.asking import concept_query
from stadtportal.kernel.search.queries import counts
from stadtportal.kernel.search.queries.conditions import (
    DISTANCE,
    POINT,
    Conditions,
    conditions_of,
    nearest_first,
    point_parameters,
)
from stadtportal.kernel.search.queries.rows import COLUMNS, facets_of, qualified, result_of
from stadtportal.kernel.search.queries.scoring import Weighted, extras, felt_score, literalness, retrieval, word_score
from stadtportal.kernel.search.rules.question import (
    MOST_CANDIDATES,
    MOST_COUNTED,
    TIMELESS,
    FacetValue,
    Result,
    SearchQuery,
    Sort,
)
from stadtportal.kernel.search.rules.text import normalised
from stadtportal.kernel.search.rules.understanding import BERLIN
from stadtportal.kernel.search.rules.weights import WEIGHTS as W

_MOST_FACET_VALUES = 40
#: So many of the best by words are compared in meaning, and so many are added by meaning alone.
_COMPARED, _NEAR, _FELT = 150, 40, 100
#: With filters meaning is compared one by one, as the index of meaning knows no filters.
_SCANNED = 4000
#: With filters nothing is added by meaning alone when words lead to so many.
_ENOUGH = 60
_FACETS = f"""
    SELECT jsonb_agg(jsonb_build_array(name, value, title, n) ORDER BY n DESC, value) FROM (
        (SELECT 'kind' AS name, kind AS value, '' AS title, count(*) AS n FROM pool GROUP BY kind)
        UNION ALL
        (SELECT 'category', category, max(category_title), count(*) FROM pool
        WHERE category <> '' GROUP BY category ORDER BY count(*) DESC, category LIMIT {_MOST_FACET_VALUES})
        UNION ALL
        (SELECT 'district', district, '', count(*) FROM pool WHERE district <> '' GROUP BY district)
        UNION ALL
        (SELECT 'audience', one, '', count(*) FROM pool CROSS JOIN unnest(audience) AS one GROUP BY one)
        UNION ALL
        (SELECT 'language', one, '', count(*) FROM pool CROSS JOIN unnest(languages) AS one GROUP BY one)
        UNION ALL
        (SELECT 'free', '0', '', count(*) FROM pool WHERE price_cents = 0 HAVING count(*) > 0)
        UNION ALL
        (SELECT 'accessible', '1', '', count(*) FROM pool WHERE accessible HAVING count(*) > 0)
    ) AS facet
"""  # noqa: S608 -- the only value set in is a number of this module.


@dataclass(frozen=True, slots=True)
class Question:
    """A query as the statement needs it.

    ``groups`` are the things asked for, ``deeds`` what is to be done with them; ``any_group`` asks for one of them
    instead of all. ``meaning`` is the meaning of the text as a vector or empty, ``felt`` the concepts it is near to
    with their nearness. ``ids`` names the results, and then only their order and their facets are asked for.
    ``street`` is a place's name as a tsquery, ``time_was_read`` tells that its time stood in the text.
    """

    query: SearchQuery
    groups: tuple[Weighted, ...] = ()
    text_key: str = ""
    any_group: bool = False
    deeds: tuple[str, ...] = ()
    meaning: str = ""
    felt: tuple[tuple[str, float], ...] = ()
    floor: float = W.meaning_floor
    street: str = ""
    time_was_read: bool = False
    ids: tuple[int, ...] | None = None

    @property
    def wanted(self) -> str:
        """Return the tsquery that results have to match; nothing when no word is known or none was asked."""
        known = [one.group for one in self.groups if not one.lost]
        strong = [group for group in known if not group.weak] or known
        return (" | " if self.any_group else " & ").join(f"({retrieval(group)})" for group in strong)

    @property
    def what_key(self) -> str:
        """Return the words normalised, without place and time."""
        return normalised(" ".join(one.group.text for one in self.groups))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the statement returned: how many match by words (never above :data:`MOST_COUNTED`), how many are listed."""

    total: int
    capped: bool
    listed: int
    results: tuple[Result, ...]
    facets: dict[str, tuple[FacetValue, ...]]


NOTHING = Answer(total=0, capped=False, listed=0, results=(), facets={})


def find_answer(question: Question, *, now: datetime) -> Answer:
    """Ask the database once."""
    conditions = _conditions(question, now)
    key = f"{question.wanted} {conditions} {conditions.parameters}"
    statement, parameters = _statement(question, conditions, known=counts.get_count(key))
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    counted, listed, facets, _ = rows[0][:4]
    if counted > MOST_CANDIDATES:
        counts.keep_count(key, count=counted)
    around = nearest_first(question.query, words=bool(question.groups)) and counted >= MOST_CANDIDATES
    return Answer(
        total=min(counted, MOST_COUNTED),
        capped=counted > MOST_COUNTED or around,
        listed=min(listed, MOST_CANDIDATES),
        results=tuple(result_of(row[4:]) for row in rows if row[3] is not None),
        # Django leaves JSON of raw statements as text.
        facets=facets_of(json.loads(facets or "[]")),
    )


def list_timed_candidates(question: Question, *, days: list[date], now: datetime) -> list[tuple[int, str, bool]]:
    """Return (id, opening hours, whether it takes place on one of ``days``) of candidates that have either.

    A service has no hours: where the time was only read out of the text, services count as taking place.
    """
    conditions = _conditions(question, now)
    takes_place = "(e.days && %(days)s::date[] OR e.kind = ANY(%(timeless)s))"
    timed = Conditions(
        (*conditions.sql, f"(e.opening_hours <> '' OR {takes_place})"),
        conditions.parameters | {"days": days, "timeless": list(TIMELESS) if question.time_was_read else []},
    )
    source, parameters = _lexical(question, timed, f"e.id, e.opening_hours, {takes_place}")
    with connection.cursor() as cursor:
        cursor.execute(source, parameters)
        rows: list[tuple[int, str, bool]] = cursor.fetchall()
    return rows


def days_between(begins: datetime, ends: datetime) -> list[date]:
    """Return the days in Berlin from one time to another, a month of them at most."""
    first, last = begins.astimezone(BERLIN).date(), ends.astimezone(BERLIN).date()
    return [first + timedelta(days=number) for number in range(min((last - first).days, 31) + 1)]


def _conditions(question: Question, now: datetime) -> Conditions:
    if question.ids is not None:
        return Conditions(("e.id = ANY(%(ids)s)",), {"ids": list(question.ids)} | point_parameters(question.query))
    return conditions_of(question.query, street=question.street, now=now)


def _statement(question: Question, conditions: Conditions, *, known: int | None) -> tuple[str, dict[str, Any]]:
    query = question.query
    lexical, parameters = _lexical(question, conditions, "e.id")
    parameters |= {"offset": min(query.offset, MOST_CANDIDATES - 1), "limit": min(query.limit, MOST_CANDIDATES)}
    parameters |= point_parameters(query)
    ranked = bool(question.groups) and query.sort is Sort.BEST
    order = _order(question)
    distance = f"({DISTANCE})" if query.near is not None else "NULL::float8"
    arms = ["SELECT id, true AS by_words FROM lexical"]
    more = ""
    if ranked:
        more, added = _added(question, conditions, parameters)
        arms += added
    statement = f"""
WITH lexical AS MATERIALIZED ({lexical}){more},
found AS (SELECT id, bool_or(by_words) AS by_words FROM ({" UNION ALL ".join(arms)}) AS arm GROUP BY id),
{_scored(question, parameters, distance=distance, ranked=ranked)},
page AS (
    SELECT id, distance, score, parts, row_number() OVER (ORDER BY {order}) AS position
    FROM pool ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s
)
SELECT counted.n, (SELECT count(*) FROM pool), facets.list, page.position, {qualified(COLUMNS)}, page.distance,
    page.score, page.parts
FROM ({_counted(question, conditions, known)}) AS counted
CROSS JOIN ({_FACETS if query.facets else "SELECT NULL::jsonb"}) AS facets(list)
LEFT JOIN (page JOIN search_entry AS e ON e.id = page.id) ON true
ORDER BY page.position
"""  # noqa: S608 -- composed of the fixed fragments of this package; every value is a parameter.
    return statement, parameters


def _scored(question: Question, parameters: dict[str, Any], *, distance: str, ranked: bool) -> str:
    """Return the SQL of ``pool``: every candidate with its score and what the facets need."""
    columns = (
        "e.id, e.kind, e.category, e.category_title, e.district, e.audience, e.languages, e.accessible, e.title_key,"
        f" e.next_at, e.price_cents, e.weight, {distance} AS distance"
    )
    if not ranked:
        return f"""pool AS MATERIALIZED (
    SELECT {columns}, 0::float8 AS score, NULL::jsonb AS parts FROM found JOIN search_entry AS e USING (id)
)"""  # noqa: S608 -- fixed fragments only.
    small = extras(
        near=question.query.near is not None,
        parameters=parameters,
        text=question.text_key,
        what=question.what_key,
        deeds=question.deeds,
    )
    extra = " + ".join(small.values())
    why = ", ".join(f"'{name}', round(({sql})::numeric, 4)" for name, sql in small.items())
    felt = felt_score(question.felt, parameters)
    compared = "NULL::float8"
    join = ""
    if question.meaning:
        compared = "-(m.vector <#> %(meaning)s::halfvec)"
        # Compared are the best by words, and whatever words did not lead to.
        join = (
            "LEFT JOIN search_meaning AS m"
            " ON m.entry_id = CASE WHEN first.place <= %(compared)s OR NOT first.by_words THEN first.id END"
        )
        parameters["compared"] = _COMPARED
    # What people put in words of their own is compared by concepts; entries are near to the words of entries.
    # Where no concept is known, either, nothing else is left to go by.
    known = question.felt or any(one.group.concepts for one in question.groups)
    weight = W.meaning * (max(literalness(question.groups), W.meaning_of_others) if known else 1.0)
    nearer = f"coalesce({weight:.4f} * greatest({compared} - {W.meaning_from}, 0), 0)"
    parts = (
        f"jsonb_build_object('words', round(first.words::numeric, 4), 'concept', round(first.felt::numeric, 4), "
        f"'meaning', round(({nearer})::numeric, 4), {why})"
        if question.query.explain
        else "NULL::jsonb"
    )
    parameters["floor"] = question.floor
    return f"""first AS (
    SELECT *, row_number() OVER (ORDER BY words + felt + extra DESC, id) AS place FROM (
        SELECT {columns}, found.by_words, greatest({word_score(question.groups, parameters)}, {felt})
            + {W.tight} / (4 + length(e.names)) AS words, {W.concept} * {felt} AS felt, {extra} AS extra
        FROM found JOIN search_entry AS e USING (id)
    ) AS one
),
pool AS MATERIALIZED (
    SELECT first.*, first.words + first.felt + first.extra + {nearer} AS score, {parts} AS parts
    FROM first {join}{" JOIN search_entry AS e ON e.id = first.id" if question.query.explain else ""}
    WHERE first.by_words OR first.felt > 0 OR {compared} >= %(floor)s
)"""  # noqa: S608 -- fixed fragments only.


def _added(question: Question, conditions: Conditions, parameters: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the SQL of candidates that no word led to: near concepts, near meanings."""
    more, arms = "", []
    if question.felt:
        parameters["felt"] = concept_query(concept for concept, _ in question.felt)
        more += f""",
felt AS (SELECT e.id FROM search_entry AS e WHERE e.names @@ %(felt)s::tsquery AND {conditions} LIMIT {_FELT})"""  # noqa: S608 -- fixed fragments only.
        arms.append("SELECT id, false FROM felt")
    if question.meaning:
        parameters["meaning"] = question.meaning
        nearest = f"ORDER BY m.vector <#> %(meaning)s::halfvec LIMIT {_NEAR}"
        if conditions.sql:
            more += f""",
narrow AS MATERIALIZED (
    SELECT e.id FROM search_entry AS e WHERE {conditions}
    LIMIT CASE WHEN (SELECT count(*) FROM lexical) < {_ENOUGH} THEN {_SCANNED} ELSE 0 END
),
near AS (SELECT m.entry_id AS id FROM narrow JOIN search_meaning AS m ON m.entry_id = narrow.id {nearest})"""  # noqa: S608 -- fixed fragments only.
        else:
            more += f""",
near AS (SELECT m.entry_id AS id FROM search_meaning AS m {nearest})"""  # noqa: S608 -- fixed fragments only.
        arms.append("SELECT id, false FROM near")
    return more, arms


def _lexical(question: Question, conditions: Conditions, columns: str) -> tuple[str, dict[str, Any]]:
    """Return the SQL that picks the candidates; for words without another order it stops as soon as it has enough."""
    parameters = dict(conditions.parameters)
    parameters |= point_parameters(question.query)
    wanted = question.wanted
    where = str(conditions)
    if wanted:
        parameters["wanted"] = wanted
        where = f"e.vector @@ %(wanted)s::tsquery AND {where}"
    elif question.groups:
        where = "false"
    source = f"SELECT {columns} FROM search_entry AS e WHERE {where}"  # noqa: S608 -- fixed fragments only.
    if question.ids is not None:
        return f"SELECT {columns} FROM search_entry AS e WHERE {conditions}", parameters  # noqa: S608 -- fixed fragments only.
    index_order = _index_order(question)
    if index_order is not None:
        inner = f"SELECT * FROM search_entry AS e WHERE {where} ORDER BY {index_order} LIMIT {MOST_CANDIDATES}"  # noqa: S608 -- fixed fragments only.
        return f"SELECT {columns} FROM ({inner}) AS e", parameters  # noqa: S608 -- fixed fragments only.
    tiers = f"""
    SELECT * FROM (
        ({source} AND e.weight > 0 LIMIT {MOST_CANDIDATES})
        UNION ALL
        ({source} AND e.names @@ %(wanted)s::tsquery AND e.weight <= 0 LIMIT {MOST_CANDIDATES})
        UNION ALL
        ({source} AND NOT e.names @@ %(wanted)s::tsquery AND e.weight <= 0 LIMIT {MOST_CANDIDATES})
    ) AS tier LIMIT {MOST_CANDIDATES}
"""  # noqa: S608 -- fixed fragments only.
    return tiers, parameters


def _order(question: Question) -> str:
    """Return the order of the page."""
    query = question.query
    order = {
        Sort.DATE: "next_at NULLS LAST, title_key, id",
        Sort.PRICE: "price_cents NULLS LAST, title_key, id",
        Sort.TITLE: "title_key, id",
    }.get(query.sort)
    if order is None and question.groups and query.sort is Sort.BEST:
        return "score DESC, weight DESC, title_key, id"
    if order is None and query.near is not None:
        return "distance NULLS LAST, title_key, id"
    return order or "weight DESC, title_key, id"


def _index_order(question: Question) -> str | None:
    """Return the order in which an index offers candidates; ``None``: by tiers."""
    query = question.query
    order = {
        Sort.DATE: "e.next_at",
        Sort.PRICE: "e.price_cents NULLS LAST",
        Sort.TITLE: "e.title_key, e.id",
    }.get(query.sort)
    if order is None and query.near is not None:
        return f"{POINT} <-> point(%(lon)s, %(lat)s)"
    if order is None and question.wanted and query.sort is Sort.BEST:
        return None
    return order or "e.weight DESC, e.title_key, e.id"


def _counted(question: Question, conditions: Conditions, known: int | None) -> str:
    """Return the SQL of the count ``n``.

    Fewer candidates than could be ranked are all there are. Of more the database counts the rest of the matches,
    unless it did so within the last minute (``known``), or the question is what is around a point.
    """
    if nearest_first(question.query, words=bool(question.groups)):
        known = MOST_CANDIDATES
    matching = f"e.vector @@ %(wanted)s::tsquery AND {conditions}" if question.wanted else str(conditions)
    many = (
        f"SELECT count(*) FROM (SELECT 1 FROM search_entry AS e WHERE {matching} LIMIT {MOST_COUNTED + 1}) AS matching"  # noqa: S608 -- fixed fragments only.
        if known is None
        else f"SELECT {known}"
    )
    return f"""
    SELECT CASE WHEN counted_first.n < {MOST_CANDIDATES} THEN counted_first.n ELSE ({many}) END AS n
    FROM (SELECT count(*) AS n FROM lexical) AS counted_first
"""  # noqa: S608 -- fixed fragments only.
