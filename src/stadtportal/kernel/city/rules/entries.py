"""Places and organisations as search sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.kernel.city.rules.accessibility import is_accessible
from stadtportal.kernel.city.rules.osm_tags import search_words, speaking_tags, spoken_languages
from stadtportal.kernel.contracts import EntryDraft

if TYPE_CHECKING:
    from stadtportal.kernel.city.rules.shapes import OrganisationView, PlaceView

#: The area whose pages these entries lead to.
AREA = "directory"
PLACE, ORGANISATION = "place", "organisation"


def place_url(slug: str) -> str:
    """Return the address of a place's page."""
    return f"/orte/{slug}/"


def organisation_url(slug: str) -> str:
    """Return the address of an organisation's page."""
    return f"/anbieter/{slug}/"


def public_source_id(source: str, source_id: str) -> str:
    """Return the id of a thing in its source, such as ``osm:node/123``; ``""`` when it has none."""
    if not source_id:
        return ""
    return f"{'osm' if source.startswith('osm') else source}:{source_id}"


def place_entry(place: PlaceView, *, category_words: str = "") -> EntryDraft:
    """Return what search keeps of a place."""
    where = place.address or place.district_name or place.city_name
    return EntryDraft(
        area=AREA,
        kind=PLACE,
        key=place.slug,
        title=place.name,
        url=place_url(place.slug),
        summary=", ".join(part for part in (place.category_title, where) if part),
        words=" ".join(
            part
            for part in (
                place.category_title,
                place.category_plural,
                category_words,
                search_words(place.tags),
                place.district_name,
            )
            if part
        ),
        category=place.category,
        category_title=place.category_title,
        district=place.district,
        address=place.address,
        organisation=place.organisation_name,
        point=place.point,
        opening_hours=place.opening_hours if place.hours_parsable else "",
        accessible=is_accessible(place.wheelchair),
        source_id=public_source_id(place.source, place.source_id),
        label=place.label or ("Beispiel" if place.example else ""),
        tags=speaking_tags(place.tags),
        languages=spoken_languages(place.tags),
    )


def organisation_entry(organisation: OrganisationView) -> EntryDraft:
    """Return what search keeps of an organisation."""
    return EntryDraft(
        area=AREA,
        kind=ORGANISATION,
        key=organisation.slug,
        title=organisation.name,
        url=organisation_url(organisation.slug),
        summary=organisation.description[:200] or "Anbieter",
        organisation=organisation.name,
        source_id=public_source_id(organisation.source, organisation.source_id),
        label="Beispiel" if organisation.example else "",
    )
