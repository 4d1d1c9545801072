"""The waiting list moves up: called by whatever frees seats, in its transaction, with the dates already locked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import F, Prefetch

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.actions import letters
from stadtportal.areas.courses.models import BookedSession, Booking, Session
from stadtportal.areas.courses.rules import Mode, State, Waiting
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import datetime

    from stadtportal.areas.courses.models import Course


def lock_dates(course: Course, *, session_ids: list[int]) -> list[Session]:
    """Lock the dates a change concerns, in the order of their ids, and return them as they are now.

    In a series one change can concern parties that hold other dates too, so all of its dates are locked.
    """
    dates = Session.objects.select_for_update(no_key=True).filter(course=course)
    if Mode(course.mode) is Mode.SINGLE:
        dates = dates.filter(pk__in=session_ids)
    return list(dates.order_by("id"))


def move_up(course: Course, *, locked: list[Session], now: datetime) -> int:
    """Give freed seats to the waiting list; return how many parties moved up."""
    coming = [session.pk for session in locked if session.as_seats().open(now)]
    dates = {session.pk: session for session in Session.objects.filter(pk__in=coming)}
    free = {pk: session.as_seats().free for pk, session in dates.items()}
    if not any(free.values()):
        return 0
    with trust.system("Warteliste nachrücken"):
        queue = _list_queue(course, coming=coming)
        parties = {booking.pk: booking for booking in queue}
        promoted = rules.move_up(
            free,
            [
                Waiting(
                    booking_id=booking.pk,
                    queue_no=booking.queue_no or 0,
                    seats=booking.party_size,
                    session_ids=tuple(place.session_id for place in booking.places.all()),
                )
                for booking in queue
            ],
        )
        if promoted:
            _seat(promoted, coming=coming, now=now)
        for party in promoted:
            booking = parties[party.booking_id]
            _tell(booking, sessions=[dates[pk] for pk in party.session_ids], now=now)
    return len(promoted)


def _list_queue(course: Course, *, coming: list[int]) -> list[Booking]:
    """Return who waits for one of the coming dates, each with the places it still waits for."""
    waits = BookedSession.objects.filter(session__in=coming, released_at=None)
    return list(
        Booking.objects.filter(course=course, state=State.WAITING.value, pk__in=waits.values("booking"))
        .select_related("course__organisation", "course__place")
        .prefetch_related(Prefetch("places", queryset=waits.order_by("session_id")))
        .order_by("queue_no")
    )


def _seat(promoted: tuple[Waiting, ...], *, coming: list[int], now: datetime) -> None:
    """Write the seats. Places on dates that passed while the party waited are released: it never had them."""
    ids = [party.booking_id for party in promoted]
    taken = Counter[int]()
    for party in promoted:
        taken.update(dict.fromkeys(party.session_ids, party.seats))
    for session_id, seats in sorted(taken.items()):
        Session.objects.filter(pk=session_id).update(taken=F("taken") + seats)
    Booking.objects.filter(pk__in=ids).update(state=State.BOOKED.value, queue_no=None)
    BookedSession.objects.filter(booking__in=ids, released_at=None).exclude(session__in=coming).update(released_at=now)


def _tell(booking: Booking, *, sessions: list[Session], now: datetime) -> None:
    course = booking.course
    party = letters.Party(
        course=course,
        sessions=sessions,
        seats=booking.party_size,
        price_cents=booking.price_cents,
        deadline=rules.cancel_deadline((session.starts_at for session in sessions), cancel_until=course.cancel_until),
    )
    letter = letters.promoted(party, now=now)
    cases.move_case(
        reference=booking.case_reference,
        status=State.BOOKED.value,
        event=letter.event,
        next_step=letter.next_step,
        next_at=party.first,
        undo_until_at=party.deadline if party.deadline > now else None,
        now=now,
    )
    inbox.send(
        person_id=booking.person_id,
        subject=letter.subject,
        body=letter.body,
        case_reference=booking.case_reference,
        now=now,
    )
