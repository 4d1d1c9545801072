"""Erasing a person's bookings: seats go to whoever waits, providers are told, what is still owed is kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.actions import letters
from stadtportal.areas.courses.actions.waiting import lock_dates, move_up
from stadtportal.areas.courses.models import BookedSession, Booking, Session
from stadtportal.areas.courses.rules import State
from stadtportal.kernel.contracts import Erased, Kept
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID


def erase(person_id: UUID, *, now: datetime) -> Erased:
    """Erase a person's bookings. Needs ``trust.system``.

    A booking that is still ahead ends as if cancelled. What costs money and could no longer be cancelled stays owed to
    the provider: who owes it and for what is kept apart until the claim lapses. Everything else was paid on the spot or
    never owed; the portal knows of no claim and keeps nothing.
    """
    rows = 0
    kept: list[Kept] = []
    known: dict[int, list[str]] = {}
    bookings = Booking.objects.filter(person_id=person_id).select_related("course__organisation")
    for booking in list(bookings.order_by("course_id", "id")):
        if State(booking.state) in rules.KNOWN_TO_PROVIDERS:
            known.setdefault(booking.course.organisation_id, []).append(booking.case_reference)
        if State(booking.state).live:
            kept += _give_up(booking, now=now)
            rows += 1
        else:
            rows += booking.delete()[0]
    for organisation_id, references in sorted(known.items()):
        _tell_provider(organisation_id, references, now=now)
    return Erased(rows, tuple(kept))


def expire(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- the kernel's signature.
    """Erase bookings that ended before ``before``. Needs ``trust.system``."""
    return Booking.objects.filter(ended_at__lt=before).delete()[0]


def _give_up(booking: Booking, *, now: datetime) -> list[Kept]:
    """Erase a live booking and give its seats to whoever waits; return what stays owed."""
    course = booking.course
    waited_for = list(booking.places.filter(released_at=None).values_list("session_id", flat=True))
    locked = lock_dates(course, session_ids=waited_for)
    # The waiting list may have moved up before the dates were locked.
    state = State(Booking.objects.select_for_update().get(pk=booking.pk).state)
    held = list(BookedSession.objects.filter(booking=booking, released_at=None).select_related("session"))
    kept = []
    if state is State.BOOKED:
        Session.objects.filter(pk__in=[place.session_id for place in held]).update(
            taken=F("taken") - booking.party_size
        )
        kept = _keep_claim(booking, dates=[place.session for place in held], now=now)
    booking.delete()
    if state is State.BOOKED:
        move_up(course, locked=locked, now=now)
    return kept


def _keep_claim(booking: Booking, *, dates: Sequence[Session], now: datetime) -> list[Kept]:
    """Keep what the provider needs to claim the price of a booking that could no longer be cancelled."""
    course = booking.course
    deadline = rules.cancel_deadline((date.starts_at for date in dates), cancel_until=course.cancel_until)
    if not booking.price_cents or now <= deadline:
        return []
    person = people.get_person(booking.person_id)
    last = max(date.ends_at for date in dates)
    return [
        trust.hold(
            title=f"Kursbuchung {booking.case_reference}: Name, E-Mail-Adresse, Kurs, Termine und Preis",
            law="Art. 17 Abs. 3 Buchst. e DSGVO: Der Anbieter kann den Preis noch fordern (§§ 195, 199 BGB)",
            until=trust.end_of_limitation(last.date()),
            facts={
                "reference": booking.case_reference,
                "name": person.name,
                "email": person.email,
                "course": course.title,
                "provider": course.organisation.name,
                "dates": [date.starts_at.isoformat() for date in dates],
                "price_cents": booking.price_cents,
            },
            now=now,
        )
    ]


def _tell_provider(organisation_id: int, references: Sequence[str], *, now: datetime) -> None:
    """Tell those who work for the provider to erase the booking from lists of their own (Art. 19 GDPR)."""
    letter = letters.erased(references)
    for person_id in people.list_staff(organisation_id):
        inbox.send(person_id=person_id, subject=letter.subject, body=letter.body, now=now)
