"""Reading the name of a place out of a question ("Yoga in Bad Cannstatt")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stadtportal.kernel.contracts import PlaceName
from stadtportal.kernel.search.rules.text import normalised

#: Words that lead to a place and mean nothing without it.
_LEADING = frozenset(
    [
        "in",
        "im",
        "am",
        "an",
        "bei",
        "beim",
        "nahe",
        "naehe",
        "um",
        "aus",
        "rund",
        "von",
        "vom",
        "der",
        "die",
        "dem",
        "des",
        "umgebung",
        "zu",
        "zum",
        "zur",
        "richtung",
        "stadtteil",
        "stadtbezirk",
        "bezirk",
        "haltestelle",
        "near",
        "at",
        "next",
        "to",
        "the",
        "close",
        "by",
        "around",
        "pres",
        "de",
        "du",
        "a",
        "la",
        "yakin",
        "yakininda",
        "vicino",
        "di",
        "blisko",
        "koło",
        "kolo",
        "w",
        "przy",
        "στο",
        "στη",
        "κοντα",
        "у",
        "біля",
        "биля",
        "возле",
        "рядом",
        "с",
        "в",
        "قرب",
        "بالقرب",
        "من",
    ]
)
#: More of them than these before one name are words of the question.
_MOST_LEADING = 4
_MOST_WORDS_OF_A_NAME = 5
#: A landmark whose name is an everyday word.
ORDINARY = "ordinary"
#: A whole district beats a quarter of the same name, a quarter a postcode, and so on.
_ORDER = {"city": 0, "district": 1, "quarter": 2, "postcode": 3, "street": 4, "landmark": 5, ORDINARY: 6}

PlaceIndex = Mapping[str, PlaceName]


@dataclass(frozen=True, slots=True)
class Located:
    """A question split into what and where; ``place`` is ``None`` when it named no part of the city."""

    words: tuple[str, ...]
    place: PlaceName | None = None


def index_places(names: Iterable[PlaceName], *, ordinary: Callable[[str], bool] = lambda _: False) -> PlaceIndex:
    """Return the names by their normalised form; of two equal names the more general one stays.

    A district is known by its own name and with the city's before it ("West", "Stuttgart-West"). ``ordinary`` tells
    names of landmarks that are everyday words ("Rathaus"): those are places only after a word such as "beim".
    """
    index: dict[str, PlaceName] = {}
    cities: list[str] = []
    districts: list[PlaceName] = []
    for name in names:
        key = normalised(name.name)
        if name.kind == "landmark" and ordinary(name.name):
            name = replace(name, kind=ORDINARY)  # noqa: PLW2901 -- the same name, marked.
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
        if place.kind in {"landmark", ORDINARY} and not rest:
            # Nothing is asked for there: the stop or the park itself is wanted.
            break
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
            begin = start
            while begin > max(start - _MOST_LEADING, 0) and keys[begin - 1] in _LEADING:
                begin -= 1
            if place.kind == ORDINARY and begin == start:
                continue
            return begin, start + length, place
    return None


def _rank(name: PlaceName) -> int:
    return _ORDER.get(name.kind, len(_ORDER))
