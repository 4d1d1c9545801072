"""What every reader of OpenStreetMap data yields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_SOURCE_ID = re.compile(r"^(node|way|relation)/(\d{1,19})$")


@dataclass(frozen=True, slots=True)
class OsmObject:
    """One object with its point. ``line`` is its line in the file, 0 where there are none.

    ``lat`` and ``lon`` are whatever the file held; the importer checks them.
    """

    source_id: str
    lat: object
    lon: object
    tags: dict[str, str]
    line: int = 0


@dataclass(frozen=True, slots=True)
class OsmStreet:
    """A piece of a street: one way. ``line`` is [(lon, lat), ...]."""

    way_id: int
    name: str
    kind: str
    line: list[tuple[float, float]]


def object_from_json(value: Any, line: int = 0) -> OsmObject | None:  # noqa: ANN401 -- whatever a JSON file holds.
    """Return the object of an NDJSON line or an Overpass element, or ``None`` when it is none.

    NDJSON has ``{"id": "node/1", "lat": ..., "lon": ..., "tags": {...}}``; Overpass has ``type``, a number as ``id``
    and, for ways and relations, ``center`` (or the ``bounds`` whose middle counts).
    """
    if not isinstance(value, dict):
        return None
    source_id = _source_id(value)
    tags = value.get("tags")
    if not source_id or not isinstance(tags, dict):
        return None
    center = value.get("center")
    where = center if isinstance(center, dict) else value
    lat, lon = where.get("lat"), where.get("lon")
    bounds = value.get("bounds")
    if lat is None and isinstance(bounds, dict):
        lat, lon = _middle(bounds, "minlat", "maxlat"), _middle(bounds, "minlon", "maxlon")
    said = {str(key): str(text) for key, text in tags.items() if isinstance(text, str | int | float)}
    return OsmObject(source_id, lat, lon, said, line)


def _source_id(value: dict[str, Any]) -> str:
    given = value.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = f"{value.get('type')}/{given}"
    return given if isinstance(given, str) and _SOURCE_ID.match(given) else ""


def _middle(bounds: dict[str, Any], low: str, high: str) -> float | None:
    try:
        return (float(bounds[low]) + float(bounds[high])) / 2
    except (KeyError, TypeError, ValueError):
        return None
