"""From a word as it is spoken in a city to how it is written in German."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

#: Pairs of a regular expression on the word in lower case and what takes its place.
DialectRules = Sequence[tuple[str, str]]
_MOST_RULES = 3
_MOST_TRIED = 400


def read_dialect(word: str, rules: DialectRules, *, known: Callable[[str], bool]) -> str:
    """Return the German word that a dialect word stands for, by as few rules as possible; ``""`` when there is none."""
    tried = {word.lower()}
    forms = [word.lower()]
    for _ in range(_MOST_RULES):
        made = [re.sub(pattern, instead, form) for form in forms for pattern, instead in rules]
        forms = [form for form in dict.fromkeys(made) if len(form) > 2 and form not in tried][:_MOST_TRIED]  # noqa: PLR2004 -- shorter ones are chance.
        for form in forms:
            if known(form):
                return form
        tried.update(forms)
    return ""
