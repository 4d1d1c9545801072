"""Rows as entries for search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.kernel.city.models import Organisation
from stadtportal.kernel.city.queries.views import organisation_view, place_view, places_with_names
from stadtportal.kernel.city.rules.entries import organisation_entry, place_entry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from stadtportal.kernel.city.models import Place
    from stadtportal.kernel.contracts import EntryDraft

CHUNK = 2000


def _entry(place: Place) -> EntryDraft:
    return place_entry(place_view(place), category_words=place.category.words if place.category else "")


def list_place_entries(ids: Collection[int]) -> list[EntryDraft]:
    """Return the entries of these places."""
    return [_entry(place) for place in places_with_names().filter(pk__in=ids).order_by("pk")]


def list_organisation_entries(ids: Collection[int]) -> list[EntryDraft]:
    """Return the entries of these organisations."""
    found = Organisation.objects.filter(pk__in=ids, removed_at=None).order_by("pk")
    return [organisation_entry(organisation_view(organisation)) for organisation in found]


def list_entries() -> Iterator[EntryDraft]:
    """Yield the entries of all organisations and places still there."""
    for organisation in Organisation.objects.filter(removed_at=None).order_by("pk"):
        yield organisation_entry(organisation_view(organisation))
    for place in places_with_names().order_by("pk").iterator(chunk_size=CHUNK):
        yield _entry(place)
