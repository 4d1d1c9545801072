"""The pages of the directory; they only read, and count how often a place is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.areas.directory import queries
from stadtportal.areas.directory.rules import organisation_data, place_data, website_name
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web.api import actor_of, json_for_page, page_number, page_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from stadtportal.kernel.city.api import PlaceView

OSM = "https://www.openstreetmap.org"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _json(data: Mapping[str, Any]) -> SafeString:
    return mark_safe(json_for_page(data))  # noqa: S308 -- json_for_page leaves no sign in it that means anything to HTML.


def _features(places: Sequence[PlaceView]) -> list[dict[str, Any]]:
    """Return the places that have a point, as the map reads them from the page."""
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [place.point[1], place.point[0]]},
            "properties": {"id": place.id, "title": place.name},
        }
        for place in places
        if place.point
    ]


def _attribution() -> str:
    """Return the sources of everything the map draws, its ground included."""
    return " · ".join(city.city().attribution)


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one place."""
    page = queries.get_place_page(slug, now=timezone.now())
    shown = page.place
    if request.method == "GET" and not actor_of(request).is_staff:
        search.count_use(area="directory", kind="place", key=shown.slug, today=timezone.localdate())
    crumbs = [(_("Orte"), reverse("directory:categories"))]
    if shown.category:
        crumbs.append((shown.category_plural, reverse("directory:category", args=[shown.category])))
    context = {
        "page": page,
        "place": shown,
        "crumbs": [*crumbs, (shown.name, "")],
        "features": _features([shown]),
        "attribution": _attribution(),
        "website_name": website_name(shown.website),
        "osm_url": f"{OSM}/{shown.source_id}" if shown.source.startswith("osm") and shown.source_id else "",
        "data": _json(place_data(shown, url=request.build_absolute_uri(request.path), week=page.week)),
    }
    return render(request, "directory/place.html", context)


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one organisation with its places and what it offers."""
    page = queries.get_organisation_page(slug, now=timezone.now())
    shown = page.organisation
    context = {
        "page": page,
        "organisation": shown,
        "crumbs": [(_("Anbieter"), reverse("directory:organisations")), (shown.name, "")],
        "features": _features(page.places),
        "attribution": _attribution(),
        "website_name": website_name(shown.website),
        "data": _json(organisation_data(shown, url=request.build_absolute_uri(request.path))),
    }
    return render(request, "directory/organisation.html", context)


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Show the categories that hold places."""
    context = {"groups": queries.list_category_groups(), "crumbs": [(_("Orte"), "")]}
    return render(request, "directory/categories.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the places of one category."""
    shown = queries.get_places_page(slug, number=page_number(request), now=timezone.now())
    context = {
        "shown": shown,
        "page": page_of(shown.number, pages=shown.pages),
        "crumbs": [(_("Orte"), reverse("directory:categories")), (shown.category.plural, "")],
        "features": _features([line.place for line in shown.lines]),
        "attribution": _attribution(),
    }
    return render(request, "directory/category.html", context)


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Show organisations from A to Z."""
    letter = request.GET.get("buchstabe", "")
    if letter not in {"", "0", *LETTERS}:
        raise NotFound(_("Diesen Buchstaben gibt es hier nicht."))
    number = page_number(request)
    counts = queries.list_letters()
    shown, pages = queries.list_organisations(letter, number=number)
    context = {
        "organisations": shown,
        "letter": letter,
        "letters": [(one, one.upper() if one != "0" else "0–9", counts.get(one, 0)) for one in (*LETTERS, "0")],
        "page": page_of(number, pages=pages),
        "crumbs": [(_("Anbieter"), "")],
    }
    return render(request, "directory/organisations.html", context)
