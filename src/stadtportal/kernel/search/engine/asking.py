"""From the words of a question to what is looked for: one group for each thing asked, with everything it is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from stadtportal.kernel.search.engine.deeds import ANY_DEED, thing_of
from stadtportal.kernel.search.engine.german import analyse, content_positions, halves
from stadtportal.kernel.search.engine.glossary import GERMAN, MARK, Glossary, Match, get_glossary
from stadtportal.kernel.search.engine.word_lists import WEAK
from stadtportal.kernel.search.rules.question import Part
from stadtportal.kernel.search.rules.weights import WEIGHTS

#: Words of so few letters are seldom what is wanted.
_SAYS_LITTLE = 2


@dataclass(frozen=True, slots=True)
class Group:
    """One thing asked for, as tsqueries in text form.

    ``exact`` is the words as they were written, ``wide`` any other name of the same thing, ``included`` what it brings
    with it, ``loose`` a part of it, ``inner`` what each of several words says alone, ``thing`` the bare thing that
    something is to be done with. ``lexemes`` are those whose frequency tells how much the group says; a ``weak`` group
    says what somebody wants to do, and little about with what.
    """

    text: str
    exact: str
    wide: str
    loose: str = ""
    included: str = ""
    inner: tuple[str, ...] = ()
    thing: str = ""
    lexemes: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question with the words that were probably meant instead, the likeliest first."""

    text: str
    meant: tuple[str, ...] = field(default=())


