"""Booking: seats or the waiting list, once per key, and everything that belongs to it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from stadtportal.areas.courses import api, rules
from stadtportal.areas.courses.models import BookedSession, Booking, Session
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import VISITOR, Actor, NotAllowed, NotFound
from stadtportal.kernel.inbox import api as inbox

from .conftest import Offer

Resident = Callable[[], Actor]


def count_rows() -> tuple[int, ...]:
    """Count everything a booking writes: bookings, seats, cases, events, messages, jobs, numbers given."""
    tables = (
        "courses_booking",
        "courses_bookedsession",
        "cases_case",
        "cases_caseevent",
        "inbox_message",
        "procrastinate_jobs",
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables))  # noqa: S608 -- fixed names.
        return tuple(row[0] for row in cursor.fetchall())


def test_a_booking_takes_seats_and_opens_a_case_with_a_message(offer: Offer, resident: Resident, now: datetime) -> None:
    course, lena = offer(capacities=[5]), resident()
    before = count_rows()
    booked = api.book(actor=lena, order=course.order(party_size=3), now=now)
    assert (booked.state, booked.queue_no, booked.repeated) == (api.State.BOOKED, None, False)
    assert course.taken() == [3]
    assert tuple(after - was for after, was in zip(count_rows(), before, strict=True)) == (1, 1, 1, 1, 1, 1)
    case = cases.get_case(actor=lena, reference=booked.reference)
    assert (case.title, case.status.title, case.next_at) == (
        course.course.title,
        "Gebucht",
        course.sessions[0].starts_at,
    )
    assert case.undo_until_at == course.sessions[0].starts_at - timedelta(hours=24)
    [event] = cases.list_case_events(actor=lena, reference=booked.reference)
    assert event.sentence == "Sie haben 3 Plätze gebucht."
    [message] = inbox.list_messages(actor=lena)
    assert message.subject == f"Gebucht: {course.course.title}"
    assert "Preis: 36,00 €. Sie zahlen vor Ort beim Anbieter." in message.body
    assert message.case_reference == booked.reference


def test_a_series_takes_a_seat_on_every_date_still_to_come(offer: Offer, resident: Resident, now: datetime) -> None:
    course = offer(mode=api.Mode.SERIES, capacities=[4, 3, 5], first_at=now - timedelta(days=1, hours=2))
    booked = api.book(actor=resident(), order=course.order(session_id=None, party_size=2), now=now)
    assert booked.state is api.State.BOOKED
    assert course.taken() == [0, 0, 2]  # Two of the three dates have begun already.


def test_a_full_course_refuses_those_who_will_not_wait_and_queues_the_others_in_order(
    offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(capacities=[1])
    api.book(actor=resident(), order=course.order(), now=now)
    before = count_rows()
    with pytest.raises(rules.FullyBooked, match="inzwischen ausgebucht"):
        api.book(actor=resident(), order=course.order(), now=now)
    assert count_rows() == before
    queue = [api.book(actor=resident(), order=course.order(waiting_ok=True), now=now) for _number in range(3)]
    assert [(one.state, one.queue_no) for one in queue] == [(api.State.WAITING, number) for number in (1, 2, 3)]
    assert course.taken() == [1]


def test_a_party_is_seated_whole_or_waits(offer: Offer, resident: Resident, now: datetime) -> None:
    course = offer(capacities=[3])
    api.book(actor=resident(), order=course.order(party_size=2), now=now)
    pair = api.book(actor=resident(), order=course.order(party_size=2, waiting_ok=True), now=now)
    single = api.book(actor=resident(), order=course.order(waiting_ok=True), now=now)
    assert (pair.state, single.state) == (api.State.WAITING, api.State.BOOKED)
    assert course.taken() == [3]


def test_the_same_key_gives_the_same_case_and_books_once(offer: Offer, resident: Resident, now: datetime) -> None:
    course, lena = offer(capacities=[9]), resident()
    order = course.order(party_size=2)
    first = api.book(actor=lena, order=order, now=now)
    before = count_rows()
    again = api.book(actor=lena, order=order, now=now)
    assert (again.reference, again.repeated) == (first.reference, True)
    # Even when the course is over in the meantime.
    late = api.book(actor=lena, order=order, now=now + timedelta(days=30))
    assert late.reference == first.reference
    assert (course.taken(), count_rows()) == ([2], before)
    # The key belongs to one person: for somebody else it is a new order.
    other = api.book(actor=resident(), order=order, now=now)
    assert other.reference != first.reference


def test_the_same_date_is_not_booked_twice_by_one_person(offer: Offer, resident: Resident, now: datetime) -> None:
    course, lena = offer(capacities=[9, 9]), resident()
    first = api.book(actor=lena, order=course.order(), now=now)
    with pytest.raises(rules.AlreadyBooked) as refusal:
        api.book(actor=lena, order=course.order(), now=now)
    assert refusal.value.reference == first.reference
    api.book(actor=lena, order=course.order(session_id=course.sessions[1].pk), now=now)
    assert course.taken() == [1, 1]


def test_an_error_after_the_booking_leaves_nothing(offer: Offer, resident: Resident, now: datetime) -> None:
    """The message is written last; a database that refuses it takes everything before it along."""
    course, lena = offer(capacities=[9]), resident()
    before = count_rows()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''no more messages''; END';"
            "CREATE TRIGGER refuse BEFORE INSERT ON inbox_message EXECUTE FUNCTION refuse()"
        )
    with pytest.raises(DatabaseError, match="no more messages"):
        api.book(actor=lena, order=course.order(), now=now)
    assert (count_rows(), course.taken()) == (before, [0])


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"party_size": 0}, rules.PartyTooLarge),
        ({"party_size": -3}, rules.PartyTooLarge),
        ({"party_size": rules.MAX_PARTY + 1}, rules.PartyTooLarge),
        ({"party_size": 10**12}, rules.PartyTooLarge),
        ({"party_size": 3}, rules.PartyTooLarge),  # The room has two seats.
        ({"session_id": 2**60}, rules.UnknownDate),
        ({"session_id": None}, rules.UnknownDate),
        ({"price_id": 2**60}, rules.UnknownPrice),
        ({"slug": "gibt-es-nicht"}, NotFound),
        ({"key": ""}, rules.Incomplete),
        ({"key": "x" * 65}, rules.Incomplete),
        ({"shown_cents": 1}, rules.PriceChanged),
    ],
)
def test_what_cannot_be_booked_is_refused_with_nothing_written(
    offer: Offer, resident: Resident, now: datetime, changes: dict[str, object], refusal: type[Exception]
) -> None:
    course, lena = offer(capacities=[2]), resident()
    before = count_rows()
    with pytest.raises(refusal):
        api.book(actor=lena, order=course.order(**changes), now=now)
    assert (count_rows(), course.taken()) == (before, [0])


def test_foreign_prices_and_dates_are_refused(offer: Offer, resident: Resident, now: datetime) -> None:
    course, other, lena = offer(), offer(), resident()
    with pytest.raises(rules.UnknownPrice):
        api.book(actor=lena, order=course.order(price_id=other.prices[0].pk), now=now)
    with pytest.raises(rules.UnknownDate):
        api.book(actor=lena, order=course.order(session_id=other.sessions[0].pk), now=now)
    assert (course.taken(), other.taken()) == ([0], [0])


def test_dates_that_passed_or_were_called_off_and_courses_not_shown_are_refused(
    offer: Offer, resident: Resident, now: datetime
) -> None:
    lena = resident()
    course = offer()
    with pytest.raises(rules.DatePassed):
        api.book(actor=lena, order=course.order(), now=course.sessions[0].starts_at)
    Session.objects.filter(course=course.course).update(cancelled_at=now)
    with pytest.raises(rules.DateCancelled):
        api.book(actor=lena, order=course.order(), now=now)
    series = offer(mode=api.Mode.SERIES)
    with pytest.raises(rules.CourseClosed):
        api.book(actor=lena, order=series.order(), now=now + timedelta(days=60))
    with pytest.raises(NotFound):
        api.book(actor=lena, order=offer(published_at=now + timedelta(days=1)).order(), now=now)
    with pytest.raises(NotAllowed):
        api.book(actor=VISITOR, order=course.order(), now=now)


def test_a_course_for_an_age_needs_the_ages_confirmed(offer: Offer, resident: Resident, now: datetime) -> None:
    course = offer(min_age=16)
    with pytest.raises(rules.Incomplete, match="ab 16 Jahren"):
        api.book(actor=resident(), order=course.order(), now=now)
    assert api.book(actor=resident(), order=course.order(ages_ok=True), now=now).state is api.State.BOOKED


def test_a_booking_takes_at_most_seventeen_statements(offer: Offer, resident: Resident, now: datetime) -> None:
    """The rush lives on this figure; the number of dates must not change it."""
    for course in (offer(capacities=[9]), offer(capacities=[9] * 8, mode=api.Mode.SERIES)):
        lena, order = resident(), course.order()
        with CaptureQueriesContext(connection) as seen:
            api.book(actor=lena, order=order, now=now)
        assert len(seen) <= 17, "\n".join(one["sql"][:120] for one in seen)
    assert Booking.objects.count() == 2
    assert BookedSession.objects.count() == 9
