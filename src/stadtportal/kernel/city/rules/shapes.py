"""What the city tells other packages: frozen descriptions, free of the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stadtportal.kernel.city.rules.accessibility import accessibility_words
from stadtportal.kernel.city.rules.contact import phone_link

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from stadtportal.kernel.city.rules.geometry import Box


@dataclass(frozen=True, slots=True)
class City:
    """The city of this installation. ``centre`` is (latitude, longitude); ``state`` is its land, such as ``BW``."""

    name: str
    title: str
    centre: tuple[float, float]
    state: str = "BW"
    bounds: Box | None = None
    service_phone: str = ""
    website: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    attribution: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where facts come from."""

    key: str
    title: str
    holder: str = ""
    as_of: date | None = None
    licence: str = ""
    licence_url: str = ""
    attribution: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class DistrictView:
    """One Stadtbezirk; ``centre`` is (latitude, longitude), ``neighbours`` are slugs."""

    slug: str
    name: str
    number: int
    centre: tuple[float, float]
    inner: bool
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryView:
    """One sort of place. ``parent`` is a slug or ``""``; ``place_count`` counts its own places where asked for."""

    slug: str
    title: str
    plural: str
    parent: str
    icon: str
    schema_org: str = "Place"
    words: str = ""
    place_count: int = 0


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """Who runs things. ``example`` marks an invented one, which every page must say."""

    id: int
    slug: str
    name: str
    kind: str = ""
    description: str = ""
    website: str = ""
    phone: str = ""
    email: str = ""
    example: bool = False
    source: str = ""
    source_id: str = ""

    @property
    def phone_link(self) -> str:
        """Return the ``tel:`` address."""
        return phone_link(self.phone)


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Somewhere you can go, with the names of what it belongs to, so that a page needs no further query."""

    id: int
    slug: str
    name: str
    category: str = ""
    category_title: str = ""
    category_plural: str = ""
    category_icon: str = ""
    schema_org: str = "Place"
    parent_category: str = ""
    parent_category_title: str = ""
    district: str = ""
    district_name: str = ""
    organisation: str = ""
    organisation_name: str = ""
    point: tuple[float, float] | None = None
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city_name: str = ""
    opening_hours: str = ""
    hours_parsable: bool = True
    hours_note: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    wheelchair: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    source_id: str = ""
    label: str = ""
    example: bool = False

    @property
    def street_line(self) -> str:
        """Return street and house number."""
        return f"{self.street} {self.house_number}".strip()

    @property
    def city_line(self) -> str:
        """Return postcode and city."""
        return f"{self.postcode} {self.city_name}".strip()

    @property
    def address(self) -> str:
        """Return the address on one line; ``""`` when no street is known."""
        return ", ".join(part for part in (self.street_line, self.city_line) if part) if self.street else ""

    @property
    def phone_link(self) -> str:
        """Return the ``tel:`` address."""
        return phone_link(self.phone)

    @property
    def accessibility(self) -> tuple[str, ...]:
        """Return sentences about access."""
        return accessibility_words(self.wheelchair, self.tags)


@dataclass(frozen=True, slots=True)
class NearbyPlace:
    """A place near another, with the distance as the crow flies."""

    slug: str
    name: str
    category_title: str
    metres: int

    @property
    def distance_words(self) -> str:
        """Return ``350 m`` or ``1,2 km``, rounded as people would say it."""
        if self.metres < 1000:  # noqa: PLR2004 -- a kilometre.
            return f"{max(10, round(self.metres, -1))} m"
        return f"{self.metres / 1000:.1f} km".replace(".", ",")