def content(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that say something."""
    return tuple(words[position] for position in content_positions(words))


def find_matches(words: Sequence[str], *, without: frozenset[Part]) -> list[Match]:
    """Return which of these words stand for concepts."""
    return [] if Part.GLOSSARY in without else get_glossary().matches(words)


def lexemes_of(word: str) -> tuple[str, ...]:
    """Return a word's own lexemes."""
    return analyse(word).exact


def groups_of(words: Sequence[Word], *, foreign: bool = False, without: frozenset[Part] = frozenset()) -> list[Group]:
    """Return the groups of a question's words, which are those that say something.

    In a ``foreign`` question words that no concept has are hardly German ones, so they count for little.
    """
    glossary = get_glossary()
    # A mistyped word may stand in an expression: it is looked up as it was meant.
    meant = [word.meant[0] if word.meant else word.text for word in words]
    matches = {match.start: match for match in find_matches(meant, without=without)}
    groups: list[Group] = []
    position = 0
    while position < len(words):
        match = matches.get(position)
        end = match.end if match else position + 1
        concepts = match.concepts if match else _concepts_of_compound(meant[position], without)
        group = _group(words[position:end], concepts, glossary, foreign=foreign, without=without)
        # Whoever says the same thing twice means it once.
        if not concepts or concepts not in [one.concepts for one in groups]:
            groups.append(group)
        position = end
    return groups


def _concepts_of_compound(word: str, without: frozenset[Part]) -> tuple[str, ...]:
    """Return what a compound stands for when its parts are an expression: "Autozulassung" is "Auto zulassen"."""
    parts = () if Part.COMPOUNDS in without else halves(word)
    whole = [match for match in find_matches(parts, without=without) if match.end - match.start == len(parts)]
    return whole[0].concepts if parts and whole else ()


def _group(
    words: Sequence[Word],
    concepts: Sequence[str],
    glossary: Glossary,
    *,
    foreign: bool,
    without: frozenset[Part],
) -> Group:
    compounds = Part.COMPOUNDS not in without
    exact = _all([any_lexeme(analyse(word.text).exact) for word in words])
    named = dict.fromkeys(one for concept in concepts for one in glossary.named(concept))
    brought = (one for concept in concepts for one in glossary.concepts[concept].includes if one in glossary.concepts)
    wide = [exact, *(_quoted(f"{MARK}{concept}") for concept in named)]
    loose: list[str] = []
    for word in words:
        wide_of_word = [any_lexeme(analyse(one).exact) for one in word.meant]
        if compounds:
            for one in (word.text, *word.meant):
                if parts := halves(one):
                    wide_of_word.append(_all([any_lexeme(analyse(part).exact) for part in parts]))
                    loose += [any_lexeme(analyse(part).exact) for part in parts]
        if len(words) == 1:
            wide += wide_of_word
        else:
            loose += [any_lexeme(analyse(word.text).exact), *wide_of_word]
    return Group(
        text=" ".join(word.text for word in words),
        exact=exact,
        wide=" | ".join(dict.fromkeys(f"({one})" for one in wide)),
        thing=" | ".join(f"({one})" for one in map(thing_query, named) if one),
        inner=_inner([word.meant[0] if word.meant else word.text for word in words], glossary) if concepts else (),
        loose=" | ".join(dict.fromkeys(f"({one})" for one in loose)),
        included=concept_query(one for one in brought if one not in named),
        lexemes=(
            *(lexeme for word in words for lexeme in analyse((*word.meant, word.text)[0]).exact),
            *(f"{MARK}{concept}" for concept in named),
        ),
        concepts=tuple(concepts),
        weak=not concepts and (foreign or all(_says_little(word.text) for word in words)),
    )


@lru_cache(maxsize=5000)
def thing_query(concept: str) -> str:
    """Return the tsquery of entries that are the thing itself with which a concept does something, or nothing.

    A catalogue has "Wohnsitz" beside "Wohnsitz Anmeldung", and whoever asks for the second may want the first.
    """
    things = {thing_of(name) for name in get_glossary().concepts[concept].words} - {()}
    queries = [
        " & ".join(f"({with_weights(any_lexeme(analyse(word).exact), 'A')})" for word in thing)
        for thing in sorted(things)
    ]
    return f"({' | '.join(f'({one})' for one in queries)}) & !{_quoted(ANY_DEED)}" if queries else ""


def _inner(words: Sequence[str], glossary: Glossary) -> tuple[str, ...]:
    """Return what each word of an expression, or each part of a compound, stands for alone."""
    parts = words if len(words) > 1 else halves(words[0])
    inner = []
    for word in parts:
        alone = [concept for match in glossary.matches((word,)) for concept in match.concepts]
        named = dict.fromkeys(one for concept in alone for one in glossary.named(concept))
        inner.append(" | ".join(filter(None, (any_lexeme(analyse(word).exact), concept_query(named)))))
    return tuple(inner)


def foreignness(lang: str, words: Sequence[str]) -> float:
    """Return how surely a question is in another language than German, 0 to 1; ``lang`` tells where it is known."""
    return float(lang != GERMAN) if lang else get_glossary().foreignness(content(words))


def felt_concepts(near: Sequence[tuple[str, float]], groups: Sequence[Group]) -> list[tuple[str, float]]:
    """Return what entries may be besides what the words name, with how near that is, the nearest first.

    ``near`` are concepts with their nearness in meaning. What a situation brings with it is a little less near with
    each step down its list; neighbours of what the words name are farther still.
    """
    glossary = get_glossary()
    found: dict[str, float] = {}
    for concept, nearness in near:
        for step, one in enumerate(glossary.named(concept) if concept in glossary.concepts else ()):
            found[one] = max(nearness * (1 - WEIGHTS.step * step), found.get(one, 0.0))
    for group in groups:
        for concept in group.concepts:
            for step, one in enumerate(glossary.named(concept)):
                if step:
                    found[one] = max(1 - WEIGHTS.step * step, found.get(one, 0.0))
            for one in glossary.concepts[concept].related:
                if one in glossary.concepts:
                    found.setdefault(one, WEIGHTS.neighbour)
    return sorted(found.items(), key=lambda pair: -pair[1])


def _says_little(word: str) -> bool:
    return word.lower() in WEAK or len(word) <= _SAYS_LITTLE


def concept_query(concepts: Iterable[str]) -> str:
    """Return the tsquery of any of these concepts."""
    return " | ".join(_quoted(f"{MARK}{concept}") for concept in concepts)


def related_titles(groups: Sequence[Group], *, most: int = 6) -> tuple[str, ...]:
    """Return what else might help whoever asked for these: what a situation brings with it, then neighbours."""
    glossary = get_glossary()
    asked = [glossary.concepts[concept] for group in groups for concept in group.concepts]
    names = [one for concept in asked for one in (*concept.includes, *concept.related)]
    known = dict.fromkeys(
        glossary.concepts[name].words[0]
        for name in names
        if name in glossary.concepts and glossary.concepts[name].words and glossary.concepts[name] not in asked
    )
    return tuple(known)[:most]


def any_lexeme(lexemes: Sequence[str]) -> str:
    """Return the tsquery of any of these lexemes."""
    return " | ".join(_quoted(lexeme) for lexeme in lexemes)


def _all(queries: Sequence[str]) -> str:
    return queries[0] if len(queries) == 1 else " & ".join(f"({query})" for query in queries)


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def with_weights(query: str, weights: str) -> str:
    """Return a tsquery that matches lexemes of these weights only."""
    out: list[str] = []
    inside = False
    position = 0
    while position < len(query):
        letter = query[position]
        out.append(letter)
        if letter == "'":
            if inside and query[position + 1 : position + 2] == "'":
                out.append("'")
                position += 1
            elif inside:
                out.append(f":{weights}")
                inside = False
            else:
                inside = True
        position += 1
    return "".join(out)
