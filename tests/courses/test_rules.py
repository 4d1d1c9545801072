"""The rules alone: no database, the time is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.rules import Mode, Placement, Seats, State, Waiting

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def seats(number: int = 1, *, days: int = 3, capacity: int = 5, taken: int = 0, queue: int = 0) -> Seats:
    return Seats(id=number, starts_at=NOW + timedelta(days=days), capacity=capacity, taken=taken, queue=queue)


def test_a_party_gets_seats_only_if_it_fits_on_every_date() -> None:
    roomy, tight = seats(1, taken=0), seats(2, taken=4, queue=7)
    assert rules.place([roomy], seats=5, waiting_ok=False, now=NOW) == Placement(State.BOOKED, None)
    assert rules.place([roomy, tight], seats=1, waiting_ok=False, now=NOW) == Placement(State.BOOKED, None)
    assert rules.place([roomy, tight], seats=2, waiting_ok=True, now=NOW) == Placement(State.WAITING, 8)
    with pytest.raises(rules.FullyBooked):
        rules.place([roomy, tight], seats=2, waiting_ok=False, now=NOW)


def test_nobody_waits_for_seats_that_do_not_exist() -> None:
    with pytest.raises(rules.PartyTooLarge, match="nur 2 Plätze"):
        rules.place([seats(capacity=2)], seats=3, waiting_ok=True, now=NOW)


def test_a_date_closes_the_moment_it_begins() -> None:
    rules.place([seats(days=0)], seats=1, waiting_ok=False, now=NOW - timedelta(microseconds=1))
    with pytest.raises(rules.DatePassed):
        rules.place([seats(days=0)], seats=1, waiting_ok=False, now=NOW)


def test_the_first_that_fits_moves_up_and_the_others_keep_their_turn() -> None:
    queue = [
        Waiting(booking_id=1, queue_no=1, seats=3, session_ids=(1,)),
        Waiting(booking_id=2, queue_no=2, seats=2, session_ids=(1,)),
        Waiting(booking_id=3, queue_no=3, seats=1, session_ids=(1,)),
    ]
    assert [one.booking_id for one in rules.move_up({1: 2}, queue)] == [2]
    assert [one.booking_id for one in rules.move_up({1: 3}, queue)] == [1]
    assert [one.booking_id for one in rules.move_up({1: 4}, reversed(queue))] == [1, 3]


def test_a_series_moves_up_only_with_a_seat_on_every_date() -> None:
    queue = [
        Waiting(booking_id=1, queue_no=1, seats=1, session_ids=(1, 2)),
        Waiting(booking_id=2, queue_no=2, seats=1, session_ids=(2,)),
    ]
    assert [one.booking_id for one in rules.move_up({1: 0, 2: 1}, queue)] == [2]
    assert [one.booking_id for one in rules.move_up({1: 1, 2: 1}, queue)] == [1]
    assert rules.move_up({1: 9, 2: 9}, [Waiting(3, 3, 1, ())]) == ()


parties = st.lists(st.integers(1, rules.MAX_PARTY), max_size=12)


@given(free=st.dictionaries(st.integers(1, 3), st.integers(0, 9)), sizes=parties, data=st.data())
def test_whatever_is_freed_no_date_is_oversold_and_nobody_who_fits_is_passed_over(
    free: dict[int, int], sizes: list[int], data: st.DataObject
) -> None:
    queue = [
        Waiting(number, number, size, tuple(sorted(data.draw(st.sets(st.integers(1, 3), min_size=1)))))
        for number, size in enumerate(sizes, start=1)
    ]
    promoted = rules.move_up(free, queue)
    left = {one: free.get(one, 0) for one in (1, 2, 3)}
    waiting = iter(queue)
    for party in promoted:
        for passed in waiting:
            if passed is party:
                break
            assert any(left[one] < passed.seats for one in passed.session_ids)
        for one in party.session_ids:
            left[one] -= party.seats
    assert min(left.values()) >= 0
    for party in waiting:
        assert any(left[one] < party.seats for one in party.session_ids)
    assert [one.queue_no for one in promoted] == sorted(one.queue_no for one in promoted)


def test_booked_seats_can_be_cancelled_until_the_deadline_and_waiting_places_always() -> None:
    deadline = rules.cancel_deadline([NOW + timedelta(days=9), NOW + timedelta(days=2)], cancel_until=timedelta(days=1))
    assert deadline == NOW + timedelta(days=1)
    rules.check_cancel(State.BOOKED, deadline=deadline, now=deadline)
    late = deadline + timedelta(seconds=1)
    with pytest.raises(rules.TooLateToCancel):
        rules.check_cancel(State.BOOKED, deadline=deadline, now=late)
    rules.check_cancel(State.WAITING, deadline=deadline, now=late)
    for over in (State.CANCELLED, State.CALLED_OFF, State.LAPSED, State.DONE):
        with pytest.raises(rules.NotCancellable):
            rules.check_cancel(over, deadline=deadline, now=NOW)


@pytest.mark.parametrize("capacity", [-1, 0, 2, rules.MAX_CAPACITY + 1])
def test_a_capacity_stays_above_the_seats_taken_and_within_reason(capacity: int) -> None:
    with pytest.raises(rules.CapacityTooSmall):
        rules.check_capacity(seats(taken=3), capacity=capacity, now=NOW)
    assert rules.check_capacity(seats(taken=3), capacity=3, now=NOW).free == 0


def test_free_seats_are_those_of_the_tightest_date_of_a_series_and_of_the_best_single_date() -> None:
    dates = [seats(1, taken=4), seats(2, taken=1), seats(3, days=-1, taken=0)]
    assert rules.free_seats(dates, mode=Mode.SERIES, now=NOW) == 1
    assert rules.free_seats(dates, mode=Mode.SINGLE, now=NOW) == 4
    assert rules.free_seats([], mode=Mode.SINGLE, now=NOW) == 0


def test_words_for_ages_and_spans() -> None:
    assert [rules.ages(16, None), rules.ages(6, 10), rules.ages(None, 12), rules.ages(None, None)] == [
        "ab 16 Jahren",
        "6 bis 10 Jahre",
        "bis 12 Jahre",
        "",
    ]
    spans = (timedelta(hours=1), timedelta(hours=24), timedelta(hours=36), timedelta(days=7))
    assert [rules.in_advance(span) for span in spans] == ["1 Stunde", "24 Stunden", "36 Stunden", "7 Tage"]
