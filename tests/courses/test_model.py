"""Any interleaving of booking, cancelling, calling off and changing rooms, beside a model of a few lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stadtportal.areas.courses import api, rules
from stadtportal.areas.courses.models import Booking, Session
from stadtportal.areas.courses.queries.desk import list_wrong_counts
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.trust import api as trust

from .conftest import Offered, new_actor, offer_course

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Party:
    """One booking as the model sees it: whose, how many, on which dates, and how it stands."""

    actor: Actor
    reference: str
    seats: int
    dates: set[int]
    state: str


@dataclass
class Model:
    """The dates with their capacity (``None`` once called off) and the parties in the order they came."""

    room: list[int | None]
    parties: list[Party] = field(default_factory=list)

    def taken(self, date: int) -> int:
        return sum(one.seats for one in self.parties if one.state == "booked" and date in one.dates)

    def fits(self, seats: int, dates: set[int]) -> bool:
        return all(self.taken(date) + seats <= (self.room[date] or 0) for date in dates)

    def move_up(self) -> None:
        for one in self.parties:
            if one.state == "waiting" and self.fits(one.seats, one.dates):
                one.state = "booked"


class Courses(RuleBasedStateMachine):
    """One course; every step is done in the portal and in the model."""

    model: Model
    course: Offered
    staff: Actor
    mode: api.Mode

    @initialize(capacities=st.lists(st.integers(1, 6), min_size=1, max_size=3), mode=st.sampled_from(api.Mode))
    def begin(self, capacities: list[int], mode: api.Mode) -> None:
        self.mode = mode
        self.course = offer_course(now=NOW, capacities=capacities, mode=mode)
        self.staff = new_actor(organisation_id=self.course.course.organisation_id)
        self.model = Model(list(capacities))

    def open_dates(self) -> set[int]:
        return {number for number, room in enumerate(self.model.room) if room is not None}

    @precondition(lambda self: any(room is not None for room in self.model.room))
    @rule(seats=st.integers(1, 4), pick=st.integers(0, 2), waiting_ok=st.booleans())
    def book(self, seats: int, pick: int, waiting_ok: bool) -> None:  # noqa: FBT001 -- drawn by hypothesis.
        model, actor = self.model, new_actor()
        chosen = sorted(self.open_dates())[pick % len(self.open_dates())]
        dates = self.open_dates() if self.mode is api.Mode.SERIES else {chosen}
        order = self.course.order(session_id=self.course.sessions[chosen].pk, party_size=seats, waiting_ok=waiting_ok)
        if min(model.room[date] or 0 for date in dates) < seats:
            with pytest.raises(rules.PartyTooLarge):
                api.book(actor=actor, order=order, now=NOW)
        elif model.fits(seats, dates) or waiting_ok:
            state = "booked" if model.fits(seats, dates) else "waiting"
            booked = api.book(actor=actor, order=order, now=NOW)
            assert booked.state == state
            model.parties.append(Party(actor, booked.reference, seats, dates, state))
        else:
            with pytest.raises(rules.FullyBooked):
                api.book(actor=actor, order=order, now=NOW)

    @precondition(lambda self: self.model.parties)
    @rule(pick=st.integers(0, 50))
    def cancel(self, pick: int) -> None:
        party = self.model.parties[pick % len(self.model.parties)]
        if party.state == "called_off":
            with pytest.raises(rules.NotCancellable):
                api.cancel(actor=party.actor, reference=party.reference, now=NOW)
            return
        api.cancel(actor=party.actor, reference=party.reference, now=NOW)
        party.state = "cancelled"
        self.model.move_up()

    @rule(pick=st.integers(0, 2), capacity=st.integers(1, 8))
    def change_capacity(self, pick: int, capacity: int) -> None:
        date = pick % len(self.model.room)
        session = self.course.sessions[date].pk
        if self.model.room[date] is None:
            with pytest.raises(rules.DateCancelled):
                api.change_capacity(actor=self.staff, session_id=session, capacity=capacity, now=NOW)
        elif capacity < self.model.taken(date):
            with pytest.raises(rules.CapacityTooSmall):
                api.change_capacity(actor=self.staff, session_id=session, capacity=capacity, now=NOW)
        else:
            api.change_capacity(actor=self.staff, session_id=session, capacity=capacity, now=NOW)
            self.model.room[date] = capacity
            self.model.move_up()

    @precondition(lambda self: any(room is not None for room in self.model.room))
    @rule(pick=st.integers(0, 2))
    def call_off(self, pick: int) -> None:
        date = sorted(self.open_dates())[pick % len(self.open_dates())]
        api.call_off(actor=self.staff, session_id=self.course.sessions[date].pk, reason="", now=NOW)
        self.model.room[date] = None
        for party in self.model.parties:
            if party.state in {"booked", "waiting"} and date in party.dates:
                party.dates = party.dates - {date}
                party.state = party.state if party.dates else "called_off"
        self.model.move_up()

    @invariant()
    def the_portal_stands_where_the_model_stands(self) -> None:
        if not hasattr(self, "model"):
            return
        sessions = list(Session.objects.filter(course=self.course.course).order_by("id"))
        assert [one.taken for one in sessions] == [self.model.taken(date) for date in range(len(sessions))]
        assert all(0 <= one.taken <= one.capacity for one in sessions)
        with trust.system("Test"):
            stored = Booking.objects.filter(course=self.course.course).order_by("id")
            assert [one.state for one in stored] == [one.state for one in self.model.parties]
        assert list_wrong_counts() == []


@pytest.mark.django_db
def test_any_interleaving_keeps_the_seats_right_and_the_order_fair(whole: bool) -> None:  # noqa: FBT001 -- a fixture.
    run_state_machine_as_test(
        Courses,
        settings=settings(
            max_examples=200 if whole else 20,
            stateful_step_count=25,
            deadline=None,
            derandomize=not whole,
            suppress_health_check=list(HealthCheck),
        ),
    )
