"""Read the city pack as plain records; an unknown or missing field is a TypeError."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

PACK = Path(__file__).resolve().parents[2] / "src" / "stadtportal" / "cities" / "stuttgart"

Ring = list[tuple[float, float]]
Polygon = list[Ring]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where facts come from and on what terms."""

    title: str
    holder: str
    licence: str
    attribution: str
    retrieved_on: date
    licence_url: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of place with the words people use for it."""

    slug: str
    title: str
    plural: str
    parent: str | None
    words: list[str]
    osm: list[str]
    schema_org: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Who runs a place."""

    slug: str
    name: str
    kind: str
    website: str | None = None
    source: str | None = None
    example: bool = False
    description: str = ""
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place; ``lat`` and ``lon`` in degrees, hours in OSM syntax."""

    slug: str
    name: str
    category: str
    district: str | None
    lat: float | None
    lon: float | None
    street: str | None
    house_number: str | None
    postcode: str | None
    opening_hours: str | None
    hours_note: str | None
    phone: str | None
    email: str | None
    website: str | None
    wheelchair: str | None
    organisation: str | None
    tags: Mapping[str, str]
    source: str
    source_id: str
    example: bool = False


@dataclass(frozen=True, kw_only=True)
class Course:
    """One example series; money in cents, times as ``HH:MM``, dates as offsets from today."""

    slug: str
    organisation: str
    place: str
    title: str
    description: str
    category: str
    audience: list[str]
    level: str
    language: str
    bring: str
    booking: str
    weekday: str
    start: str
    minutes: int
    weeks: int
    starts_in_weeks: int
    capacity: int
    min_age: int | None
    prices: list[dict[str, str | int]]
    cancel_until_hours: int
    cancelled_dates: list[int]
    fill: float
    asks_phone: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """An invented account holder."""

    email: str
    name: str
    role: str
    organisation: str | None


@dataclass(frozen=True, kw_only=True)
class District:
    """A district with its simplified outline; points are ``(lon, lat)``."""

    slug: str
    name: str
    number: int
    centre: tuple[float, float]
    inner: bool
    neighbours: list[str]
    polygons: list[Polygon]


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Everything invented."""

    organisations: list[Organisation]
    places: list[Place]
    courses: list[Course]
    people: list[Person]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The whole pack; ``bounds`` is west, south, east, north."""

    bounds: tuple[float, float, float, float]
    sources: dict[str, Source]
    districts: dict[str, District]
    quarters: dict[str, str]
    postcodes: dict[str, dict[str, float | str]]
    categories: dict[str, Category]
    organisations: dict[str, Organisation]
    places: list[Place]
    demo: Demo


def polygons_of(geometry: Mapping[str, list[list[list[list[float]]]]] | Mapping[str, object]) -> list[Polygon]:
    """The polygons of a GeoJSON ``Polygon`` or ``MultiPolygon``, as rings of ``(lon, lat)``."""
    raw = json.loads(json.dumps(geometry["coordinates"]))
    parts = raw if geometry["type"] == "MultiPolygon" else [raw]
    return [[[(point[0], point[1]) for point in ring] for ring in part] for part in parts]


def read_places(path: Path) -> list[Place]:
    """The places of one NDJSON file."""
    return [Place(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _districts() -> dict[str, District]:
    collection = json.loads((PACK / "districts.geojson").read_text(encoding="utf-8"))
    districts = [
        District(
            **{**feature["properties"], "centre": tuple(feature["properties"]["centre"])},
            polygons=polygons_of(feature["geometry"]),
        )
        for feature in collection["features"]
    ]
    return {district.slug: district for district in districts}


@cache
def read_pack() -> Pack:
    """The pack as it lies in the tree; duplicate slugs of districts, categories or organisations are refused."""

    def load(name: str) -> object:
        return yaml.safe_load((PACK / name).read_text(encoding="utf-8"))

    city, sources, quarters, postcodes = (
        load(name) for name in ("city.yaml", "sources.yaml", "quarters.yaml", "postcodes.yaml")
    )
    categories, organisations, demo = (load(name) for name in ("categories.yaml", "organisations.yaml", "demo.yaml"))
    assert isinstance(city, dict)
    assert isinstance(sources, dict)
    assert isinstance(quarters, dict)
    assert isinstance(postcodes, dict)
    assert isinstance(categories, list)
    assert isinstance(organisations, list)
    assert isinstance(demo, dict)
    kinds = [Category(**record) for record in categories]
    bodies = [Organisation(**record) for record in organisations]
    assert len({kind.slug for kind in kinds}) == len(kinds)
    assert len({body.slug for body in bodies}) == len(bodies)
    west, south, east, north = city["bounds"]
    return Pack(
        bounds=(west, south, east, north),
        sources={key: Source(**record) for key, record in sources.items()},
        districts=_districts(),
        quarters=quarters,
        postcodes=postcodes,
        categories={kind.slug: kind for kind in kinds},
        organisations={body.slug: body for body in bodies},
        places=[place for path in sorted((PACK / "places").glob("*.ndjson")) for place in read_places(path)],
        demo=Demo(
            organisations=[Organisation(**record) for record in demo["organisations"]],
            places=[Place(**record) for record in demo["places"]],
            courses=[Course(**record) for record in demo["courses"]],
            people=[Person(**record) for record in demo["people"]],
        ),
    )
