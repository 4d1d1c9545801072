"""Reading the name of a place out of a question ("Yoga in Bad Cannstatt")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stadtportal.kernel.contracts import PlaceName
from stadtportal.kernel.search.rules.text import normalised

#: Words that lead to a place and mean nothing without it.
_LEADING = frozenset({"in", "im", "am", "an", "bei", "beim", "nahe", "um", "aus", "stadtteil", "stadtbezirk", "bezirk"})
_MOST_WORDS_OF_A_NAME = 5
#: A whole district beats a quarter of the same name, a quarter a postcode, and so on.
_ORDER = {"city": 0, "district": 1, "quarter": 2, "postcode": 3, "street": 4}

PlaceIndex = Mapping[str, PlaceName]


@dataclass(frozen=True, slots=True)
class Located:
    """A question split into what and where; ``place`` is ``None`` when it named no part of the city."""

    words: tuple[str, ...]
    place: PlaceName | None = None


def index_places(names: Iterable[PlaceName]) -> PlaceIndex:
    """Return the names by their normalised form; of two equal names the more general one stays.

    A district is known by its own name and with the city's before it ("West", "Stuttgart-West").
    """
    index: dict[str, PlaceName] = {}
    cities: list[str] = []
    districts: list[PlaceName] = []
    for name in names:
        key = normalised(name.name)
        known = index.get(key)
        if key and (known is None or _rank(name) < _rank(known)):
            index[key] = name
        if name.kind == "city":
            cities.append(key)
        elif name.kind == "district":
            districts.append(name)
    for city in cities:
        for district in districts:
            index.setdefault(f"{city} {normalised(district.name)}", district)
    return index


def locate(words: Sequence[str], places: PlaceIndex) -> Located:
    """Take the longest place name, and the word leading to it, out of ``words``.

    The name of the city itself says nothing here and is taken out without becoming a place.
    """
    left = tuple(words)
    if not places:
        return Located(left)
    found: PlaceName | None = None
    while match := _longest_name(left, places, only_city=found is not None):
        start, end, place = match
        rest = (*left[:start], *left[end:])
        if place.kind != "city":
            found = place
        elif not rest:
            break
        left = rest
    return Located(left, found)


def _longest_name(words: Sequence[str], places: PlaceIndex, *, only_city: bool) -> tuple[int, int, PlaceName] | None:
    """Return where the longest name begins (its leading word included) and ends; later names go first."""
    keys = [normalised(word) for word in words]
    for length in range(min(len(words), _MOST_WORDS_OF_A_NAME), 0, -1):
        for start in range(len(words) - length, -1, -1):
            place = places.get(" ".join(keys[start : start + length]))
            if place is None or (only_city and place.kind != "city"):
                continue
            begin = start - 1 if start and keys[start - 1] in _LEADING else start
            return begin, start + length, place
    return None


def _rank(name: PlaceName) -> int:
    return _ORDER.get(name.kind, len(_ORDER))
