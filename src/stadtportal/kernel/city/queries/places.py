"""Places, organisations and categories, one by one and in lists."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.db.models import Count, F, Q
from django.db.models.functions import Left

from stadtportal.kernel.city.models import Category, Organisation, Place, Source, Street
from stadtportal.kernel.city.queries.views import (
    category_view,
    organisation_view,
    place_view,
    places_with_names,
    source_view,
)
from stadtportal.kernel.city.rules.geometry import box_around, distance_metres
from stadtportal.kernel.city.rules.shapes import NearbyPlace
from stadtportal.kernel.contracts import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection

    from stadtportal.kernel.city.rules.shapes import (
        CategoryView,
        OrganisationView,
        PlaceView,
        SourceView,
    )

NEARBY_METRES = 600
COUNTS_KEY = "city.place_counts"
COUNTS_GOOD_FOR_SECONDS = 30


def find_place(slug: str) -> PlaceView | None:
    """Return one place, or ``None``."""
    found = places_with_names().filter(slug=slug).first()
    return place_view(found) if found else None


def get_place(slug: str) -> PlaceView:
    """Return one place. Raises :class:`NotFound`."""
    if (found := find_place(slug)) is None:
        message = "Diesen Ort gibt es nicht oder nicht mehr."
        raise NotFound(message)
    return found


def get_organisation(slug: str) -> OrganisationView:
    """Return one organisation. Raises :class:`NotFound`."""
    found = Organisation.objects.filter(slug=slug, removed_at=None).first()
    if found is None:
        message = "Diesen Anbieter gibt es nicht oder nicht mehr."
        raise NotFound(message)
    return organisation_view(found)


def get_source(key: str) -> SourceView | None:
    """Return where facts come from, or ``None``."""
    found = Source.objects.filter(key=key).first()
    return source_view(found) if found else None


def list_sources() -> tuple[SourceView, ...]:
    """Return every source by its title."""
    return tuple(source_view(source) for source in Source.objects.order_by("title"))


def _place_counts() -> dict[int, int]:
    """Return how many places each category holds itself, counted anew every half minute."""
    kept: dict[int, int] | None = caches["process"].get(COUNTS_KEY)
    if kept is None:
        rows = Place.objects.filter(removed_at=None, category__isnull=False).order_by().values_list("category")
        kept = dict(rows.annotate(Count("pk")))
        caches["process"].set(COUNTS_KEY, kept, COUNTS_GOOD_FOR_SECONDS)
    return kept


def forget_place_counts() -> None:
    """Count the places of categories anew at the next question, because this process has changed them."""
    caches["process"].delete(COUNTS_KEY)


def list_categories() -> tuple[CategoryView, ...]:
    """Return all categories in the order of the German alphabet, each with the count of its own places.

    Counts may be half a minute old when another process has written places.
    """
    counts = _place_counts()
    return tuple(
        category_view(category, place_count=counts.get(category.pk, 0))
        for category in Category.objects.select_related("parent")
    )


def list_places(*, category: str = "", district: str = "", first: int = 0, limit: int = 50) -> tuple[PlaceView, ...]:
    """Return places by name, of a category (and those below it) and a district where given."""
    found = Place.objects.filter(removed_at=None)
    if category:
        slugs = Q(slug=category) | Q(parent__slug=category)
        # The numbers themselves, not a join: the database then walks its index of category and name.
        found = found.filter(category_id__in=list(Category.objects.filter(slugs).values_list("pk", flat=True)))
    if district:
        found = found.filter(district__slug=district)
    ids = list(found.order_by("sort_name", "pk").values_list("pk", flat=True)[first : first + limit])
    rows = {place.pk: place for place in places_with_names().filter(pk__in=ids)}
    return tuple(place_view(rows[pk]) for pk in ids if pk in rows)


def list_places_of_source(source: str, *, ids: Collection[str]) -> dict[str, PlaceView]:
    """Return the places that came from a source with one of these ids there, by that id; one query."""
    found = places_with_names().filter(source=source, source_id__in=ids).order_by("pk")
    return {place.source_id: place_view(place) for place in found}


def list_nearby(place: PlaceView, *, limit: int = 6) -> tuple[NearbyPlace, ...]:
    """Return the places nearest to one, within 600 metres, but no other department of the same name."""
    if place.point is None:
        return ()
    lat, lon = place.point
    box = box_around(lat, lon, NEARBY_METRES)
    shrink = math.cos(math.radians(lat))
    rows = (
        Place.objects.filter(
            removed_at=None,
            lat__range=(box.south, box.north),
            lon__range=(box.west, box.east),
        )
        .exclude(pk=place.id)
        .exclude(name=place.name)
        .annotate(off=(F("lat") - lat) ** 2 + ((F("lon") - lon) * shrink) ** 2)
        .order_by("off", "pk")
        .values_list("slug", "name", "category__title", "lat", "lon")[:limit]
    )
    return tuple(
        NearbyPlace(slug, name, title or "", round(distance_metres(lat, lon, other_lat, other_lon)))
        for slug, name, title, other_lat, other_lon in rows
        if other_lat is not None and other_lon is not None
    )


def list_organisation_places(slug: str, *, limit: int = 50) -> tuple[PlaceView, ...]:
    """Return the places of an organisation by name."""
    found = places_with_names().filter(organisation__slug=slug).order_by("sort_name", "pk")
    return tuple(place_view(place) for place in found[:limit])


def _organisations(letter: str) -> Q:
    if not letter:
        return Q(removed_at=None)
    if letter == "0":
        return Q(removed_at=None) & ~Q(sort_name__regex="^[a-z]")
    return Q(removed_at=None, sort_name__startswith=letter)


def list_organisations(*, letter: str = "", first: int = 0, limit: int = 50) -> tuple[OrganisationView, ...]:
    """Return organisations by name; ``letter`` is one of a-z, or ``0`` for every other beginning."""
    found = Organisation.objects.filter(_organisations(letter)).order_by("sort_name", "pk")
    return tuple(organisation_view(row) for row in found[first : first + limit])


def list_letters() -> dict[str, int]:
    """Return how many organisations begin with each letter; ``0`` counts every other beginning."""
    rows = (
        Organisation.objects.filter(removed_at=None)
        .order_by()
        .annotate(letter=Left("sort_name", 1))
        .values_list("letter")
        .annotate(Count("pk"))
    )
    counts: dict[str, int] = {}
    for letter, count in rows:
        plain = letter if "a" <= letter <= "z" else "0"
        counts[plain] = counts.get(plain, 0) + count
    return dict(sorted(counts.items()))


def count_figures() -> dict[str, int]:
    """Return the counts of places, organisations, districts' streets and places with readable hours."""
    places = Place.objects.filter(removed_at=None).aggregate(
        places=Count("pk"),
        with_hours=Count("pk", filter=~Q(opening_hours="") & Q(hours_parsable=True)),
        accessible=Count("pk", filter=Q(wheelchair="yes")),
    )
    return {
        **places,
        "organisations": Organisation.objects.filter(removed_at=None).count(),
        "streets": Street.objects.count(),
    }
