"""Which outline holds a point, how far it is, and what a street looks like with fewer corners."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.city.rules.geometry import (
    Box,
    box_around,
    box_of,
    distance_metres,
    outline_holds,
    ring_holds,
    rings_of,
    simplify,
    valid_point,
)
from stadtportal.kernel.city.rules.streets import Piece, join_streets

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
HOLE = [(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)]
inside = st.floats(0.001, 9.999)
angles = st.lists(st.floats(0, 2 * math.pi, allow_nan=False), min_size=3, max_size=12, unique=True)


@given(inside, inside)
def test_a_point_in_the_square_is_held(lat: float, lon: float) -> None:
    assert ring_holds(SQUARE, lat, lon)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_outside_the_box_is_never_held(lat: float, lon: float) -> None:
    box = box_of(SQUARE)
    if not box.holds(lat, lon):
        assert not ring_holds(SQUARE, lat, lon)


def test_a_hole_is_not_part_of_the_outline() -> None:
    assert outline_holds([[SQUARE, HOLE]], 2, 2)
    assert not outline_holds([[SQUARE, HOLE]], 5, 5)


@given(st.floats(0.1, 9.9), st.floats(0.1, 9.9), st.floats(0.05, 9.95))
def test_a_square_cut_in_two_holds_each_point_once(lat: float, lon: float, cut: float) -> None:
    left = [(0.0, 0.0), (cut, 0.0), (cut, 10.0), (0.0, 10.0), (0.0, 0.0)]
    right = [(cut, 0.0), (10.0, 0.0), (10.0, 10.0), (cut, 10.0), (cut, 0.0)]
    assert ring_holds(left, lat, lon) + ring_holds(right, lat, lon) == 1


@given(angles)
def test_the_middle_of_a_round_shape_is_inside(corners: list[float]) -> None:
    ordered = sorted(corners)
    gaps = [b - a for a, b in zip(ordered, [*ordered[1:], ordered[0] + 2 * math.pi], strict=True)]
    if max(gaps) > math.pi * 0.98:
        return
    ring = [(math.cos(angle), math.sin(angle)) for angle in ordered]
    assert ring_holds([*ring, ring[0]], 0.0, 0.0)


def test_only_polygons_have_rings() -> None:
    assert rings_of({"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [0, 1], [0, 0]]]]}) == [
        [[(0, 0), (1, 0), (0, 1), (0, 0)]]
    ]
    with pytest.raises(ValueError, match="not a polygon"):
        rings_of({"type": "Point", "coordinates": [0, 0]})


def test_distance_between_main_station_and_television_tower() -> None:
    assert distance_metres(48.7838, 9.1829, 48.7558, 9.1903) == pytest.approx(3160, abs=10)


@pytest.mark.parametrize(
    "point",
    [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf")), (None, None), ("48.7", "9.1"), (True, False), (-90.1, 0)],
)
def test_points_off_the_earth_are_none(point: tuple[object, object]) -> None:
    assert valid_point(*point) is None


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(1, 5000))
def test_the_box_around_a_point_reaches_as_far_as_asked(lat: float, lon: float, metres: float) -> None:
    box = box_around(lat, lon, metres)
    assert box.holds(lat, lon)
    assert distance_metres(lat, lon, box.north, lon) == pytest.approx(metres, rel=0.01, abs=0.5)
    assert distance_metres(lat, lon, lat, box.east) >= metres * 0.98 - 0.5


@given(st.lists(st.tuples(st.floats(9, 9.1), st.floats(48, 48.1)), min_size=2, max_size=40), st.floats(1, 500))
def test_simplifying_keeps_the_ends_and_only_known_points(line: list[tuple[float, float]], tolerance: float) -> None:
    made = simplify(line, tolerance)
    assert made[0] == line[0]
    assert made[-1] == line[-1]
    assert set(made) <= set(line)
    assert len(made) <= len(line)


def test_a_straight_line_needs_two_points() -> None:
    assert simplify([(9.0, 48.0), (9.01, 48.0), (9.02, 48.0)], 1) == [(9.0, 48.0), (9.02, 48.0)]


def test_pieces_of_one_name_join_when_they_are_near() -> None:
    near = Piece(2, "residential", [(9.18, 48.77), (9.181, 48.77)])
    also = Piece(1, "service", [(9.181, 48.77), (9.182, 48.77), (9.182, 48.771)])
    far = Piece(3, "residential", [(9.30, 48.70), (9.301, 48.70)])
    joined = join_streets([("Lange Straße", near), ("Lange Straße", far), ("Lange Straße", also)])
    assert [(street.source_id, len(street.lines), street.kind) for street in joined] == [
        ("way/1", 2, "service"),
        ("way/3", 1, "residential"),
    ]
    assert joined[0].box == Box(48.77, 9.18, 48.771, 9.182)
    assert joined[0].point == (48.77, 9.181)
