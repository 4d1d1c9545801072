"""The city itself, its names, and what its maps are drawn from."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

import stadtportal
from stadtportal.kernel.city.engine.pack_files import read_city, read_dialect
from stadtportal.kernel.city.models import District, MapLayer, Place, Postcode, Quarter, Street
from stadtportal.kernel.contracts import PlaceName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stadtportal.kernel.city.rules.geometry import Box
    from stadtportal.kernel.city.rules.shapes import City

#: A view of the map holds no more streets than this.
MOST_STREETS = 4000


def pack_folder(name: str = "") -> Path:
    """Return the folder of a city pack; without a name, that of this installation."""
    return Path(stadtportal.__file__).parent / "cities" / (name or settings.PORTAL_CITY)


def get_city() -> City:
    """Return the city of this installation, read once per process."""
    return _read_city(pack_folder())


@lru_cache(maxsize=4)
def _read_city(folder: Path) -> City:
    return read_city(folder)


def get_layer(key: str) -> MapLayer | None:
    """Return a finished map layer, or ``None`` before the pack is loaded."""
    return MapLayer.objects.filter(key=key).first()


def list_streets_in(box: Box) -> list[dict[str, Any]]:
    """Return the streets that touch a box as GeoJSON features, the longest first, at most 4000."""
    rows = (
        Street.objects.filter(south__lte=box.north, north__gte=box.south, west__lte=box.east, east__gte=box.west)
        .order_by("id")
        .values_list("name", "kind", "lines")[:MOST_STREETS]
    )
    return [
        {
            "type": "Feature",
            "properties": {"name": name, "kind": kind},
            "geometry": {"type": "MultiLineString", "coordinates": lines},
        }
        for name, kind, lines in rows
    ]


@lru_cache(maxsize=1)
def list_dialect_rules() -> tuple[tuple[str, str], ...]:
    """Return how the city's dialect is written in German, as regular expressions with what takes their place."""
    return read_dialect(pack_folder())


#: Categories whose places people name to say where something is.
LANDMARKS = ("bahnhof", "haltestelle", "park")
#: What stands before the name of a stop and is not said with it.
_BESIDE_NAME = re.compile(r"\s*\([^)]*\)$")
_SORT_OF_STOP = re.compile(r"^(?:Haltestelle|S-Bahn-Station|Bahnhof) ")


def list_place_names() -> Iterator[PlaceName]:
    """Yield every name the city knows: itself, districts, quarters, postcodes, streets, stops and parks."""
    city = get_city()
    yield PlaceName(city.name, "city", "", city.centre)
    for name, slug, lat, lon in District.objects.values_list("name", "slug", "lat", "lon"):
        yield PlaceName(name, "district", slug, (lat, lon))
    quarters = Quarter.objects.values_list("name", "district__slug", "lat", "lon", "district__lat", "district__lon")
    for name, slug, own_lat, own_lon, lat, lon in quarters:
        yield PlaceName(name, "quarter", slug, _point(own_lat, own_lon) or (lat, lon))
    for code, within, own_lat, own_lon in Postcode.objects.values_list("code", "district__slug", "lat", "lon"):
        yield PlaceName(code, "postcode", within or "", _point(own_lat, own_lon))
    streets = Street.objects.order_by("id").values_list("name", "district__slug", "lat", "lon")
    for name, within, lat, lon in streets.iterator(chunk_size=2000):
        yield PlaceName(name, "street", within or "", (lat, lon))
    landmarks = Place.objects.filter(category__slug__in=LANDMARKS, removed_at=None, label="", lat__isnull=False)
    for name, within, own_lat, own_lon in landmarks.order_by("id").values_list("name", "district__slug", "lat", "lon"):
        said = _BESIDE_NAME.sub("", _SORT_OF_STOP.sub("", name)).removeprefix(f"{city.name} ")
        yield PlaceName(said or name, "landmark", within or "", _point(own_lat, own_lon))


def _point(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    return None if lat is None or lon is None else (lat, lon)
