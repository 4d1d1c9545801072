"""What the pages of places say, decided without the database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from stadtportal.kernel.city.api import CategoryView, DayHours, OrganisationView, PlaceView

_SCHEMA_NAME = re.compile(r"^[A-Z][A-Za-z]{2,59}$")
_SCHEMA_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Detail:
    """One line about a place that its tags tell: a word and what it says."""

    title: str
    value: str


_YES_NO = {"yes": "ja", "no": "nein", "only": "ausschließlich", "limited": "teilweise", "wlan": "WLAN"}
_TITLES = (
    ("operator", "Betrieben von"),
    ("brand", "Marke"),
    ("cuisine", "Küche"),
    ("sport", "Sport"),
    ("diet:vegetarian", "Vegetarische Gerichte"),
    ("diet:vegan", "Vegane Gerichte"),
    ("outdoor_seating", "Plätze im Freien"),
    ("internet_access", "Internet"),
    ("takeaway", "Zum Mitnehmen"),
    ("delivery", "Lieferung"),
    ("capacity", "Plätze"),
    ("capacity:disabled", "Plätze für Menschen mit Behinderung"),
    ("fee", "Gebühr"),
    ("schulart", "Schulart"),
    ("location", "Lage"),
    ("fax", "Fax"),
)
_WORDS = {
    "italian": "italienisch",
    "german": "deutsch",
    "greek": "griechisch",
    "turkish": "türkisch",
    "chinese": "chinesisch",
    "indian": "indisch",
    "thai": "thailändisch",
    "japanese": "japanisch",
    "vietnamese": "vietnamesisch",
    "asian": "asiatisch",
    "french": "französisch",
    "spanish": "spanisch",
    "mexican": "mexikanisch",
    "regional": "regional",
    "kebab": "Döner",
    "burger": "Burger",
    "pizza": "Pizza",
    "ice_cream": "Eis",
    "coffee_shop": "Kaffee",
    "soccer": "Fußball",
    "swimming": "Schwimmen",
    "gymnastics": "Turnen",
    "dancing": "Tanzen",
    "climbing": "Klettern",
    "martial_arts": "Kampfsport",
    "table_tennis": "Tischtennis",
    "multi": "mehrere Sportarten",
}


def details(tags: Mapping[str, str]) -> tuple[Detail, ...]:
    """Return what the tags tell visitors, in German where there is a word for it."""
    found = []
    for key, title in _TITLES:
        if value := tags.get(key):
            words = [part.strip() for part in value.split(";") if part.strip()]
            said = ", ".join(_YES_NO.get(word, _WORDS.get(word, word.replace("_", " "))) for word in words)
            found.append(Detail(title, said))
    return tuple(found)


def _clock(text: str) -> str:
    hours, _, minutes = text.partition(":")
    return "23:59" if hours == "24" else f"{int(hours):02}:{minutes or '00'}"


def _hours(week: Sequence[DayHours]) -> list[dict[str, str]]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": _SCHEMA_DAYS[day.day.weekday()],
            "opens": _clock(span.opens),
            "closes": _clock(span.closes),
            "validFrom": day.day.isoformat(),
            "validThrough": day.day.isoformat(),
        }
        for day in week
        for span in day.spans
        if not span.unsure
    ]


def place_data(place: PlaceView, *, url: str, week: Sequence[DayHours]) -> dict[str, Any]:
    """Return a place as schema.org describes it; what is not known is left out."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": place.schema_org if _SCHEMA_NAME.match(place.schema_org) else "Place",
        "@id": url,
        "name": place.name,
        "url": url,
    }
    if place.street:
        data["address"] = _filled(
            {
                "@type": "PostalAddress",
                "streetAddress": place.street_line,
                "postalCode": place.postcode,
                "addressLocality": place.city_name,
                "addressCountry": "DE",
            }
        )
    if place.point:
        data["geo"] = {"@type": "GeoCoordinates", "latitude": place.point[0], "longitude": place.point[1]}
    if specification := _hours(week):
        data["openingHoursSpecification"] = specification
    if place.wheelchair in {"yes", "no"}:
        data["amenityFeature"] = {
            "@type": "LocationFeatureSpecification",
            "name": "wheelchair accessible",
            "value": place.wheelchair == "yes",
        }
    return data | _contact(place)


def organisation_data(organisation: OrganisationView, *, url: str) -> dict[str, Any]:
    """Return an organisation as schema.org describes it."""
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": url,
        "name": organisation.name,
        "url": url,
        "description": organisation.description,
    }
    return _filled(data) | _contact(organisation)


def _contact(who: PlaceView | OrganisationView) -> dict[str, Any]:
    return _filled(
        {
            "telephone": who.phone_link.removeprefix("tel:"),
            "email": who.email,
            "sameAs": who.website,
        }
    )


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}


def website_name(website: str) -> str:
    """Return the host of an address without ``www.``, as people name a website."""
    return (urlsplit(website).hostname or "").removeprefix("www.")


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    """A category of the first level with those below it, and the count of places in all of them."""

    category: CategoryView
    children: tuple[CategoryView, ...]
    place_count: int


def group_categories(categories: Sequence[CategoryView]) -> tuple[CategoryGroup, ...]:
    """Return the categories that hold places, grouped under their parents, in the order given."""
    groups = []
    for parent in categories:
        if parent.parent:
            continue
        children = tuple(category for category in categories if category.parent == parent.slug and category.place_count)
        count = parent.place_count + sum(child.place_count for child in children)
        if count:
            groups.append(CategoryGroup(parent, children, count))
    return tuple(groups)
