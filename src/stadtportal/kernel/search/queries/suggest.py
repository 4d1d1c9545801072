"""Suggestions while somebody types.

Categories, places and the glossary are asked in memory, titles of entries in the database: one statement for those that
begin with the text, a second one for words inside titles when the first finds too few.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.db import connection

from stadtportal.kernel.contracts import PlaceName
from stadtportal.kernel.search.engine.glossary import GERMAN, Concept, get_glossary
from stadtportal.kernel.search.queries.places import get_place_index
from stadtportal.kernel.search.queries.vocabulary import list_neighbours
from stadtportal.kernel.search.rules.places import PlaceIndex
from stadtportal.kernel.search.rules.spelling import choose
from stadtportal.kernel.search.rules.suggestions import Beginnings, Suggestion, SuggestionKind, mix
from stadtportal.kernel.search.rules.text import clean, normalised

SEARCH_PAGE = "/suche/"
#: Shorter texts begin too many words inside titles.
_SHORTEST_INSIDE = 3
_SHORTEST_FOREIGN = 3
_SHORTEST_MISTYPED = 3
_MOST_CORRECTIONS = 2
_CATEGORIES_GOOD_FOR_S = 60.0
#: What a place is called beside its name, the larger places first.
_PLACE_WORDS = {
    "district": "Stadtbezirk",
    "quarter": "Stadtteil",
    "postcode": "Postleitzahl",
    "street": "Straße",
    "stop": "Haltestelle",
    "landmark": "Ort",
}
_COLUMNS = "title, url, category_title, address, weight, uses, title_key, id"
_NOT_OVER = "(next_at IS NULL OR next_at >= %(now)s)"
# Few entries carry a weight, so they are looked through in the order of it; the rest comes in the order of the index.
_STARTING = f"""
SELECT * FROM (
    SELECT {_COLUMNS} FROM search_entry WHERE weight > 0 AND title_key LIKE %(like)s AND {_NOT_OVER}
    ORDER BY weight DESC, title_key, id LIMIT 20
) AS heavy
UNION ALL
SELECT * FROM (
    SELECT {_COLUMNS} FROM search_entry WHERE weight <= 0 AND title_key LIKE %(like)s AND {_NOT_OVER}
    ORDER BY title_key USING ~<~ LIMIT 40
) AS others
"""  # noqa: S608 -- the only things set in are columns and a condition of this module.
_INSIDE = f"""
SELECT {_COLUMNS} FROM search_entry WHERE title_key LIKE %(like)s AND {_NOT_OVER} LIMIT 100
"""  # noqa: S608 -- as above.
# Walks from one category to the next by the index instead of reading every entry.
_CATEGORIES = """
WITH RECURSIVE known AS (
    (SELECT category, category_title FROM search_entry WHERE category > '' ORDER BY category LIMIT 1)
    UNION ALL
    SELECT next.category, next.category_title FROM known CROSS JOIN LATERAL (
        SELECT category, category_title FROM search_entry
        WHERE category > known.category ORDER BY category LIMIT 1
    ) AS next
)
SELECT category, category_title FROM known
"""


@dataclass(frozen=True, slots=True)
class _Said:
    """An expression of the glossary and the concept it stands for."""

    text: str
    language: str
    concept: Concept


@dataclass(frozen=True, slots=True)
class _Typed:
    """A text as it is compared (``key``), as it was written but for capitals, and its language if it is known."""

    key: str
    written: str
    lang: str


@dataclass
class _Kept:
    categories: Beginnings[Suggestion] = field(default_factory=lambda: Beginnings(()))
    categories_read_at: float | None = None
    places: Beginnings[Suggestion] = field(default_factory=lambda: Beginnings(()))
    places_of: PlaceIndex | None = None


_kept = _Kept()


def suggest(text: str, *, now: datetime, lang: str = "", limit: int = 8) -> tuple[Suggestion, ...]:
    """Return what might be meant by a text somebody is still typing, ``limit`` suggestions at most.

    Expressions of ``lang`` (ISO 639-1) come before those of other languages. When nothing begins with the text, one of
    its words is taken for mistyped. Entries whose last date is over are not suggested.
    """
    typed = clean(text).text
    key = normalised(typed)
    if not key:
        return ()
    if found := _suggest(_Typed(key, typed.casefold(), lang), now=now, limit=limit):
        return found
    for corrected in _corrections(key.split()):
        if found := _suggest(_Typed(corrected, corrected, lang), now=now, limit=limit):
            return found
    return ()


def forget_categories() -> None:
    """Read the categories anew at the next question."""
    _kept.categories_read_at = None


def _suggest(typed: _Typed, *, now: datetime, limit: int) -> tuple[Suggestion, ...]:
    offered = {
        SuggestionKind.CATEGORY: _categories().starting(typed.key),
        SuggestionKind.PLACE: _places().starting(typed.key),
        SuggestionKind.CONCEPT: _concepts(typed),
        SuggestionKind.ENTRY: _entries(typed.key, now=now, limit=limit),
    }
    return mix(offered, limit=limit)


def _corrections(words: Sequence[str]) -> Iterator[str]:
    """Yield the text with one word replaced by the one probably meant, the last word first."""
    asked = [word for word in dict.fromkeys(words) if len(word) >= _SHORTEST_MISTYPED and not word.isdigit()]
    if not asked:
        return
    neighbours = list_neighbours(asked)
    tried = 0
    for position in range(len(words) - 1, -1, -1):
        meant = choose(words[position], neighbours.get(words[position], []))
        if meant and normalised(meant[0]) != words[position] and tried < _MOST_CORRECTIONS:
            tried += 1
            yield " ".join([*words[:position], normalised(meant[0]), *words[position + 1 :]])


def _categories() -> Beginnings[Suggestion]:
    now = time.monotonic()
    if _kept.categories_read_at is None or now - _kept.categories_read_at > _CATEGORIES_GOOD_FOR_S:
        with connection.cursor() as cursor:
            cursor.execute(_CATEGORIES)
            rows = cursor.fetchall()
        _kept.categories = Beginnings(
            (normalised(title), 0, Suggestion(title, SuggestionKind.CATEGORY, _search(kategorie=slug), "Kategorie"))
            for slug, title in rows
            if title
        )
        _kept.categories_read_at = now
    return _kept.categories


def _places() -> Beginnings[Suggestion]:
    index = get_place_index()
    if _kept.places_of is not index:
        places = ((key, place) for key, place in index.items() if place.kind != "city")
        _kept.places = Beginnings(one for key, place in places for one in _named(key, place))
        _kept.places_of = index
    return _kept.places


def _named(key: str, place: PlaceName) -> Iterator[tuple[str, int, Suggestion]]:
    """Yield a place by its name and, ranked below, by later words of it: "Bad Cannstatt" is "cannstatt", too."""
    kinds = list(_PLACE_WORDS)
    rank = kinds.index(place.kind) if place.kind in kinds else len(kinds)
    suggestion = _place(place)
    yield key, rank, suggestion
    words = normalised(place.name).split()
    for position in range(1, len(words)):
        yield " ".join(words[position:]), rank + len(kinds) + 1, suggestion


def _place(place: PlaceName) -> Suggestion:
    url = _search(bezirk=place.district) if place.kind == "district" else _search(q=place.name)
    return Suggestion(place.name, SuggestionKind.PLACE, url, _PLACE_WORDS.get(place.kind, "Ort"))


@lru_cache(maxsize=1)
def _expressions() -> dict[str, Beginnings[_Said]]:
    """Return every expression of the glossary by its language: what things are called, then what is said."""
    said: dict[str, list[tuple[str, int, _Said]]] = {GERMAN: []}
    for concept in get_glossary().concepts.values():
        said[GERMAN] += [(normalised(word), 0, _Said(word, GERMAN, concept)) for word in concept.words]
        for language, texts in concept.said.items():
            known = said.setdefault(language, [])
            known += [(normalised(text), 1, _Said(text, language, concept)) for text in texts]
    return {language: Beginnings(known) for language, known in said.items()}


def _concepts(typed: _Typed) -> list[Suggestion]:
    """Return each concept once, by the expression that fits best: in the language asked, with the accents typed.

    One or two letters begin too much in sixteen languages: they are read as German or as the language asked.
    """
    languages = [typed.lang, GERMAN, *(_expressions() if len(typed.key) >= _SHORTEST_FOREIGN else ())]
    said = [
        one
        for language in dict.fromkeys(languages)
        if language in _expressions()
        for one in _expressions()[language].starting(typed.key)
    ]
    said.sort(key=lambda one: (typed.lang not in {"", one.language}, not one.text.casefold().startswith(typed.written)))
    best: dict[str, _Said] = {}
    for one in said:
        best.setdefault(one.concept.id, one)
    return [
        Suggestion(
            one.text,
            SuggestionKind.CONCEPT,
            _search(q=one.text),
            one.concept.title if one.concept.title != one.text else "",
        )
        for one in best.values()
    ]


def _entries(key: str, *, now: datetime, limit: int) -> list[Suggestion]:
    """Return entries whose titles begin with the text, then those with a word that does."""
    found = _titles(_STARTING, f"{key}%", now)
    if len({one.text for one in found}) < limit and len(key) >= _SHORTEST_INSIDE:
        found += _titles(_INSIDE, f"% {key}%", now)
    return found


def _titles(statement: str, like: str, now: datetime) -> list[Suggestion]:
    # What is normalised holds letters, digits and spaces, so nothing in it means anything to LIKE.
    with connection.cursor() as cursor:
        cursor.execute(statement, {"like": like, "now": now})
        rows = cursor.fetchall()
    rows.sort(key=lambda row: (-row[4], -row[5], row[6], row[7]))
    return [
        Suggestion(title, SuggestionKind.ENTRY, url, ", ".join(one for one in (category_title, address) if one))
        for title, url, category_title, address, *_ in rows
    ]


def _search(**fields: str) -> str:
    return f"{SEARCH_PAGE}?{urlencode(fields)}"
