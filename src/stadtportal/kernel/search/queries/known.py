"""What filters can ask for, so that a word nobody knows is answered with those that are known."""

from __future__ import annotations

from django.db import connection

from stadtportal.kernel.contracts import registry
from stadtportal.kernel.search.queries.places import get_place_index
from stadtportal.kernel.search.rules.text import normalised

# Each walks from one value to the next by an index instead of reading every entry.
_PAIRS = """
WITH RECURSIVE known AS (
    (SELECT area, kind FROM search_entry ORDER BY area, kind LIMIT 1)
    UNION ALL
    SELECT next.area, next.kind FROM known CROSS JOIN LATERAL (
        SELECT area, kind FROM search_entry
        WHERE (area, kind) > (known.area, known.kind) ORDER BY area, kind LIMIT 1
    ) AS next
)
SELECT area, kind FROM known
"""
_CATEGORIES = """
WITH RECURSIVE known AS (
    (SELECT category FROM search_entry WHERE category > '' ORDER BY category LIMIT 1)
    UNION ALL
    SELECT (SELECT min(category) FROM search_entry WHERE category > known.category)
    FROM known WHERE known.category IS NOT NULL
)
SELECT category FROM known WHERE category IS NOT NULL
"""


def list_areas() -> list[str]:
    """Return the areas installed here and those whose entries are in the index."""
    return sorted({area for area, _ in _pairs()} | {area.slug for area in registry.areas()})


def list_kinds() -> list[str]:
    """Return the kinds of entries there are."""
    return sorted({kind for _, kind in _pairs()})


def list_category_slugs() -> list[str]:
    """Return the categories entries have."""
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORIES)
        return sorted(slug for (slug,) in cursor.fetchall())


def list_district_names() -> dict[str, str]:
    """Return the names of the districts by their slugs."""
    districts = {place.district: place.name for place in get_place_index().values() if place.kind == "district"}
    return dict(sorted(districts.items()))


def find_district(name: str) -> str:
    """Return the slug of a district given by its slug or name; what is neither comes back as it is."""
    place = get_place_index().get(normalised(name))
    if place is None or place.kind != "district" or name in list_district_names():
        return name
    return place.district


def _pairs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS)
        return list(cursor.fetchall())
