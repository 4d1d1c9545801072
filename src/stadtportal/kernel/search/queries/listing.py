"""Counting entries and walking through them, for figures and the sitemap."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count

from stadtportal.kernel.search.models import Entry


def count_entries() -> int:
    """Return how many things can be found."""
    return Entry.objects.count()


def count_categories(*, district: str) -> dict[str, int]:
    """Return how many entries of each category a district has, by the category's slug."""
    rows = Entry.objects.filter(district=district).exclude(category="").values_list("category")
    return dict(rows.annotate(Count("pk")).order_by())


def list_addresses(*, after: int, limit: int) -> list[tuple[int, str]]:
    """Return (number, path) of the next entries in a stable order, for walking through all of them."""
    rows = Entry.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "url")
    return list(rows[:limit])


def list_part_ends(*, size: int) -> list[int]:
    """Return the number of the last entry of every full part of ``size`` entries that another part follows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS position, count(*) OVER () AS total"
            " FROM search_entry) AS numbered WHERE position %% %s = 0 AND position < total ORDER BY id",
            [size],
        )
        return [number for (number,) in cursor.fetchall()]
