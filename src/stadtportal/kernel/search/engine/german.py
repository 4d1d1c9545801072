"""German words: their stem, their dictionary form, and the parts of compounds.

The dictionary is simplemma's (1.1 million forms), kept as a trie on disk and mapped into memory (15 MB). It is built
once per installation, which takes three seconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import Stemmer
from django.conf import settings
from simplemma.strategies.dictionaries import TrieDictionaryFactory

from stadtportal.kernel.search.engine.word_lists import ANY_FOREIGN, FILLERS, read_word_lists
from stadtportal.kernel.search.rules.text import folded

_SHORTEST_PART = 3
_SHORTEST_COMPOUND = 7
_SHORTEST_NAME = 4
_WORDS = read_word_lists("compounds.yaml")
_SHORT_PARTS, _NO_FIRST, _NO_HEAD = _WORDS["short_parts"], _WORDS["no_first"], _WORDS["no_head"]
_LINKS = ("", "s", "es", "n", "en", "er", "e")
#: A word may be cut in so many ways: "Zahnarzt-praxis" and "Zahn-arztpraxis" are both helpful.
_MOST_CUTS = 2
_MOST_LOOSE = 3


@dataclass(frozen=True, slots=True)
class GermanWord:
    """What a word is in the index: ``exact`` its own lexemes, ``parts`` those of its compound, the head last."""

    exact: tuple[str, ...]
    parts: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _dictionary() -> Mapping[str, str]:
    folder = Path(settings.PORTAL_DATA) / "words"
    if not (folder / "de.dic").exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Built aside and moved into place: two processes may begin at once.
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            TrieDictionaryFactory(disk_cache_dir=aside).get_dictionary("de")
            (Path(aside) / "de.dic").replace(folder / "de.dic")
    return TrieDictionaryFactory(disk_cache_dir=str(folder)).get_dictionary("de")


_stemmer = Stemmer.Stemmer("german")
_stemming = Lock()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of one word, folded: "Bürgerbüros" and "buergerbuero" give the same."""
    low = word.lower()
    with _stemming:
        # The stemmer takes "Kurs" for the plural of "Kur".
        stemmed = _stemmer.stemWord(f"{low}e" if low.endswith("kurs") else low)
    return folded(stemmed) or folded(low)


