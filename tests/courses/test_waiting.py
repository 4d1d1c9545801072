"""Cancelling, calling off and changing rooms: whoever waits moves up in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from stadtportal.areas.courses import actions, api, rules
from stadtportal.areas.courses.models import Booking, Session
from stadtportal.areas.courses.queries.desk import list_wrong_counts
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust

from .conftest import Offer, Offered, new_actor

Resident = Callable[[], Actor]


def states(course: Offered) -> list[str]:
    """Return the states of a course's bookings in the order they were made."""
    with trust.system("Test"):
        return [one.state for one in Booking.objects.filter(course=course.course).order_by("id")]


def take(course: Offered, actor: Actor, now: datetime, **changes: object) -> str:
    return api.book(actor=actor, order=course.order(waiting_ok=True, **changes), now=now).reference


def test_a_cancelled_seat_goes_to_the_next_who_fits(offer: Offer, resident: Resident, now: datetime) -> None:
    course = offer(capacities=[2])
    lena, trio, pair, ali = resident(), resident(), resident(), resident()
    reference = take(course, lena, now, party_size=1)
    take(course, resident(), now)
    take(course, pair, now, party_size=2)
    waits = take(course, ali, now)
    later = now + timedelta(hours=1)
    assert api.cancel(actor=lena, reference=reference, now=later)
    assert states(course) == ["cancelled", "booked", "waiting", "booked"]
    assert (course.taken(), list_wrong_counts()) == ([2], [])
    case = cases.get_case(actor=ali, reference=waits)
    assert (case.status.title, case.updated_at) == ("Gebucht", later)
    assert [one.sentence for one in cases.list_case_events(actor=ali, reference=waits)] == [
        "Sie stehen mit 1 Person auf der Warteliste.",
        "Sie sind von der Warteliste nachgerückt und haben 1 Platz.",
    ]
    assert inbox.list_messages(actor=ali)[0].subject == f"Sie sind nachgerückt: {course.course.title}"
    assert cases.get_case(actor=lena, reference=reference).status.title == "Storniert"
    assert cases.get_case(actor=pair, reference=cases.list_cases(actor=pair)[0].reference).status.code == "waiting"
    assert trio.person_id is not None
    assert inbox.list_messages(actor=trio) == []


def test_cancelling_twice_changes_nothing_the_second_time(offer: Offer, resident: Resident, now: datetime) -> None:
    course, lena = offer(capacities=[2]), resident()
    reference = take(course, lena, now)
    assert api.cancel(actor=lena, reference=reference, now=now) is True
    assert api.cancel(actor=lena, reference=reference, now=now) is False
    assert course.taken() == [0]
    assert len(inbox.list_messages(actor=lena)) == 2


def test_a_waiting_place_can_be_given_up_and_frees_no_seat(offer: Offer, resident: Resident, now: datetime) -> None:
    course, lena = offer(capacities=[1]), resident()
    take(course, resident(), now)
    reference = take(course, lena, now)
    assert api.cancel(actor=lena, reference=reference, now=course.sessions[0].starts_at - timedelta(minutes=1))
    assert (states(course), course.taken()) == (["booked", "cancelled"], [1])


def test_the_deadline_and_other_peoples_bookings(offer: Offer, resident: Resident, now: datetime) -> None:
    course, lena = offer(cancel_until=timedelta(days=1)), resident()
    reference = take(course, lena, now)
    with pytest.raises(NotFound):
        api.cancel(actor=resident(), reference=reference, now=now)
    with pytest.raises(NotFound):
        api.get_booking(actor=resident(), reference=reference, now=now)
    deadline = course.sessions[0].starts_at - timedelta(days=1)
    with pytest.raises(rules.TooLateToCancel):
        api.cancel(actor=lena, reference=reference, now=deadline + timedelta(seconds=1))
    assert course.taken() == [1]
    assert api.cancel(actor=lena, reference=reference, now=deadline)


def test_a_series_moves_up_when_every_date_has_room(offer: Offer, resident: Resident, now: datetime) -> None:
    course = offer(mode=api.Mode.SERIES, capacities=[1, 1, 2])
    lena, ali = resident(), resident()
    reference = take(course, lena, now)
    take(course, ali, now)
    assert (states(course), course.taken()) == (["booked", "waiting"], [1, 1, 1])
    api.cancel(actor=lena, reference=reference, now=now)
    assert (states(course), course.taken()) == (["cancelled", "booked"], [1, 1, 1])


