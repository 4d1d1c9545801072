"""Real races: four processes, one starting line for each of fifty rounds, the real PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from multiprocessing import get_context

import pytest
from django.db import connection

from stadtportal.areas.courses import api
from stadtportal.areas.courses.models import Booking, Session
from stadtportal.areas.courses.queries.desk import list_wrong_counts
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.trust import api as trust

from .conftest import Offered, new_actor, offer_course
from .racing import Lap, get_ready, run

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

RUNNERS = 4
ROUNDS = 50
Race = Callable[[list[list[Lap]]], list[list[str]]]


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def runners(django_db_setup: None) -> Iterator[ProcessPoolExecutor]:  # noqa: ARG001 -- they connect to it.
    """Start the processes once."""
    context = get_context("spawn")
    line = context.Barrier(RUNNERS)
    name = str(connection.settings_dict["NAME"])
    with ProcessPoolExecutor(RUNNERS, mp_context=context, initializer=get_ready, initargs=(line, name)) as pool:
        yield pool


@pytest.fixture
def race(runners: ProcessPoolExecutor, now: datetime) -> Race:
    """Return a function that runs rounds of laps, one lap per runner, and returns what came of each round."""

    def start(rounds: list[list[Lap]]) -> list[list[str]]:
        runs = [runners.submit(run, [lap[runner] for lap in rounds], now) for runner in range(RUNNERS)]
        return [list(lap) for lap in zip(*(one.result(120) for one in runs), strict=True)]

    return start


def lap(actor: Actor, course: Offered, **changes: object) -> Lap:
    assert actor.person_id is not None
    return Lap(actor.person_id, order=asdict(course.order(**changes)))


def kinds(lap: list[str]) -> Counter[str]:
    return Counter(one.split(maxsplit=1)[0] for one in lap)


def test_the_last_seat_goes_to_exactly_one_and_the_others_wait_in_order(race: Race, now: datetime) -> None:
    people = [new_actor() for _runner in range(RUNNERS)]
    courses = [offer_course(now=now, capacities=[1]) for _round in range(ROUNDS)]
    laps = race([[lap(one, course, waiting_ok=True) for one in people] for course in courses])
    assert [kinds(one) for one in laps] == [Counter(booked=1, waiting=RUNNERS - 1)] * ROUNDS
    for course in courses:
        assert course.taken() == [1]
        with trust.system("Test"):
            waiting = Booking.objects.filter(course=course.course, state="waiting").order_by("id")
            assert sorted(one.queue_no or 0 for one in waiting) == [1, 2, 3]
    assert list_wrong_counts() == []


def test_the_same_order_sent_four_times_at_once_is_one_case(race: Race, now: datetime) -> None:
    lena = new_actor()
    courses = [offer_course(now=now, capacities=[9]) for _round in range(ROUNDS)]
    laps = race([[lap(lena, course, key="same")] * RUNNERS for course in courses[:1]])
    assert len(set(laps[0])) == 1
    rounds = [[lap(lena, course, key=f"key-{number}")] * RUNNERS for number, course in enumerate(courses)]
    for answers in race(rounds[1:]):
        assert len(set(answers)) == 1
        assert answers[0].startswith("booked ST-")
    assert Booking.objects.count() == ROUNDS
    assert [course.taken() for course in courses] == [[1]] * ROUNDS


def test_one_key_for_two_dates_at_once_books_one_of_them(race: Race, now: datetime) -> None:
    """The dates do not stand in each other's way, so only the unique key can tell that it is one order."""
    lena = new_actor()
    courses = [offer_course(now=now, capacities=[9, 9]) for _round in range(ROUNDS)]
    rounds = [
        [lap(lena, course, key=f"key-{number}", session_id=course.sessions[runner % 2].pk) for runner in range(RUNNERS)]
        for number, course in enumerate(courses)
    ]
    for answers in race(rounds):
        assert len(set(answers)) == 1
    assert Booking.objects.count() == ROUNDS
    assert all(sum(course.taken()) == 1 for course in courses)
    assert list_wrong_counts() == []


def test_one_person_at_two_counters_books_a_date_once(race: Race, now: datetime) -> None:
    lena = new_actor()
    courses = [offer_course(now=now, capacities=[9]) for _round in range(ROUNDS)]
    laps = race([[lap(lena, course) for _runner in range(RUNNERS)] for course in courses])
    assert [kinds(one) for one in laps] == [Counter(booked=1, AlreadyBooked=RUNNERS - 1)] * ROUNDS
    assert [course.taken() for course in courses] == [[1]] * ROUNDS


def test_a_seat_freed_while_somebody_begins_to_wait_is_never_lost(race: Race, now: datetime) -> None:
    people = [new_actor() for _runner in range(RUNNERS)]
    rounds, courses = [], []
    for _round in range(ROUNDS):
        course = offer_course(now=now, capacities=[1])
        held = api.book(actor=people[0], order=course.order(), now=now)
        assert people[0].person_id is not None
        cancels = Lap(people[0].person_id, reference=held.reference)
        rounds.append([cancels, *(lap(one, course, waiting_ok=True) for one in people[1:])])
        courses.append(course)
    for answers in race(rounds):
        assert answers[0] == "cancelled"
        assert kinds(answers[1:]) in (Counter(waiting=3), Counter(booked=1, waiting=2))
    for course in courses:
        assert course.taken() == [1]
        with trust.system("Test"):
            states = [one.state for one in Booking.objects.filter(course=course.course)]
        assert Counter(states) == Counter(cancelled=1, booked=1, waiting=RUNNERS - 2)
    assert list_wrong_counts() == []


def test_series_booked_and_cancelled_from_all_sides_never_lock_each_other_out(race: Race, now: datetime) -> None:
    """A deadlock would end one runner with an error of the database, and the test with it."""
    people = [new_actor() for _runner in range(RUNNERS)]
    courses = [offer_course(now=now, capacities=[2, 1, 2, 1], mode=api.Mode.SERIES) for _number in range(ROUNDS)]
    # Rows written backwards lie backwards in the table; an order by place instead of by id would show here.
    for course in courses:
        for session in reversed(course.sessions):
            Session.objects.filter(pk=session.pk).update(waiting_seq=0)
    laps = race([[lap(one, course, waiting_ok=True) for one in people] for course in courses])
    assert [kinds(one) for one in laps] == [Counter(booked=1, waiting=3)] * ROUNDS
    cancels = [
        [Lap(one.person_id, reference=answer.split()[1]) for one, answer in zip(people, answers, strict=True)]  # type: ignore[arg-type]  # they have signed in.
        for answers in laps
    ]
    assert [set(one) for one in race(cancels)] == [{"cancelled"}] * ROUNDS
    assert [course.taken() for course in courses] == [[0, 0, 0, 0]] * ROUNDS
    assert list_wrong_counts() == []
