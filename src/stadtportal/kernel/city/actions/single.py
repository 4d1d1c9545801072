"""Single places and organisations, as areas and the demo write them; search hears of it in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.db.models.functions import Now

from stadtportal.kernel.city.models import Category, District, Organisation, Origin, Place, Source
from stadtportal.kernel.city.queries import (
    find_district_at,
    forget_place_counts,
    get_city,
    get_organisation,
    get_place,
    list_organisation_entries,
    list_place_entries,
)
from stadtportal.kernel.city.rules.contact import plain_email, readable_phone, safe_website
from stadtportal.kernel.city.rules.entries import AREA, PLACE
from stadtportal.kernel.city.rules.geometry import valid_point
from stadtportal.kernel.city.rules.hours import is_parsable
from stadtportal.kernel.city.rules.names import is_slug, sort_key
from stadtportal.kernel.contracts import NotFound, RuleBroken
from stadtportal.kernel.search import api as search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stadtportal.kernel.city.rules.shapes import OrganisationView, PlaceView


Named = TypeVar("Named", Category, District, Organisation)


class PlaceRefused(RuleBroken):
    """A place that cannot be written as it is."""

    status = 422


@transaction.atomic
def put_organisation(
    *,
    slug: str,
    name: str,
    kind: str = "",
    description: str = "",
    website: str = "",
    phone: str = "",
    email: str = "",
    example: bool = False,
    source: str = "",
    source_id: str = "",
) -> OrganisationView:
    """Write an organisation by its slug and tell search; return it. Raises :class:`PlaceRefused` without a name."""
    _check_name(slug, name)
    row, _ = Organisation.objects.update_or_create(
        slug=slug,
        defaults={
            "name": name,
            "sort_name": sort_key(name),
            "kind": kind,
            "description": description,
            "website": safe_website(website),
            "phone": readable_phone(phone),
            "email": plain_email(email),
            "example": example,
            "source": source,
            "source_id": source_id,
            "origin": Origin.AREA,
            "removed_at": None,
        },
    )
    search.put(*list_organisation_entries([row.pk]))
    return get_organisation(slug)


@transaction.atomic
def put_place(
    *,
    slug: str,
    name: str,
    category: str = "",
    organisation: str = "",
    district: str = "",
    point: tuple[float, float] | None = None,
    street: str = "",
    house_number: str = "",
    postcode: str = "",
    city_name: str | None = None,
    opening_hours: str = "",
    hours_note: str = "",
    phone: str = "",
    email: str = "",
    website: str = "",
    wheelchair: str = "",
    tags: Mapping[str, str] | None = None,
    source: str = "",
    source_id: str = "",
    label: str = "",
    example: bool = False,
) -> PlaceView:
    """Write a place by its slug and tell search; return it. ``point`` is (latitude, longitude).

    Category, organisation and district are slugs; without a district the one that holds the point is taken. Raises
    :class:`PlaceRefused` for a point that is not on earth, :class:`NotFound` for a slug nobody knows.
    """
    _check_name(slug, name)
    if point is not None and valid_point(*point) is None:
        message = "Dieser Punkt liegt nicht auf der Erde. Die Breite geht von -90 bis 90, die Länge von -180 bis 180."
        raise PlaceRefused(message, field="point")
    if not district and point is not None:
        found = find_district_at(*point)
        district = found.slug if found else ""
    row, _ = Place.objects.update_or_create(
        slug=slug,
        defaults={
            "name": name,
            "sort_name": sort_key(name),
            "category": _by_slug(Category, category, "Diese Kategorie gibt es nicht."),
            "organisation": _by_slug(Organisation, organisation, "Diesen Anbieter gibt es nicht."),
            "district": _by_slug(District, district, "Diesen Stadtbezirk gibt es nicht."),
            "lat": point[0] if point else None,
            "lon": point[1] if point else None,
            "street": street,
            "house_number": house_number,
            "postcode": postcode,
            "city_name": get_city().name if city_name is None else city_name,
            "opening_hours": opening_hours,
            "hours_parsable": is_parsable(opening_hours),
            "hours_note": hours_note,
            "phone": readable_phone(phone),
            "email": plain_email(email),
            "website": safe_website(website),
            "wheelchair": wheelchair,
            "tags": dict(tags or {}),
            "source": source,
            "source_id": source_id,
            "label": label,
            "example": example,
            "origin": Origin.AREA,
            "changed_at": Now(),
            "removed_at": None,
        },
    )
    search.put(*list_place_entries([row.pk]))
    forget_place_counts()
    return get_place(slug)


@transaction.atomic
def put_places(*, places: Sequence[Mapping[str, Any]]) -> int:
    """Write several places, each as the keyword arguments of :func:`put_place`; return how many."""
    for place in places:
        put_place(**place)
    return len(places)


@transaction.atomic
def put_source(*, key: str, title: str) -> None:
    """Name where imported facts come from; what is known of a source already stays."""
    Source.objects.get_or_create(key=key, defaults={"title": title})


def remove_place(*, slug: str) -> bool:
    """Take a place off the portal; its row stays for what points to it. Return whether it was there."""
    changed = Place.objects.filter(slug=slug, removed_at=None).update(removed_at=Now())
    search.remove(area=AREA, kind=PLACE, keys=[slug])
    forget_place_counts()
    return bool(changed)


def _check_name(slug: str, name: str) -> None:
    if not name.strip() or not is_slug(slug):
        message = "Ein Ort und ein Anbieter brauchen einen Namen und eine Kurzadresse aus a-z, 0-9 und Bindestrichen."
        raise PlaceRefused(message, field="name" if not name.strip() else "slug")


def _by_slug(model: type[Named], slug: str, sentence: str) -> Named | None:
    if not slug:
        return None
    found = model._default_manager.filter(slug=slug).first()  # noqa: SLF001 -- Django documents it for code that gets a model as an argument.
    if found is None:
        raise NotFound(sentence)
    return found
