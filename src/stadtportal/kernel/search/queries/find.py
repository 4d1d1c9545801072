"""Answering a question, and finding a way on when it has no answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from stadtportal.kernel.search.engine.asking import felt_concepts, foreignness, related_titles
from stadtportal.kernel.search.engine.deeds import deeds_said
from stadtportal.kernel.search.engine.encoder import encode_question
from stadtportal.kernel.search.engine.german import with_capitals
from stadtportal.kernel.search.queries.concepts import list_near_concepts
from stadtportal.kernel.search.queries.opening import is_open
from stadtportal.kernel.search.queries.reading import Asked, read
from stadtportal.kernel.search.queries.statement import (
    NOTHING,
    Answer,
    Question,
    days_between,
    find_answer,
    list_timed_candidates,
)
from stadtportal.kernel.search.rules.question import MOST_CANDIDATES, Part, Relaxed, SearchPage, SearchQuery, Sort
from stadtportal.kernel.search.rules.text import clean, normalised
from stadtportal.kernel.search.rules.weights import WEIGHTS

#: With fewer matches than these by all words, those of any one word are looked at as well.
_FEW = 10
_NO_FLOOR = -1.0
_MOST_FELT = 12


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One question asked and what it answered."""

    question: Question
    answer: Answer
    relaxed: Relaxed = Relaxed.NOTHING


def find(query: SearchQuery, *, now: datetime) -> SearchPage:
    """Answer one question.

    A question whose words match nothing is asked again without its place, then without its other filters, then for
    any one of its words; last comes what is nearest in meaning. ``relaxed`` of the page tells which of these happened.
    Three statements as a rule, one more for mistyped words and for opening hours.
    """
    started = time.perf_counter()
    text = clean(query.text)
    asked = read(query, text.words, now=now)
    question = _question(asked, normalised(text.text))
    attempt = _ask(question, now)
    if not attempt.answer.total and query.relax and _limited(question):
        attempt = _ask_again(query, attempt, now)
    relaxed = attempt.relaxed
    if asked.did_you_mean and relaxed is Relaxed.NOTHING:
        relaxed = Relaxed.SPELLING
    shown = asked.did_you_mean or text.text
    return SearchPage(
        total=attempt.answer.total,
        total_capped=attempt.answer.capped,
        listed=max(attempt.answer.listed, min(attempt.answer.total, MOST_CANDIDATES))
        if not question.groups
        else attempt.answer.listed,
        offset=attempt.question.query.offset,
        limit=query.limit,
        took_ms=(time.perf_counter() - started) * 1000,
        results=attempt.answer.results,
        shown_text=shown,
        did_you_mean=asked.did_you_mean,
        relaxed=relaxed,
        place=asked.place,
        understood=asked.understood,
        lost=tuple(one.group.text for one in asked.groups if one.lost and not one.group.weak),
        related=related_titles([one.group for one in asked.groups]),
        text_cut=text.cut,
        facets=attempt.answer.facets,
    )


def _limited(question: Question) -> bool:
    """Tell whether there is anything that could be given up."""
    return bool(question.groups) or question.query != SearchQuery(
        text=question.query.text, offset=question.query.offset, limit=question.query.limit
    )


def _question(asked: Asked, text_key: str) -> Question:
    """Add the meaning of what is left of the text."""
    question = Question(
        query=asked.query,
        groups=asked.groups,
        text_key=text_key,
        deeds=_deeds(asked),
        street=asked.street,
        time_was_read=asked.time_was_read,
    )
    if not asked.groups or Part.MEANING in asked.query.without or asked.query.sort is not Sort.BEST:
        return question
    what = " ".join(word.group.text for word in asked.groups)
    said = (asked.did_you_mean and what) or " ".join(asked.words) or what
    foreign = foreignness(asked.query.lang, what.split())
    meaning = encode_question(said if foreign == 1.0 else with_capitals(said))
    near = [] if Part.GLOSSARY in asked.query.without else list_near_concepts(meaning, foreign=foreign)
    best = near[0][1] if near else 0.0
    felt = [one for one in near if one[1] >= max(WEIGHTS.concept_floor, best - WEIGHTS.concept_slack)]
    named = felt_concepts(felt, [one.group for one in asked.groups])
    weight = WEIGHTS.as_foreign_words if foreign == 1.0 else WEIGHTS.as_words
    return replace(
        question, meaning=meaning, felt=tuple((one, nearness * weight) for one, nearness in named[:_MOST_FELT])
    )


