"""Answering a question, and finding a way on when it has no answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from stadtportal.kernel.contracts import PlaceName
from stadtportal.kernel.search.queries.opening import is_open
from stadtportal.kernel.search.queries.places import get_place_index
from stadtportal.kernel.search.queries.spelling import find_spelling, list_similar_titles
from stadtportal.kernel.search.queries.statement import (
    Answer,
    Question,
    find_answer,
    list_candidates_with_hours,
)
from stadtportal.kernel.search.rules.places import locate
from stadtportal.kernel.search.rules.question import MOST_CANDIDATES, Relaxed, SearchPage, SearchQuery, Sort
from stadtportal.kernel.search.rules.text import CleanText, clean, normalised

#: How far from a street or a postcode's middle something still counts as there, in metres.
_AROUND = {"street": 1000, "postcode": 2000, "quarter": 1500}
_AROUND_ANYTHING_ELSE = 1500


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One question asked, what it answered, and how it differs from the one typed."""

    question: Question
    answer: Answer
    place: PlaceName | None
    shown_text: str
    relaxed: Relaxed = Relaxed.NOTHING
    did_you_mean: str = ""


def find(query: SearchQuery, *, now: datetime) -> SearchPage:
    """Answer one question.

    A question without an answer is asked again with the spelling probably meant, then without its place, then
    without its other filters, then for any one of its words; last come titles that look alike. ``relaxed`` of the
    page tells which of these happened. One statement as a rule, two with ``open_now``, a few more for the rest.
    """
    started = time.perf_counter()
    text = clean(query.text)
    attempt = _ask(query, text, text.words, now)
    if not attempt.answer.total and text.words:
        attempt = _ask_again(query, text, attempt, now)
    offset = attempt.question.query.offset
    return SearchPage(
        total=attempt.answer.total,
        total_capped=attempt.answer.capped,
        offset=offset,
        limit=query.limit,
        took_ms=(time.perf_counter() - started) * 1000,
        results=attempt.answer.results,
        shown_text=attempt.shown_text,
        did_you_mean=attempt.did_you_mean,
        relaxed=attempt.relaxed,
        place=attempt.place,
        text_cut=text.cut,
        facets=attempt.answer.facets,
    )


def _ask(query: SearchQuery, text: CleanText, words: tuple[str, ...], now: datetime) -> _Attempt:
    """Read the place out of the words and ask."""
    place: PlaceName | None = None
    if not query.literal and not query.district and query.near is None and query.bounds is None:
        located = locate(words, get_place_index())
        words, place = located.words, located.place
        query = _within(query, place)
    question = Question(query=query, words=words, text_key=normalised(text.text))
    return _Attempt(*_answer(question, now), place=place, shown_text=text.text)


def _within(query: SearchQuery, place: PlaceName | None) -> SearchQuery:
    """Limit the query to a place: to the district itself, or to what is around any smaller place."""
    if place is None:
        return query
    if place.kind == "district" or place.point is None:
        return replace(query, district=place.district)
    radius = query.radius_m or _AROUND.get(place.kind, _AROUND_ANYTHING_ELSE)
    return replace(query, near=place.point, radius_m=radius)


def _answer(question: Question, now: datetime) -> tuple[Question, Answer]:
    """Ask the database; a page behind the last one becomes the last one."""
    query = question.query
    if query.open_now and question.ids is None:
        return _answer_open(question, now)
    if query.offset >= MOST_CANDIDATES:
        query = replace(query, offset=_last_page(MOST_CANDIDATES, query.limit))
        question = replace(question, query=query)
    answer = find_answer(question, now=now)
    if not answer.results and answer.total and query.offset:
        last = _last_page(min(answer.total, MOST_CANDIDATES), query.limit)
        question = replace(question, query=replace(query, offset=last))
        answer = find_answer(question, now=now)
    return question, answer


def _answer_open(question: Question, now: datetime) -> tuple[Question, Answer]:
    """Ask for what is open: opening hours are read here, not by the database, and only those of the candidates."""
    candidates = list_candidates_with_hours(question, now=now)
    opened = tuple(number for number, hours in candidates if is_open(hours, now=now))
    if not opened:
        return question, Answer(total=0, capped=False, results=(), facets={})
    asked, answer = _answer(replace(question, ids=opened), now)
    capped = len(candidates) >= MOST_CANDIDATES
    return replace(asked, ids=None), replace(answer, capped=capped)


def _last_page(total: int, limit: int) -> int:
    return (total - 1) // limit * limit


def _ask_again(query: SearchQuery, text: CleanText, first: _Attempt, now: datetime) -> _Attempt:
    """Try what people might have meant, nearest first, until something is found."""
    spelling = find_spelling(text.words)
    meant = tuple(one.word if one.known or not one.meant else one.meant for one in spelling)
    suggestion = " ".join(meant) if meant != text.words else ""
    attempt = first
    if suggestion:
        corrected = clean(suggestion)
        attempt = replace(_ask(query, corrected, corrected.words, now), did_you_mean=suggestion)
        if attempt.answer.total:
            return replace(attempt, relaxed=Relaxed.SPELLING)
    lost = {one.word for one in spelling if not one.known and not one.meant}
    for relaxed, question in _wider(attempt.question, lost):
        asked, answer = _answer(question, now)
        if answer.total:
            shown = " ".join(question.words) if relaxed is Relaxed.WORDS else attempt.shown_text
            return replace(attempt, question=asked, answer=answer, relaxed=relaxed, shown_text=shown)
    if titles := tuple(list_similar_titles(normalised(" ".join(first.question.words)))):
        plain = SearchQuery(limit=query.limit, with_point=query.with_point)
        asked, answer = _answer(Question(query=plain, titles=titles), now)
        return replace(first, question=asked, answer=answer, relaxed=Relaxed.TITLES)
    return first


def _wider(question: Question, lost: AbstractSet[str]) -> Iterator[tuple[Relaxed, Question]]:
    """Yield wider questions than the one that failed, the nearest first; ``lost`` are words no entry has."""
    narrow = question.query
    everywhere = replace(narrow, district="", near=None, radius_m=None, bounds=None)
    if everywhere.sort is Sort.NEAR:
        everywhere = replace(everywhere, sort=Sort.BEST)
    unfiltered = SearchQuery(
        text=narrow.text,
        literal=narrow.literal,
        with_point=narrow.with_point,
        offset=narrow.offset,
        limit=narrow.limit,
        facets=narrow.facets,
    )
    known = tuple(word for word in question.words if word not in lost)
    if not known:
        return
    if known == question.words:
        if everywhere != narrow:
            yield Relaxed.DISTRICT, replace(question, query=everywhere)
        if unfiltered != everywhere:
            yield Relaxed.FILTERS, replace(question, query=unfiltered)
    else:
        yield Relaxed.WORDS, replace(question, query=narrow, words=known)
    yield Relaxed.WORDS, replace(question, query=everywhere, words=known, any_word=True)
    if unfiltered != everywhere:
        yield Relaxed.WORDS, replace(question, query=unfiltered, words=known, any_word=True)
