"""Point in polygon and distances, exact enough for one city; points are ``(lon, lat)`` in degrees."""

import math
from itertools import pairwise

from tests.city_pack.reading import Polygon, Ring

METRES_PER_DEGREE = 111_320.0
STUTTGART_LATITUDE = 48.78
_EAST = METRES_PER_DEGREE * math.cos(math.radians(STUTTGART_LATITUDE))


def _in_ring(point: tuple[float, float], ring: Ring) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def contains(polygons: list[Polygon], point: tuple[float, float]) -> bool:
    """Say whether the point lies in one of the polygons and in none of its holes."""
    return any(
        _in_ring(point, polygon[0]) and not any(_in_ring(point, hole) for hole in polygon[1:]) for polygon in polygons
    )


def _to_segment(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    px, py = (point[0] - start[0]) * _EAST, (point[1] - start[1]) * METRES_PER_DEGREE
    dx, dy = (end[0] - start[0]) * _EAST, (end[1] - start[1]) * METRES_PER_DEGREE
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else max(0.0, min(1.0, (px * dx + py * dy) / length))
    return math.hypot(px - share * dx, py - share * dy)


def metres_outside(polygons: list[Polygon], point: tuple[float, float]) -> float:
    """How far the point lies outside all polygons, in metres; 0 inside."""
    if contains(polygons, point):
        return 0.0
    return min(
        _to_segment(point, start, end)
        for polygon in polygons
        for ring in polygon
        for start, end in zip(ring, [*ring[1:], ring[0]], strict=True)
    )


def edges(polygons: list[Polygon]) -> set[frozenset[tuple[float, float]]]:
    """All boundary segments, without direction."""
    return {
        frozenset((start, end))
        for polygon in polygons
        for ring in polygon
        for start, end in pairwise(ring)
        if start != end
    }
