"""What a provider's staff change: dates that do not take place, and the number of seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.actions import letters
from stadtportal.areas.courses.actions.publishing import write_entry
from stadtportal.areas.courses.actions.waiting import lock_dates, move_up
from stadtportal.areas.courses.models import BookedSession, Booking, Session
from stadtportal.areas.courses.rules import State
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import NotFound, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import datetime

    from stadtportal.kernel.contracts import Actor


@transaction.atomic
def call_off(*, actor: Actor, session_id: int, reason: str, now: datetime) -> int:
    """Call a date off, tell everybody concerned, and return how many bookings that were.

    Raises ``NotFound`` for another provider's date, ``DateCancelled`` and ``DatePassed``.
    """
    session, locked = _lock(actor, session_id)
    rules.check_call_off(session.as_seats(), now=now)
    Session.objects.filter(pk=session.pk).update(cancelled_at=now, taken=0)
    with trust.system("Teilnehmende über eine Absage benachrichtigen"):
        concerned = list(
            Booking.objects.filter(
                places__session=session,
                places__released_at=None,
                state__in=[State.BOOKED.value, State.WAITING.value],
            ).select_related("course")
        )
        BookedSession.objects.filter(session=session, released_at=None).update(released_at=now)
        for booking in concerned:
            _tell_called_off(booking, session=session, reason=reason, now=now)
    # In a series the date called off may have been the only one that was full.
    move_up(session.course, locked=[one for one in locked if one.pk != session.pk], now=now)
    write_entry(session.course, now=now)
    return len(concerned)


@transaction.atomic
def change_capacity(*, actor: Actor, session_id: int, capacity: int, now: datetime) -> int:
    """Change the number of seats; return how many waiting parties moved up.

    Raises ``NotFound`` for another provider's date, ``CapacityTooSmall``, ``DateCancelled`` and ``DatePassed``.
    """
    session, locked = _lock(actor, session_id)
    rules.check_capacity(session.as_seats(), capacity=capacity, now=now)
    Session.objects.filter(pk=session.pk).update(capacity=capacity)
    return move_up(session.course, locked=locked, now=now)


def _lock(actor: Actor, session_id: int) -> tuple[Session, list[Session]]:
    """Return one of the provider's own dates as it is once locked, and every date locked with it."""
    seen = Session.objects.select_related("course__organisation", "course__place").filter(pk=session_id).first()
    if seen is None or not actor.has_role(Role.PROVIDER_STAFF, organisation_id=seen.course.organisation_id):
        raise NotFound("Diesen Termin gibt es nicht, oder er gehört zu einem anderen Anbieter.")
    locked = lock_dates(seen.course, session_ids=[session_id])
    session = next(one for one in locked if one.pk == session_id)
    session.course = seen.course
    return session, locked


def _tell_called_off(booking: Booking, *, session: Session, reason: str, now: datetime) -> None:
    rest = [
        place.session
        for place in booking.places.filter(released_at=None, session__starts_at__gt=now, session__cancelled_at=None)
        .select_related("session")
        .order_by("session__starts_at")
    ]
    letter = letters.called_off(booking.course, starts_at=session.starts_at, reason=reason, rest=rest)
    if not rest:
        booking.state = State.CALLED_OFF.value
        booking.ended_at = now
        booking.save(update_fields=["state", "ended_at"])
    cases.move_case(
        reference=booking.case_reference,
        status=booking.state,
        event=letter.event,
        next_step=letter.next_step,
        next_at=rest[0].starts_at if rest else None,
        undo_until_at=_undo_until(booking, rest, now=now),
        now=now,
    )
    inbox.send(
        person_id=booking.person_id,
        subject=letter.subject,
        body=letter.body,
        case_reference=booking.case_reference,
        now=now,
    )


def _undo_until(booking: Booking, rest: list[Session], *, now: datetime) -> datetime | None:
    if not rest:
        return None
    if booking.state == State.WAITING.value:
        return rest[0].starts_at
    held = BookedSession.objects.filter(booking=booking, released_at=None)
    deadline = rules.cancel_deadline(
        held.values_list("session__starts_at", flat=True),
        cancel_until=booking.course.cancel_until,
    )
    return deadline if deadline > now else None
