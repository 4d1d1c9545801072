"""Lists of words in ``data/``: those that say nothing, and what helps to take compounds apart."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from stadtportal.kernel.search.rules.text import folded

_FOLDER = Path(__file__).parent / "data"


def read_word_lists(name: str) -> dict[str, frozenset[str]]:
    """Return the lists of one file by their names."""
    lists = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return {key: frozenset(words.split()) for key, words in lists.items()}


_fillers = read_word_lists("fillers.yaml")
#: German words without content of their own.
FILLERS = _fillers["de"]
#: The same of other languages, folded, by language.
FOREIGN_FILLERS = {
    language: frozenset(folded(word) for word in words) - {""}
    for language, words in _fillers.items()
    if language != "de"
}
ANY_FOREIGN = frozenset(word for words in FOREIGN_FILLERS.values() for word in words)

#: German words that count for little in a question, because they say what somebody wants to do.
WEAK = read_word_lists("weak.yaml")["doing"]


def asking_languages(words: Iterable[str]) -> tuple[str, ...]:
    """Return the languages other than German whose small words are among these, the most likely first."""
    keys = [folded(word) for word in words if word.lower() not in FILLERS]
    counts = {language: sum(key in fillers for key in keys) for language, fillers in FOREIGN_FILLERS.items()}
    return tuple(sorted((language for language, count in counts.items() if count), key=lambda one: -counts[one]))
