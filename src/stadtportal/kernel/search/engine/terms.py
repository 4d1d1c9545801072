"""From the texts of an entry to the lexemes under which it is found.

A lexeme keeps its best weight only: A what the thing is (title, category), B other words of its own, where it is, and
the parts of compounds in the title, C what it says in short, D its long text. Lexemes that begin with ``=`` are
concepts of the glossary, those that begin with ``=deed`` what is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stadtportal.kernel.search.engine.deeds import ANY_DEED, deeds_in
from stadtportal.kernel.search.engine.deeds import lexeme as lexeme_of_deed
from stadtportal.kernel.search.engine.german import analyse, content_positions
from stadtportal.kernel.search.engine.glossary import MARK, Glossary, get_glossary
from stadtportal.kernel.search.engine.word_lists import FILLERS
from stadtportal.kernel.search.rules.text import words_of

#: What is read differently by a new version of this module has to be indexed anew.
VERSION = "4"
_BELOW = {"A": "B", "B": "C", "C": "D", "D": "D"}
_MOST_WORDS_OF_BODY = 1500
_LONGEST_LEXEME = 100
_HYPHENED = re.compile(r"\w{2,40}(?:-\w{2,40})+")


@dataclass(frozen=True, slots=True)
class Terms:
    """``vector`` and ``names`` as PostgreSQL reads a tsvector; ``words`` are those that correct spelling."""

    vector: str
    names: str
    words: tuple[str, ...]


def terms_of(texts: Mapping[str, str], *, tags: Iterable[str] = ()) -> Terms:
    """Return the lexemes of an entry by its ``title``, ``category_title``, ``words``, ``organisation`` and so on."""
    glossary = get_glossary()
    found: dict[str, str] = {}
    title = _words(texts.get("title", ""))
    category = _words(texts.get("category_title", ""))
    own = _words(texts.get("words", ""))
    organisation = _words(texts.get("organisation", ""))
    _add(found, title, "A")
    # "Kfz-Zulassung" is found as one word, too.
    _add(found, [joined.replace("-", "").lower() for joined in _HYPHENED.findall(texts.get("title", ""))], "B")
    _add_concepts(found, glossary, (title, category), tags, "A")
    if deeds := deeds_in(title):
        found |= dict.fromkeys((ANY_DEED, *map(lexeme_of_deed, sorted(deeds))), "A")
    names = dict.fromkeys(found, "A")
    _add(found, category, "A")
    _add(found, own, "B")
    _add_concepts(found, glossary, (own,), (), "B")
    _add(found, organisation, "B")
    address = [word for word in _words(texts.get("address", "")) if word.isalpha()]
    _add(found, _words(texts.get("address", "")), "B")
    _add(found, _words(texts.get("summary", "")), "C")
    body = _words(texts.get("body", ""))[:_MOST_WORDS_OF_BODY]
    _add(found, body, "D")
    _add_concepts(found, glossary, (body,), (), "D")
    spelt = dict.fromkeys(word.lower() for words in (title, category, own, organisation, address) for word in words)
    return Terms(_literal(found), _literal(names), tuple(spelt))


def _words(text: str) -> list[str]:
    return [word[:_LONGEST_LEXEME] for word in words_of(text)]


def _add(found: dict[str, str], words: Sequence[str], weight: str) -> None:
    for word in words:
        if word.lower() in FILLERS:
            continue
        lexemes = analyse(word)
        for lexeme in lexemes.exact:
            _keep(found, lexeme, weight)
        for lexeme in lexemes.parts:
            _keep(found, lexeme, _BELOW[weight])


def _add_concepts(
    found: dict[str, str],
    glossary: Glossary,
    texts: Iterable[Sequence[str]],
    tags: Iterable[str],
    weight: str,
) -> None:
    for words in texts:
        for concept in glossary.concepts_in([words[position] for position in content_positions(words)]):
            _keep(found, f"{MARK}{concept}", weight)
    for tag in tags:
        for concept in glossary.concepts_of_tag(tag):
            _keep(found, f"{MARK}{concept}", weight)


def _keep(found: dict[str, str], lexeme: str, weight: str) -> None:
    if weight < found.get(lexeme, "E"):
        found[lexeme] = weight


def _literal(found: Mapping[str, str]) -> str:
    return " ".join(f"'{lexeme}':1{weight}" for lexeme, weight in found.items())
