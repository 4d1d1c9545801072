"""Which word of the vocabulary somebody meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from stadtportal.kernel.search.rules.text import folded

_SHORT, _MIDDLE = 4, 9
#: A second word about as likely as the first is looked for as well.
_ABOUT_AS_LIKELY = 0.5
_FAR_MORE, _OFTEN = 5, 10
_SOUNDS = str.maketrans("jyvwcqgzxdb", "iiffkkksstp", "h")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word of the vocabulary near to a mistyped one, with how many entries have it; not German when ``foreign``."""

    word: str
    key: str
    entries: int
    foreign: bool = False


def choose(typed: str, neighbours: Sequence[Neighbour], *, strict: bool = False) -> tuple[str, ...]:
    """Return the words probably meant, the likeliest first; none when all are too far away.

    ``strict`` allows a single mistake, for what may well be a word of its own.
    Counted are letters left out, doubled, swapped or replaced. What sounds the same is nearer, another first letter
    makes it farther, and of two equally far the more frequent comes first.
    """
    key = folded(typed)
    allowed = 1 if len(key) <= _SHORT or strict else 2 if len(key) <= _MIDDLE else 3
    costs: dict[str, float] = {}
    for one in neighbours:
        distance = OSA.distance(key, one.key, score_cutoff=allowed)
        if not 0 < distance <= allowed or (strict and one.key[:1] != key[:1]):
            continue
        cost = distance - math.log1p(one.entries) * 0.06
        cost -= 0.5 * (_sound(key) == _sound(one.key)) - 0.4 * (key[:1] != one.key[:1])
        cost += 0.15 * abs(len(key) - len(one.key))
        costs[one.word] = min(cost, costs.get(one.word, math.inf))
    ordered = sorted(costs, key=lambda word: (costs[word], word))
    return tuple(word for word in ordered[:2] if costs[word] <= costs[ordered[0]] + _ABOUT_AS_LIKELY)


def choose_frequent(typed: str, neighbours: Sequence[Neighbour], *, entries: int) -> tuple[str, ...]:
    """Return a word one mistake away that is far more frequent than the one typed, which some entries have."""
    key = folded(typed)
    likely = [
        one
        for one in neighbours
        if one.entries >= max(_FAR_MORE * entries, _OFTEN) and one.key != key and OSA.distance(key, one.key) == 1
    ]
    return tuple(one.word for one in sorted(likely, key=lambda one: -one.entries)[:1])


def _sound(word: str) -> str:
    """Return roughly how a German word sounds: no doubled letters, no mute h, like consonants as one."""
    plain = word.replace("ph", "f").replace("th", "t").replace("ck", "k").replace("tz", "s").replace("ie", "i").replace(
        "ai", "ei").replace("eu", "oi").replace("au", "ao").replace("ch", "k").translate(_SOUNDS)  # fmt: skip
    return "".join(letter for position, letter in enumerate(plain) if plain[position - 1 : position] != letter)
