"""The door to search for every other package."""

from stadtportal.kernel.search.actions import (
    count_use,
    encode_glossary,
    encode_pending,
    put,
    rebuild,
    refresh_vocabulary,
    remove,
)
from stadtportal.kernel.search.engine.encoder import encode_question
from stadtportal.kernel.search.engine.glossary import get_glossary
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
from stadtportal.kernel.search.queries.spelling import set_dialect
from stadtportal.kernel.search.queries.suggest import suggest
from stadtportal.kernel.search.rules.question import (
    MOST_CANDIDATES,
    BadQuestion,
    Bounds,
    FacetValue,
    Part,
    ReadAs,
    Relaxed,
    Result,
    SearchPage,
    SearchQuery,
    Sort,
    Understood,
    Window,
    on_earth,
)
from stadtportal.kernel.search.rules.suggestions import Suggestion, SuggestionKind
from stadtportal.kernel.search.rules.text import LONGEST_TEXT, clean
from stadtportal.kernel.search.rules.understanding import LANGUAGE_NAMES
from stadtportal.kernel.search.rules.weights import WEIGHTS, Weights


def warm_up() -> None:
    """Load what the first question would have to wait for: words, glossary, encoder. Workers forked later share it."""
    encode_question("Stuttgart")
    get_glossary().matches(("Stuttgart",))


__all__ = [
    "LANGUAGE_NAMES",
    "LONGEST_TEXT",
    "MOST_CANDIDATES",
    "WEIGHTS",
    "BadQuestion",
    "Bounds",
    "FacetValue",
    "Part",
    "ReadAs",
    "Relaxed",
    "Result",
    "SearchPage",
    "SearchQuery",
    "Sort",
    "Suggestion",
    "SuggestionKind",
    "Understood",
    "Weights",
    "Window",
    "clean",
    "count_categories",
    "count_entries",
    "count_use",
    "encode_glossary",
    "encode_pending",
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
    "set_dialect",
    "set_opening_check",
    "suggest",
    "warm_up",
]
