"""What is suggested while somebody types: found by how it begins, mixed so that no kind crowds out the others."""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from operator import itemgetter
from typing import Generic, TypeVar

from stadtportal.kernel.search.rules.text import normalised

T = TypeVar("T")
#: Behind every text that begins with the same letters.
_LAST = "\U0010ffff"
#: So many of each kind come first, as long as there is room for the other kinds.
_EACH = 2
#: More than these of one kind help nobody; of entries there may be as many as there is room for.
_MOST_OF_ONE = 4


class SuggestionKind(enum.StrEnum):
    """What a suggestion is, in the order in which suggestions are shown."""

    CATEGORY = "category"
    PLACE = "place"
    CONCEPT = "concept"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: what to show, what it is, where it leads, and a word beside it to tell it from others."""

    text: str
    kind: SuggestionKind
    url: str
    detail: str = ""


class Beginnings(Generic[T]):
    """Values found by the beginning of their keys, which are normalised texts; a lower ``rank`` comes first."""

    def __init__(self, values: Iterable[tuple[str, int, T]]) -> None:
        self._values = sorted(values, key=itemgetter(0, 1))
        self._keys = [key for key, _, _ in self._values]

    def __len__(self) -> int:
        return len(self._keys)

    def starting(self, key: str, *, most: int = 50) -> list[T]:
        """Return values whose keys begin with ``key``: by rank, then the shorter and the alphabetically first."""
        first, behind = bisect_left(self._keys, key), bisect_left(self._keys, key + _LAST)
        found = nsmallest(most, self._values[first:behind], key=lambda one: (one[1], len(one[0]), one[0]))
        return [value for _, _, value in found]


def mix(offered: Mapping[SuggestionKind, Iterable[Suggestion]], *, limit: int) -> tuple[Suggestion, ...]:
    """Return ``limit`` suggestions at most, no two with the same text: some of each kind, then more.

    The order is that of the kinds, and within a kind the one given.
    """
    left = {kind: iter(offered.get(kind, ())) for kind in SuggestionKind}
    taken: dict[SuggestionKind, list[Suggestion]] = {kind: [] for kind in SuggestionKind}
    seen: set[str] = set()
    shares = [(kind, _EACH) for kind in left]
    shares += [(SuggestionKind.ENTRY, limit), *((kind, _MOST_OF_ONE) for kind in left)]
    for kind, most in shares:
        while len(taken[kind]) < most and sum(map(len, taken.values())) < limit:
            suggestion = next(left[kind], None)
            if suggestion is None:
                break
            key = normalised(suggestion.text)
            if key not in seen:
                seen.add(key)
                taken[kind].append(suggestion)
    return tuple(suggestion for suggestions in taken.values() for suggestion in suggestions)
