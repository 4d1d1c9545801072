"""Pieces of streets joined to streets: by name, and by being near each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stadtportal.kernel.city.rules.geometry import (
    METRES_PER_DEGREE,
    Box,
    Line,
    box_of,
    distance_metres,
    simplify,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Two pieces of one name closer than this are one street; a Hauptstraße two villages on is another.
NEAR_METRES = 400
TOLERANCE_METRES = 4
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """One way of a street."""

    way_id: int
    kind: str
    line: Line


@dataclass(frozen=True, slots=True)
class JoinedStreet:
    """One street: its lines, the box round them, and the point in its middle as (latitude, longitude)."""

    name: str
    source_id: str
    kind: str
    lines: list[list[list[float]]]
    box: Box
    point: tuple[float, float]


def join_streets(pieces: Iterable[tuple[str, Piece]]) -> list[JoinedStreet]:
    """Return the streets that pieces of (name, piece) make up, by name; a street's id is its lowest way."""
    by_name: dict[str, list[Piece]] = defaultdict(list)
    for name, piece in pieces:
        by_name[name].append(piece)
    return [
        _street(name, group)
        for name, found in sorted(by_name.items())
        for group in _groups(sorted(found, key=lambda piece: piece.way_id))
    ]


def _groups(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces in groups that hang together by nearness."""
    reach = NEAR_METRES / METRES_PER_DEGREE * 1.6
    boxes = [box_of(piece.line) for piece in pieces]
    left = list(range(len(pieces)))
    groups: list[list[Piece]] = []
    while left:
        group, todo = [], [left.pop(0)]
        while todo:
            at = todo.pop()
            group.append(at)
            near = [other for other in left if _near(boxes[at], boxes[other], reach)]
            left = [other for other in left if other not in near]
            todo += near
        groups.append([pieces[index] for index in sorted(group)])
    return groups


def _near(one: Box, other: Box, reach: float) -> bool:
    return (
        one.south - reach <= other.north
        and other.south - reach <= one.north
        and one.west - reach <= other.east
        and other.west - reach <= one.east
    )


def _street(name: str, pieces: list[Piece]) -> JoinedStreet:
    points = [point for piece in pieces for point in piece.line]
    box = box_of(points)
    lat, lon = box.centre
    # The middle of the box may lie beside a bent street; the street's own point nearest to it is on it.
    nearest = min(points, key=lambda point: distance_metres(lat, lon, point[1], point[0]))
    lines = [
        [[round(point[0], DIGITS), round(point[1], DIGITS)] for point in simplify(piece.line, TOLERANCE_METRES)]
        for piece in pieces
    ]
    return JoinedStreet(
        name=name,
        source_id=f"way/{min(piece.way_id for piece in pieces)}",
        kind=max(pieces, key=lambda piece: len(piece.line)).kind,
        lines=lines,
        box=box,
        point=(nearest[1], nearest[0]),
    )
