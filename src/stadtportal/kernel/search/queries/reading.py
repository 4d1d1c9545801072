"""Reading a question: what its words mean here, which of them are mistyped, how much each says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stadtportal.kernel.contracts import PlaceName
from stadtportal.kernel.search.engine.asking import Word, content, find_matches, foreignness, groups_of, lexemes_of
from stadtportal.kernel.search.engine.german import content_positions
from stadtportal.kernel.search.engine.glossary import MARK
from stadtportal.kernel.search.queries.places import get_place_index
from stadtportal.kernel.search.queries.scoring import Weighted
from stadtportal.kernel.search.queries.spelling import spell
from stadtportal.kernel.search.queries.vocabulary import count_entries_with
from stadtportal.kernel.search.rules.places import locate
from stadtportal.kernel.search.rules.question import Part, ReadAs, SearchQuery, Understood
from stadtportal.kernel.search.rules.understanding import understand
from stadtportal.kernel.search.rules.weights import WEIGHTS

#: How far from a street or a postcode's middle something still counts as there, in metres.
_AROUND = {"street": 1000, "postcode": 2000, "quarter": 1500, "landmark": 1500}
_AROUND_ANYTHING_ELSE = 1500
#: How many entries there are is not counted for each question; rarity needs no more than the order of it.
_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood: the query with what was read out of the text, and the groups of words left."""

    query: SearchQuery
    groups: tuple[Weighted, ...] = ()
    place: PlaceName | None = None
    street: str = ""
    understood: tuple[Understood, ...] = ()
    words: tuple[str, ...] = ()
    did_you_mean: str = ""

    @property
    def time_was_read(self) -> bool:
        """Tell whether a time stood in the text."""
        return any(one.kind in {ReadAs.TIME, ReadAs.OPEN} for one in self.understood)


def read(query: SearchQuery, words: Sequence[str], *, now: datetime) -> Asked:
    """Read a question."""
    asked = _read_limits(query, words, now=now)
    spelling = spell(content(asked.words), without=query.without)
    if not spelling.corrected:
        return replace(asked, groups=_weigh(spelling.words, query))
    corrected = tuple(spelling.corrected.get(word, word) for word in words)
    again = _read_limits(query, corrected, now=now)
    if again.understood != asked.understood:
        # What was mistyped was a place or a time.
        asked = again
        spelling = spell(content(again.words), without=query.without)
    return replace(asked, groups=_weigh(spelling.words, query), did_you_mean=" ".join(corrected))


def _read_limits(query: SearchQuery, words: Sequence[str], *, now: datetime) -> Asked:
    """Take times, prices, places and the like out of the words."""
    if query.literal or Part.UNDERSTANDING in query.without or not words:
        return Asked(query, words=tuple(words))
    reading = understand(words, query, now=now, keep=_in_expressions(words, query))
    query, left, understood = reading.query, reading.words, reading.understood
    place: PlaceName | None = None
    street = ""
    if not query.district and query.near is None and query.bounds is None:
        located = locate(left, get_place_index())
        if located.place is not None:
            place = located.place
            name = [word for word in left if word not in located.words]
            understood = (*understood, _place_chip(place, " ".join(name)))
            query = _within(query, place)
            street = _as_address(place)
        left = located.words
    whole = list(words)
    chips = tuple(replace(one, without=_without(whole, one.text)) for one in understood)
    return Asked(query, place=place, street=street, understood=chips, words=left)


def _in_expressions(words: Sequence[str], query: SearchQuery) -> list[bool]:
    """Mark the words that stand in an expression of several words: "Tag der offenen Tür" asks for no open door."""
    keep = [False] * len(words)
    positions = content_positions(words)
    for match in find_matches([words[position] for position in positions], without=query.without):
        if match.end - match.start > 1:
            for position in positions[match.start : match.end]:
                keep[position] = True
    return keep


def _without(words: Sequence[str], text: str) -> str:
    taken = text.split()
    left = list(words)
    for word in taken:
        if word in left:
            left.remove(word)
    return " ".join(left)


def _place_chip(place: PlaceName, text: str) -> Understood:
    around = place.kind != "district" and place.point is not None
    return Understood(ReadAs.PLACE, text, f"{'rund um' if around else 'in'} {place.name}", place.district)


def _within(query: SearchQuery, place: PlaceName) -> SearchQuery:
    """Limit the query to a place: to the district itself, or to what is around any smaller place."""
    if place.kind == "district" or place.point is None:
        return replace(query, district=place.district)
    radius = query.radius_m or _AROUND.get(place.kind, _AROUND_ANYTHING_ELSE)
    return replace(query, near=place.point, radius_m=radius)


def _as_address(place: PlaceName) -> str:
    """Return the tsquery of a street's name; other places are no part of an address."""
    if place.kind != "street":
        return ""
    lexemes = [lexeme for word in place.name.replace("-", " ").split() for lexeme in lexemes_of(word)[:1]]
    return " & ".join("'" + lexeme.replace("'", "''") + "'" for lexeme in lexemes)


def _weigh(words: Sequence[Word], query: SearchQuery) -> tuple[Weighted, ...]:
    """Return the groups with how much each says: rare things say more."""
    surely_foreign = foreignness(query.lang, [word.text for word in words]) == 1.0
    groups = groups_of(words, foreign=surely_foreign, without=query.without)
    counted = count_entries_with([lexeme for group in groups for lexeme in group.lexemes])
    weighted = []
    for group in groups:
        entries = max((counted.get(lexeme, 0) for lexeme in group.lexemes), default=0)
        lost = entries == 0 and not group.loose
        rarity = math.log(2 + _ENTRIES / (1 + entries)) / math.log(_ENTRIES)
        weight = rarity**WEIGHTS.rarity * (WEIGHTS.weak_word if group.weak else 1.0)
        literal = any(counted.get(lexeme) for lexeme in group.lexemes if not lexeme.startswith(MARK))
        weighted.append(Weighted(group, weight, lost, literal))
    return tuple(weighted)
