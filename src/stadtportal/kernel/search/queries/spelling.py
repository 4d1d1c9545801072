"""Mistyped words, dialect, and words with endings of other languages: what was meant by each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stadtportal.kernel.search.engine.asking import Word, find_matches, lexemes_of
from stadtportal.kernel.search.engine.german import halves, lemmas, loose_firsts, loose_heads
from stadtportal.kernel.search.engine.glossary import get_glossary
from stadtportal.kernel.search.engine.word_lists import asking_languages
from stadtportal.kernel.search.queries.vocabulary import count_entries_with, list_neighbours
from stadtportal.kernel.search.rules.dialect import DialectRules, read_dialect
from stadtportal.kernel.search.rules.question import Part
from stadtportal.kernel.search.rules.spelling import Neighbour, choose, choose_frequent

#: A word that no more entries have may still be a mistake for one that many have ("Gewebe", "Gewerbe").
_RARE = 20
_SHORTEST = 3

_dialects: list[Callable[[], DialectRules]] = []


def set_dialect(rules: Callable[[], DialectRules]) -> None:
    """Tell search how the city speaks; ``rules`` is called when a word is unknown."""
    _dialects[:] = [rules]


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a question with what was meant. ``corrected`` says the whole question anew where it was mistyped."""

    words: tuple[Word, ...]
    corrected: dict[str, str]


def spell(words: Sequence[str], *, without: frozenset[Part]) -> Spelling:
    """Return what was meant by the words of a question, those that say something."""
    if Part.SPELLING in without:
        return Spelling(tuple(Word(word) for word in words), {})
    matched = {position for match in find_matches(words, without=without) for position in range(match.start, match.end)}
    doubtful = [word for position, word in enumerate(words) if position not in matched and _can_be_mistyped(word)]
    entries = _entries_of(doubtful)
    # A name that some entries have is right; an everyday word that few have may be another one mistyped.
    rare = [word for word in doubtful if not entries[word] or (entries[word] <= _RARE and lemmas(word))]
    if not rare:
        return Spelling(tuple(Word(word) for word in words), {})
    neighbours = list_neighbours(rare)
    foreign = bool(asking_languages(words)) or sum(bool(lemmas(word)) for word in words) * 2 < len(words) > 1
    meant: dict[str, Word] = {}
    corrected: dict[str, str] = {}
    for word in rare:
        if entries[word]:
            meant[word] = Word(word, choose_frequent(word, neighbours[word], entries=entries[word]))
        elif stem := get_glossary().without_ending(word) if foreign else "":
            meant[word] = Word(stem)
        elif chosen := _correct(word, neighbours[word]):
            meant[word] = Word(chosen[0], chosen[1:])
            corrected[word] = chosen[0]
        elif spoken := _from_dialect(word):
            meant[word] = Word(spoken)
        elif chosen := (foreign and choose(word, neighbours[word], strict=True)) or _guess(word, neighbours[word]):
            meant[word] = Word(chosen[0], chosen[1:])
            corrected[word] = chosen[0]
    return Spelling(tuple(meant.get(word, Word(word)) for word in words), corrected)


def _correct(word: str, neighbours: Sequence[Neighbour]) -> tuple[str, ...]:
    """Return the German words that one mistake makes of this; of a proper German word none."""
    return () if lemmas(word) else choose(word, [one for one in neighbours if not one.foreign], strict=True)


def _guess(word: str, neighbours: Sequence[Neighbour]) -> tuple[str, ...]:
    """Return what may be meant by a word with more than one mistake: a German word, a compound, any word."""
    if lemmas(word):
        return ()
    german = [one for one in neighbours if not one.foreign]
    compound = _compound(word)
    return choose(word, german) or ((compound,) if compound else choose(word, neighbours, strict=True))


def _can_be_mistyped(word: str) -> bool:
    return len(word) >= _SHORTEST and not word.isdigit()


def _entries_of(words: Sequence[str]) -> dict[str, int]:
    """Return how many entries have each word, itself or both parts of it."""
    parts = {word: halves(word) for word in words}
    asked = [*words, *(part for both in parts.values() for part in both)]
    counted = count_entries_with([lexeme for word in asked for lexeme in lexemes_of(word)])
    own = {word: max((counted.get(lexeme, 0) for lexeme in lexemes_of(word)), default=0) for word in asked}
    return {
        word: own[word] or (min(own[part] for part in parts[word]) if parts[word] else 0)
        for word in dict.fromkeys(words)
    }


def _from_dialect(word: str) -> str:
    if not _dialects or lemmas(word):
        return ""
    return read_dialect(word, _dialects[0](), known=lambda form: bool(lemmas(form)) and _leads_somewhere(form))


def _leads_somewhere(word: str) -> bool:
    return bool(find_matches([word], without=frozenset())) or _entries_of([word])[word] > 0


def _compound(word: str) -> str:
    """Return a compound of which one part was mistyped ("Elektomarkt", "Passverlängrung"), corrected."""
    cuts = loose_heads(word)
    neighbours = list_neighbours([first for first, _ in cuts]) if cuts else {}
    for first, head in cuts:
        if chosen := choose(first, neighbours[first], strict=True):
            return f"{chosen[0]}{head}"
    cuts = loose_firsts(word)
    neighbours = list_neighbours([head for _, head in cuts]) if cuts else {}
    for first, head in cuts:
        if (chosen := choose(head, neighbours[head], strict=True)) and _leads_somewhere(first):
            return f"{first}{chosen[0]}"
    return ""
