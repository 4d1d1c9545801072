"""Finding: one statement per question, a few more when it has no answer."""

from stadtportal.kernel.search.queries.find import find
from stadtportal.kernel.search.queries.listing import count_categories, count_entries, list_addresses, list_part_ends
from stadtportal.kernel.search.queries.opening import set_opening_check

__all__ = ["count_categories", "count_entries", "find", "list_addresses", "list_part_ends", "set_opening_check"]
