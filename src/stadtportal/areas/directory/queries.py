"""What the pages of the directory show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stadtportal.areas.directory.rules import CategoryGroup, Detail, details, group_categories
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web.api import count_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = 30
OFFERS = 12
#: Places of a search result are pages of this area; what others offer is everything else.
OWN_AREA = "directory"


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Everything on the page of a place."""

    place: city.PlaceView
    status: city.HoursStatus
    week: tuple[city.DayHours, ...]
    notes: tuple[str, ...]
    details: tuple[Detail, ...]
    source: city.SourceView | None
    nearby: tuple[city.NearbyPlace, ...]
    offers: tuple[search.Result, ...]


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Everything on the page of an organisation."""

    organisation: city.OrganisationView
    places: tuple[city.PlaceView, ...]
    offers: tuple[search.Result, ...]
    source: city.SourceView | None


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place in a list, with whether it is open."""

    place: city.PlaceView
    status: city.HoursStatus


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """One page of the places of a category."""

    category: city.CategoryView
    siblings: tuple[city.CategoryView, ...]
    lines: tuple[PlaceLine, ...]
    place_count: int
    number: int
    pages: int


def get_place_page(slug: str, *, now: datetime) -> PlacePage:
    """Return the page of a place at ``now``. Raises ``NotFound``."""
    place = city.get_place(slug)
    state = city.city().state
    hours = place.opening_hours
    today = now.astimezone(city.BERLIN).date()
    return PlacePage(
        place=place,
        status=city.hours_status(hours, now, state=state),
        week=city.week_hours(hours, today, state=state) if place.hours_parsable else (),
        notes=tuple(note for note in (place.hours_note, *city.comments_in(hours)) if note)
        if place.hours_parsable
        else (),
        details=details(place.tags),
        source=city.get_source(place.source) if place.source else None,
        nearby=city.list_nearby(place),
        offers=list_offers(place.organisation_name, now=now) if place.organisation_name else (),
    )


def get_organisation_page(slug: str, *, now: datetime) -> OrganisationPage:
    """Return the page of an organisation at ``now``. Raises ``NotFound``."""
    organisation = city.get_organisation(slug)
    return OrganisationPage(
        organisation=organisation,
        places=city.list_organisation_places(slug, limit=PAGE),
        offers=list_offers(organisation.name, now=now),
        source=city.get_source(organisation.source) if organisation.source else None,
    )


def list_offers(organisation_name: str, *, now: datetime) -> tuple[search.Result, ...]:
    """Return what an organisation offers in other areas, as search knows it, the next date first."""
    return search.list_offers(organisation=organisation_name, but_not_area=OWN_AREA, now=now, limit=OFFERS)


def list_category_groups() -> tuple[CategoryGroup, ...]:
    """Return all categories that hold places, in groups."""
    return group_categories(city.list_categories())


def get_places_page(slug: str, *, number: int, now: datetime) -> PlacesPage:
    """Return one page of a category's places as they are at ``now``; ``number`` counts from 1. Raises ``NotFound``."""
    categories = city.list_categories()
    category = next((one for one in categories if one.slug == slug), None)
    if category is None:
        raise NotFound("Diese Kategorie gibt es nicht.")
    siblings = tuple(
        one for one in categories if one.place_count and one.slug != slug and one.parent == (category.parent or slug)
    )
    count = category.place_count + sum(one.place_count for one in categories if one.parent == slug)
    pages = count_pages(count, size=PAGE, number=number)
    places = city.list_places(category=slug, first=(number - 1) * PAGE, limit=PAGE)
    state = city.city().state
    lines = tuple(PlaceLine(place, city.hours_status(place.opening_hours, now, state=state)) for place in places)
    return PlacesPage(category, siblings, lines, count, number, pages)


def list_letters() -> dict[str, int]:
    """Return how many organisations begin with each letter."""
    return city.list_letters()


def list_organisations(letter: str, *, number: int) -> tuple[Sequence[city.OrganisationView], int]:
    """Return one page of organisations and how many pages there are. Raises ``NotFound`` beyond the last."""
    letters = city.list_letters()
    count = letters.get(letter, 0) if letter else sum(letters.values())
    pages = count_pages(count, size=PAGE, number=number)
    return city.list_organisations(letter=letter, first=(number - 1) * PAGE, limit=PAGE), pages