@lru_cache(maxsize=200_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Return the dictionary forms of a word, the noun first; none for a word the dictionary lacks."""
    dictionary = _dictionary()
    found = (dictionary.get(word.capitalize()), dictionary.get(word.lower()))
    return tuple(dict.fromkeys(one for one in found if one))


@lru_cache(maxsize=200_000)
def analyse(word: str) -> GermanWord:
    """Return the lexemes of one word, given in any spelling."""
    if word.isdigit():
        return GermanWord((word,))
    exact = dict.fromkeys((stem(word), *(stem(lemma) for lemma in lemmas(word))))
    # Written without umlauts the dictionary would not know the parts.
    spelt = next((lemma for lemma in lemmas(word) if len(lemma) >= _SHORTEST_COMPOUND), word)
    parts = dict.fromkeys(stem(part) for part in split(spelt.lower()) or split(word.lower()))
    return GermanWord(tuple(exact), tuple(part for part in parts if part not in exact))


def halves(word: str) -> tuple[str, str] | tuple[()]:
    """Return a compound as its first part and its head, in lower case; nothing when it is none."""
    best = max(_cuts(word.lower()), default=None) if len(word) >= _SHORTEST_COMPOUND else None
    return best[1:] if best else ()


def loose_heads(word: str) -> list[tuple[str, str]]:
    """Return the ways to see an unknown word as something unknown before a known head, the longest head first."""
    low = word.lower()
    dictionary = _dictionary()
    cuts = ((low[:position], low[position:]) for position in range(_SHORTEST_NAME, len(low) - _SHORTEST_NAME + 1))
    return [cut for cut in cuts if _may_be_head(cut[1]) and dictionary.get(cut[1].capitalize())][:_MOST_LOOSE]


def loose_firsts(word: str) -> list[tuple[str, str]]:
    """Return the ways to see an unknown word as something known before an unknown head, the shortest head first."""
    low = word.lower()
    cuts = ((low[:position], low[position:]) for position in range(len(low) - _SHORTEST_NAME, _SHORTEST_NAME - 1, -1))
    return [cut for cut in cuts if lemmas(cut[0])][:_MOST_LOOSE]


def with_capitals(text: str) -> str:
    """Write the nouns of a German text with capitals, as far as the dictionary tells.

    Meaning is read with them: "ausweis" says less than "Ausweis".
    """
    return " ".join(map(_with_capital, text.split()))


@lru_cache(maxsize=50_000)
def _with_capital(word: str) -> str:
    if word != word.lower():
        return word
    dictionary = _dictionary()
    noun = not dictionary.get(word) and (dictionary.get(word.capitalize()) or halves(word))
    return word.capitalize() if noun else word


def is_ordinary(name: str) -> bool:
    """Tell whether a name is a single everyday word ("Rathaus") or too short to be told from one."""
    return len(name) < _SHORTEST_NAME or (name.isalpha() and bool(lemmas(name)))


def content_positions(words: Sequence[str]) -> list[int]:
    """Return where the words stand that say something; all of them when none does."""
    said = [position for position, word in enumerate(words) if not _is_filler(word)]
    return said or list(range(len(words)))


@lru_cache(maxsize=50_000)
def _is_filler(word: str) -> bool:
    low = word.lower()
    return low in FILLERS or (folded(low) in ANY_FOREIGN and not lemmas(word))


@lru_cache(maxsize=100_000)
def split(word: str) -> tuple[str, ...]:
    """Return the parts of a compound in lower case, larger and smaller ones, the head last; nothing when it is none."""
    if len(word) < _SHORTEST_COMPOUND:
        return ()
    cuts = sorted(_cuts(word), reverse=True)[:_MOST_CUTS]
    found: dict[str, None] = {}
    for _, modifier, head in reversed(cuts):
        found |= dict.fromkeys((*halves(modifier), modifier, *halves(head)))
    if cuts:
        head = cuts[0][2]
        found.pop(head, None)
        found[head] = None
    return tuple(found)


def _cuts(word: str) -> list[tuple[float, str, str]]:
    """Return the ways to cut a word in two, each with how sure it is."""
    dictionary = _dictionary()
    cuts = []
    for position in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head = word[position:]
        if not _may_be_head(head) or dictionary.get(head.capitalize()) is None:
            continue
        for link in _LINKS:
            modifier = word[: position - len(link)] if word[:position].endswith(link) else ""
            if _may_be_first(modifier) and _known(modifier):
                # Even halves are surer than a long and a short one, and no link is surer than one.
                even = min(len(modifier), len(head), 5)
                # "Stande-samt": the s belongs to the first part.
                strayed = (
                    head[0] == "s" and _may_be_head(head[1:]) and dictionary.get(head[1:].capitalize()) is not None
                )
                cuts.append((even - len(link) * 0.1 + len(head) * 0.01 - 3 * strayed, modifier, head))
    return cuts


def _may_be_head(head: str) -> bool:
    return (len(head) > _SHORTEST_PART or head in _SHORT_PARTS) and head not in _NO_HEAD


def _may_be_first(modifier: str) -> bool:
    if modifier in FILLERS or modifier in _NO_FIRST:
        return False
    return len(modifier) > _SHORTEST_PART or modifier in _SHORT_PARTS


def _known(part: str) -> bool:
    dictionary = _dictionary()
    # "Schul" and "Wohn" are no words, but "Schule" and "wohnen" are.
    return any(dictionary.get(form) for form in (part.capitalize(), part, f"{part.capitalize()}e", f"{part}en"))
