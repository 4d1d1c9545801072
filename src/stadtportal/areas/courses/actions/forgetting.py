"""Erasing a person's bookings: seats go to whoever waits, providers are told, what is still owed is kept apart."""

from __future__ import annotations

from collections import Counter
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

    from stadtportal.areas.courses.models import Course


def erase(person_id: UUID, *, now: datetime) -> Erased:
    """Erase a person's bookings. Needs ``trust.system``.

    A booking that is still ahead ends as if cancelled. What costs money and could no longer be cancelled stays owed to
    the provider: who owes it and for what is kept apart until the claim lapses. Everything else was paid on the spot or
    never owed; the portal knows of no claim and keeps nothing.
    """
    kept: list[Kept] = []
    known: dict[int, list[str]] = {}
    live: dict[Course, list[Booking]] = {}
    own = Booking.objects.filter(person_id=person_id)
    for booking in own.select_related("course__organisation").order_by("course_id", "id"):
        if State(booking.state) in rules.KNOWN_TO_PROVIDERS:
            known.setdefault(booking.course.organisation_id, []).append(booking.case_reference)
        if State(booking.state).live:
            live.setdefault(booking.course, []).append(booking)
    for course, bookings in live.items():
        kept += _give_up(course, bookings, now=now)
    over = own.exclude(state__in=rules.LIVE)
    rows = sum(len(bookings) for bookings in live.values()) + over.count()
    over.delete()
    for organisation_id, references in sorted(known.items()):
        _tell_provider(organisation_id, references, now=now)
    return Erased(rows, tuple(kept))


def expire(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- the kernel's signature.
    """Erase bookings that ended before ``before``. Needs ``trust.system``."""
    return Booking.objects.filter(ended_at__lt=before).delete()[0]


def _give_up(course: Course, bookings: Sequence[Booking], *, now: datetime) -> list[Kept]:
    """Erase live bookings of one course and give their seats to whoever waits; return what stays owed."""
    ids = [booking.pk for booking in bookings]
    places = BookedSession.objects.filter(booking__in=ids, released_at=None)
    locked = lock_dates(course, session_ids=list(places.values_list("session_id", flat=True)))
    # The waiting list may have moved up before the dates were locked.
    seated = list(Booking.objects.select_for_update().filter(pk__in=ids, state=State.BOOKED.value).order_by("id"))
    held: dict[int, list[Session]] = {}
    freed = Counter[int]()
    for place in places.filter(booking__in=seated).select_related("session").order_by("session_id"):
        held.setdefault(place.booking_id, []).append(place.session)
        freed[place.session_id] += place.seats
    for seats in set(freed.values()):
        dates = [session_id for session_id, count in freed.items() if count == seats]
        Session.objects.filter(pk__in=dates).update(taken=F("taken") - seats)
    kept = [
        claim
        for booking in seated
        if booking.pk in held
        for claim in _keep_claim(booking, course=course, dates=held[booking.pk], now=now)
    ]
    Booking.objects.filter(pk__in=ids).delete()
    if freed:
        move_up(course, locked=locked, now=now)
    return kept


def _keep_claim(booking: Booking, *, course: Course, dates: Sequence[Session], now: datetime) -> list[Kept]:
    """Keep what the provider needs to claim the price of a booking that could no longer be cancelled."""
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