def _deeds(asked: Asked) -> tuple[str, ...]:
    words = asked.did_you_mean.split() or asked.words
    return () if Part.GLOSSARY in asked.query.without else deeds_said(words)


def _ask(question: Question, now: datetime) -> _Attempt:
    asked, answer = _answer(question, now)
    several = sum(not one.lost for one in question.groups) > 1
    if several and answer.total < _FEW and not question.any_group and question.query.sort is Sort.BEST:
        wider, more = _answer(replace(question, any_group=True), now)
        if not answer.total:
            return _Attempt(wider, more, Relaxed.WORDS if more.total else Relaxed.NOTHING)
        return _Attempt(wider, replace(more, total=answer.total, capped=answer.capped))
    return _Attempt(asked, answer)


def _answer(question: Question, now: datetime) -> tuple[Question, Answer]:
    """Ask the database; a page behind the last one becomes the last one."""
    query = question.query
    if (query.open_now or query.when) and question.ids is None:
        return _answer_timed(question, now)
    if query.offset >= MOST_CANDIDATES:
        query = replace(query, offset=_last_page(MOST_CANDIDATES, query.limit))
        question = replace(question, query=query)
    answer = find_answer(question, now=now)
    listed = answer.listed if question.groups else min(answer.total, MOST_CANDIDATES)
    if not answer.results and listed and query.offset:
        question = replace(question, query=replace(query, offset=_last_page(listed, query.limit)))
        answer = find_answer(question, now=now)
    return question, answer


def _answer_timed(question: Question, now: datetime) -> tuple[Question, Answer]:
    """Ask for what is open or takes place: hours are read here, not by the database, and only the candidates'."""
    when = question.query.when
    begins, ends = (when.from_at, when.to_at) if when else (now, now)
    days = days_between(begins, ends) if when else []
    candidates = list_timed_candidates(question, days=days, now=now)
    timed = tuple(
        number
        for number, hours, takes_place in candidates
        if takes_place or (hours and is_open(hours, begins=begins, ends=ends))
    )
    if not timed:
        return question, NOTHING
    asked, answer = _answer(replace(question, ids=timed), now)
    return replace(asked, ids=None), replace(answer, capped=len(candidates) >= MOST_CANDIDATES)


def _last_page(total: int, limit: int) -> int:
    return (total - 1) // limit * limit


def _ask_again(query: SearchQuery, first: _Attempt, now: datetime) -> _Attempt:
    """Ask wider and wider, until words match; then be content with what is nearest in meaning."""
    for relaxed, question in _wider(query, first.question):
        attempt = _ask(question, now)
        if attempt.answer.total:
            return replace(attempt, relaxed=attempt.relaxed or relaxed)
    if first.answer.results:
        return replace(first, relaxed=Relaxed.MEANING)
    anything = replace(_unfiltered(query, first.question), floor=_NO_FLOOR)
    asked, answer = _answer(anything, now)
    if not answer.results:
        # Nothing is encoded yet: what the city weighs most is better than nothing.
        asked, answer = _answer(Question(query=anything.query), now)
        answer = replace(answer, total=0, capped=False, facets={})
    return _Attempt(asked, answer, Relaxed.MEANING)


def _wider(query: SearchQuery, question: Question) -> Iterator[tuple[Relaxed, Question]]:
    """Yield wider questions than the one that failed, the nearest first."""
    narrow = question.query
    everywhere = replace(narrow, district="", near=None, radius_m=None, bounds=None)
    if everywhere.sort is Sort.NEAR:
        everywhere = replace(everywhere, sort=Sort.BEST)
    if everywhere != narrow:
        yield Relaxed.DISTRICT, replace(question, query=everywhere, street="")
    unfiltered = _unfiltered(query, question)
    if unfiltered.query != everywhere and (unfiltered.groups or unfiltered.query != narrow):
        yield Relaxed.FILTERS, unfiltered


def _unfiltered(query: SearchQuery, question: Question) -> Question:
    plain = SearchQuery(
        text=query.text,
        literal=query.literal,
        with_point=query.with_point,
        offset=query.offset,
        limit=query.limit,
        facets=query.facets,
        explain=query.explain,
        without=query.without,
    )
    return replace(question, query=plain, street="", any_group=False)
