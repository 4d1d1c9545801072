"""What people want done with a thing: renewed, replaced, registered. Families of words: ``data/deeds.yaml``.

Services differ by it ("Reisepass Ersatz", "Reisepass Verlängerung"), and people say it with a verb, in any language.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from stadtportal.kernel.search.engine.german import analyse, halves
from stadtportal.kernel.search.rules.text import folded, words_of

_FILE = Path(__file__).parent / "data" / "deeds.yaml"
#: The lexeme of every entry whose title names any deed.
ANY_DEED: Final = "=deed"

#: Deeds for which a catalogue may have the thing alone.
_ABOUT_A_THING: Final = frozenset({"apply", "loss", "renew", "register", "deregister", "change", "exchange", "admit"})


def lexeme(deed: str) -> str:
    """Return the lexeme under which entries with this deed are found."""
    return f"{ANY_DEED}.{deed}"


@lru_cache(maxsize=1)
def _families() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the deeds by lexeme of the words that name them, and by lexeme or folded word of those that say them."""
    named: dict[str, set[str]] = {}
    said: dict[str, set[str]] = {}
    for deed, words in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items():
        for word in words["named"].split():
            for one in analyse(word).exact:
                named.setdefault(one, set()).add(deed)
                said.setdefault(one, set()).add(deed)
        for word in words["said"].split():
            for one in (folded(word), *(analyse(word).exact if word.isascii() or word[:1].isupper() else ())):
                said.setdefault(one, set()).add(deed)
    return named, said


def deeds_in(title: Iterable[str]) -> set[str]:
    """Return the deeds that the words of a title name, also as a part of a compound."""
    named, _ = _families()
    found: set[str] = set()
    for word in title:
        analysed = analyse(word)
        for one in (*analysed.exact, *analysed.parts):
            found |= named.get(one, set())
    return found


def deeds_said(words: Iterable[str]) -> tuple[str, ...]:
    """Return the deeds that the words of a question ask for."""
    named, said = _families()
    found: dict[str, None] = {}
    for word in words:
        analysed = analyse(word)
        for one in (folded(word), *analysed.exact):
            found.update(dict.fromkeys(sorted(said.get(one, ()))))
        for one in analysed.parts:
            found.update(dict.fromkeys(sorted(named.get(one, ()))))
    return tuple(found)


def thing_of(name: str) -> tuple[str, ...]:
    """Return the words of the thing that something is done with: "Wohnsitz" of "Wohnsitzanmeldung"."""
    words = words_of(name)
    parts = list(halves(words[0])) if len(words) == 1 else words
    things = tuple(word for word in parts if not _is_deed(word))
    return things if 0 < len(things) < len(parts) else ()


def _is_deed(word: str) -> bool:
    named, _ = _families()
    return any(named.get(one, set()) & _ABOUT_A_THING for one in analyse(word).exact)
