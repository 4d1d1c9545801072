"""The door to search for every other package."""

from stadtportal.kernel.search.actions import put, rebuild, refresh_vocabulary, remove
from stadtportal.kernel.search.queries import (
    count_categories,
    count_entries,
    find,
    list_addresses,
    list_part_ends,
    set_opening_check,
)
from stadtportal.kernel.search.queries.offers import list_offers
from stadtportal.kernel.search.queries.places import forget_places
from stadtportal.kernel.search.rules.question import (
    MOST_CANDIDATES,
    BadQuestion,
    Bounds,
    FacetValue,
    Relaxed,
    Result,
    SearchPage,
    SearchQuery,
    Sort,
    on_earth,
)
from stadtportal.kernel.search.rules.text import LONGEST_TEXT, clean

__all__ = [
    "LONGEST_TEXT",
    "MOST_CANDIDATES",
    "BadQuestion",
    "Bounds",
    "FacetValue",
    "Relaxed",
    "Result",
    "SearchPage",
    "SearchQuery",
    "Sort",
    "clean",
    "count_categories",
    "count_entries",
    "find",
    "forget_places",
    "list_addresses",
    "list_offers",
    "list_part_ends",
    "on_earth",
    "put",
    "rebuild",
    "refresh_vocabulary",
    "remove",
    "set_opening_check",
]
