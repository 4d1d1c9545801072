"""Giving up a booking or a waiting place; whoever waits moves up at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.actions import letters
from stadtportal.areas.courses.actions.waiting import lock_dates, move_up
from stadtportal.areas.courses.models import BookedSession, Booking, Session
from stadtportal.areas.courses.rules import State
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import datetime

    from stadtportal.kernel.contracts import Actor


@transaction.atomic
def cancel(*, actor: Actor, reference: str, now: datetime) -> bool:
    """Cancel one's own booking; return whether anything changed, so that a second click does no harm.

    Raises ``NotFound`` for anybody else's booking, ``TooLateToCancel`` after the deadline, ``NotCancellable`` for one
    that ended otherwise.
    """
    if actor.person_id is None:
        raise rules.not_found()
    with trust.own(actor):
        seen = Booking.objects.filter(case_reference=reference, person_id=actor.person_id).first()
        if seen is None:
            raise rules.not_found()
        places = list(seen.places.filter(released_at=None).order_by("session_id"))
        course = seen.course
        locked = lock_dates(course, session_ids=[place.session_id for place in places])
        # What was seen before the lock may have changed: the waiting list may have moved up meanwhile.
        booking = Booking.objects.select_for_update().get(pk=seen.pk)
        state = State(booking.state)
        if state is State.CANCELLED:
            return False
        held = list(BookedSession.objects.filter(booking=booking, released_at=None).select_related("session"))
        starts = [place.session.starts_at for place in held]
        rules.check_cancel(
            state,
            deadline=rules.cancel_deadline(starts, cancel_until=course.cancel_until) if starts else now,
            now=now,
        )
        if state is State.BOOKED:
            Session.objects.filter(pk__in=[place.session_id for place in held]).update(
                taken=F("taken") - booking.party_size
            )
        booking.state = State.CANCELLED.value
        booking.ended_at = now
        booking.save(update_fields=["state", "ended_at"])
        letter = letters.cancelled(course, state=state)
        cases.move_case(reference=reference, status=State.CANCELLED.value, event=letter.event, now=now)
        inbox.send(
            person_id=booking.person_id,
            subject=letter.subject,
            body=letter.body,
            case_reference=reference,
            now=now,
        )
    if state is State.BOOKED:
        move_up(course, locked=locked, now=now)
    return True
