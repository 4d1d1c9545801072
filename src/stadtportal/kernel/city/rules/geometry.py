"""Points and outlines on earth, in degrees of WGS 84."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

EARTH_RADIUS_METRES = 6_371_008.8
HIGHEST_LAT, HIGHEST_LON = 90, 180
METRES_PER_DEGREE = EARTH_RADIUS_METRES * math.pi / 180

#: A ring or line as GeoJSON has it: (longitude, latitude).
Line = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Box:
    """A box of degrees that holds everything of something."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Tell whether the point is inside or on the edge."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    @property
    def centre(self) -> tuple[float, float]:
        """Return the middle as (latitude, longitude)."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2


def valid_point(lat: object, lon: object) -> tuple[float, float] | None:
    """Return (latitude, longitude) as finite numbers on earth, or ``None``."""
    if isinstance(lat, bool) or isinstance(lon, bool):
        return None
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    if not (
        -HIGHEST_LAT <= lat <= HIGHEST_LAT and -HIGHEST_LON <= lon <= HIGHEST_LON
    ):  # NaN and infinity fail this too.
        return None
    return float(lat), float(lon)


def box_of(line: Iterable[Sequence[float]]) -> Box:
    """Return the box of points given as (longitude, latitude). Raises ``ValueError`` when there is none."""
    points = list(line)
    if not points:
        message = "a box needs at least one point"
        raise ValueError(message)
    lons = [point[0] for point in points]
    lats = [point[1] for point in points]
    return Box(south=min(lats), west=min(lons), north=max(lats), east=max(lons))


def box_around(lat: float, lon: float, metres: float) -> Box:
    """Return the box that reaches ``metres`` in every direction, cut at the poles and at the date line."""
    high = metres / METRES_PER_DEGREE
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    return Box(max(lat - high, -90), max(lon - wide, -180), min(lat + high, 90), min(lon + wide, 180))


def distance_metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance in metres (haversine)."""
    high = math.radians(other_lat - lat)
    wide = math.radians(other_lon - lon)
    half = (
        math.sin(high / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * math.sin(wide / 2) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(min(1.0, math.sqrt(half)))


def rings_of(geometry: Mapping[str, Any]) -> list[list[Line]]:
    """Return the polygons of a GeoJSON Polygon or MultiPolygon, each as rings, the outer one first.

    Raises ``ValueError`` for any other geometry.
    """
    kind = geometry.get("type")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates if kind == "MultiPolygon" else None
    if not isinstance(polygons, list):
        message = f"not a polygon: {kind!r}"
        raise ValueError(message)  # noqa: TRY004 -- it is the value of a document, not the type of an argument.
    return [[[(float(point[0]), float(point[1])) for point in ring] for ring in polygon] for polygon in polygons]


def ring_holds(ring: Line, lat: float, lon: float) -> bool:
    """Tell whether a point lies in a closed ring (ray casting; a point on the edge may fall on either side)."""
    inside = False
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise([*ring, ring[0]]):
        if (lat_a > lat) != (lat_b > lat) and lon < (lon_b - lon_a) * (lat - lat_a) / (lat_b - lat_a) + lon_a:
            inside = not inside
    return inside


def outline_holds(polygons: list[list[Line]], lat: float, lon: float) -> bool:
    """Tell whether a point lies in one of the polygons and in none of its holes."""
    return any(
        ring_holds(rings[0], lat, lon) and not any(ring_holds(hole, lat, lon) for hole in rings[1:])
        for rings in polygons
        if rings and rings[0]
    )


def simplify(line: Line, tolerance_metres: float) -> Line:
    """Return the line with fewer points, none further than the tolerance from the old line (Douglas-Peucker)."""
    if len(line) < 3:  # noqa: PLR2004 -- a line of two points has nothing to leave out.
        return line
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        furthest, distance = 0, tolerance_metres
        for index in range(first + 1, last):
            off = _off_line(line[index], line[first], line[last])
            if off > distance:
                furthest, distance = index, off
        if furthest:
            keep.add(furthest)
            spans += [(first, furthest), (furthest, last)]
    return [line[index] for index in sorted(keep)]


def _off_line(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return how many metres a point is off the straight line, on a plane that fits a city."""
    shrink = math.cos(math.radians(start[1]))
    x, y = (point[0] - start[0]) * shrink, point[1] - start[1]
    end_x, end_y = (end[0] - start[0]) * shrink, end[1] - start[1]
    length = end_x * end_x + end_y * end_y
    along = 0.0 if length == 0 else max(0.0, min(1.0, (x * end_x + y * end_y) / length))
    return math.hypot(x - along * end_x, y - along * end_y) * METRES_PER_DEGREE
