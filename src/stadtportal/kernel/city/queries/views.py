"""Rows turned into what other packages see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.kernel.city.models import Place
from stadtportal.kernel.city.rules.shapes import (
    CategoryView,
    DistrictView,
    OrganisationView,
    PlaceView,
    SourceView,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from stadtportal.kernel.city.models import Category, District, Organisation, Source


def places_with_names() -> QuerySet[Place]:
    """Return places still there, with all that a view of them names, in one query."""
    return (
        Place.objects.filter(removed_at=None)
        .select_related("category__parent", "district", "organisation")
        # An outline is kilobytes of JSON that no view of a place needs.
        .defer("district__outline", "organisation__description", "category__osm", "category__parent__words")
    )


def place_view(place: Place) -> PlaceView:
    """Return a place as others see it."""
    category, district, organisation = place.category, place.district, place.organisation
    parent = category.parent if category else None
    return PlaceView(
        id=place.pk,
        slug=place.slug,
        name=place.name,
        category=category.slug if category else "",
        category_title=category.title if category else "",
        category_plural=category.plural if category else "",
        category_icon=category.icon if category else "",
        schema_org=category.schema_org if category else "Place",
        parent_category=parent.slug if parent else "",
        parent_category_title=parent.title if parent else "",
        district=district.slug if district else "",
        district_name=district.name if district else "",
        organisation=organisation.slug if organisation else "",
        organisation_name=organisation.name if organisation else "",
        point=None if place.lat is None or place.lon is None else (place.lat, place.lon),
        street=place.street,
        house_number=place.house_number,
        postcode=place.postcode,
        city_name=place.city_name,
        opening_hours=place.opening_hours,
        hours_parsable=place.hours_parsable,
        hours_note=place.hours_note,
        phone=place.phone,
        email=place.email,
        website=place.website,
        wheelchair=place.wheelchair,
        tags=place.tags,
        source=place.source,
        source_id=place.source_id,
        label=place.label,
        example=place.example or bool(organisation and organisation.example),
    )


def organisation_view(organisation: Organisation) -> OrganisationView:
    """Return an organisation as others see it."""
    return OrganisationView(
        id=organisation.pk,
        slug=organisation.slug,
        name=organisation.name,
        kind=organisation.kind,
        description=organisation.description,
        website=organisation.website,
        phone=organisation.phone,
        email=organisation.email,
        example=organisation.example,
        source=organisation.source,
        source_id=organisation.source_id,
    )


def district_view(district: District) -> DistrictView:
    """Return a district as others see it."""
    return DistrictView(
        slug=district.slug,
        name=district.name,
        number=district.number,
        centre=(district.lat, district.lon),
        inner=district.inner,
        neighbours=tuple(district.neighbours),
    )


def category_view(category: Category, *, place_count: int = 0) -> CategoryView:
    """Return a category as others see it."""
    return CategoryView(
        slug=category.slug,
        title=category.title,
        plural=category.plural,
        parent=category.parent.slug if category.parent else "",
        icon=category.icon,
        schema_org=category.schema_org,
        words=category.words,
        place_count=place_count,
    )


def source_view(source: Source) -> SourceView:
    """Return a source as others see it."""
    return SourceView(
        key=source.key,
        title=source.title,
        holder=source.holder,
        as_of=source.as_of,
        licence=source.licence,
        licence_url=source.licence_url,
        attribution=source.attribution,
        url=source.url,
    )