def test_whoever_moves_up_in_a_running_series_holds_the_remaining_dates_only(
    offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(mode=api.Mode.SERIES, capacities=[1, 1, 1], cancel_until=timedelta(0))
    lena, ali = resident(), resident()
    take(course, lena, now)
    waits = take(course, ali, now)
    staff = new_actor(organisation_id=course.course.organisation_id)
    after_first = course.sessions[0].ends_at
    for session in course.sessions[1:]:
        api.change_capacity(actor=staff, session_id=session.pk, capacity=2, now=after_first)
    assert (states(course), course.taken(), list_wrong_counts()) == (["booked", "booked"], [1, 2, 2], [])
    booking = api.get_booking(actor=ali, reference=waits, now=after_first)
    assert [session.id for session in booking.sessions] == [session.pk for session in course.sessions[1:]]


def test_more_room_lets_as_many_move_up_as_fit(offer: Offer, resident: Resident, now: datetime) -> None:
    course = offer(capacities=[2])
    staff = new_actor(organisation_id=course.course.organisation_id)
    for party_size in (2, 2, 2, 1):
        take(course, resident(), now, party_size=party_size)
    assert states(course) == ["booked", "waiting", "waiting", "waiting"]
    assert api.change_capacity(actor=staff, session_id=course.sessions[0].pk, capacity=5, now=now) == 2
    assert (states(course), course.taken()) == (["booked", "booked", "waiting", "booked"], [5])
    with pytest.raises(rules.CapacityTooSmall, match="schon 5 Plätze"):
        api.change_capacity(actor=staff, session_id=course.sessions[0].pk, capacity=4, now=now)


def test_a_called_off_date_ends_its_bookings_and_tells_everybody(
    offer: Offer, resident: Resident, now: datetime
) -> None:
    course, lena, ali = offer(capacities=[1, 1]), resident(), resident()
    staff = new_actor(organisation_id=course.course.organisation_id)
    reference = take(course, lena, now)
    take(course, ali, now)
    told = api.call_off(actor=staff, session_id=course.sessions[0].pk, reason="Die Lehrerin ist krank.", now=now)
    assert (told, states(course), course.taken(), list_wrong_counts()) == (
        2,
        ["called_off", "called_off"],
        [0, 0],
        [],
    )
    assert cases.get_case(actor=lena, reference=reference).status.title == "Abgesagt"
    for person in (lena, ali):
        message = inbox.list_messages(actor=person)[0]
        assert message.subject == f"Abgesagt: {course.course.title}"
        assert "Die Lehrerin ist krank." in message.body
    with pytest.raises(rules.DateCancelled):
        api.call_off(actor=staff, session_id=course.sessions[0].pk, reason="", now=now)
    with pytest.raises(rules.NotCancellable):
        api.cancel(actor=lena, reference=reference, now=now)


def test_a_series_goes_on_without_the_date_called_off_and_lets_move_up_whom_only_that_date_kept_out(
    offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(mode=api.Mode.SERIES, capacities=[1, 2])
    staff = new_actor(organisation_id=course.course.organisation_id)
    lena, ali = resident(), resident()
    reference = take(course, lena, now)
    take(course, ali, now)
    assert states(course) == ["booked", "waiting"]
    api.call_off(actor=staff, session_id=course.sessions[0].pk, reason="", now=now)
    assert (states(course), course.taken(), list_wrong_counts()) == (["booked", "booked"], [0, 2], [])
    case = cases.get_case(actor=lena, reference=reference)
    assert (case.status.code, case.next_at) == ("booked", course.sessions[1].starts_at)
    assert inbox.list_messages(actor=lena)[0].subject == f"Ein Termin fällt aus: {course.course.title}"


def test_another_providers_staff_and_residents_change_nothing(offer: Offer, resident: Resident, now: datetime) -> None:
    course, other = offer(), offer(organisation="andere")
    stranger = new_actor(organisation_id=other.course.organisation_id)
    for actor in (stranger, resident()):
        with pytest.raises(NotFound):
            api.call_off(actor=actor, session_id=course.sessions[0].pk, reason="", now=now)
        with pytest.raises(NotFound):
            api.change_capacity(actor=actor, session_id=course.sessions[0].pk, capacity=9, now=now)
    session = Session.objects.get(pk=course.sessions[0].pk)
    assert (session.capacity, session.cancelled_at) == (2, None)


def test_the_clock_ends_what_is_over(offer: Offer, resident: Resident, now: datetime) -> None:
    course, lena, ali = offer(capacities=[1]), resident(), resident()
    booked = take(course, lena, now)
    waits = take(course, ali, now)
    started = course.sessions[0].starts_at
    assert actions.close_past(now=started) == (0, 1)
    assert cases.get_case(actor=ali, reference=waits).status.title == "Kein Platz frei geworden"
    ended = course.sessions[0].ends_at
    assert actions.close_past(now=ended) == (1, 0)
    assert actions.close_past(now=ended) == (0, 0)
    assert cases.get_case(actor=lena, reference=booked).status.title == "Beendet"
    assert (states(course), list_wrong_counts()) == (["done", "lapsed"], [])


def test_the_nightly_check_finds_a_wrong_count_and_mends_nothing(
    offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(capacities=[5])
    take(course, resident(), now, party_size=2)
    Session.objects.filter(pk=course.sessions[0].pk).update(taken=4)
    assert list_wrong_counts() == [(course.sessions[0].pk, 4, 2)]
    assert course.taken() == [4]


def test_the_command_names_wrong_counts_and_says_when_there_are_none(
    offer: Offer, capsys: pytest.CaptureFixture[str]
) -> None:
    from stadtportal.areas.courses.tasks import audit_command

    course = offer(capacities=[5])
    assert (audit_command(), capsys.readouterr().out) == (0, "Alle Platzzahlen stimmen.\n")
    Session.objects.filter(pk=course.sessions[0].pk).update(taken=4)
    expected = f"Termin {course.sessions[0].pk}: 4 Plätze belegt, 0 gebucht\n"
    assert (audit_command(), capsys.readouterr().out) == (1, expected)


def test_the_hourly_task_shows_the_next_date_and_closes_what_is_over(offer: Offer, now: datetime) -> None:
    from stadtportal.kernel.search import api as search

    course = offer(capacities=[5, 5])
    [found] = search.find(search.SearchQuery(text=course.course.title), now=now).results
    assert found.next_at == course.sessions[0].starts_at
    later = course.sessions[0].starts_at + timedelta(minutes=1)
    assert actions.refresh_entries(since=timedelta(hours=2), now=later) == 1
    [found] = search.find(search.SearchQuery(text=course.course.title), now=later).results
    assert found.next_at == course.sessions[1].starts_at
