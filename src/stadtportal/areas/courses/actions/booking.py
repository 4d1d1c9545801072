"""Booking: seats or a waiting place, the case and the message, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.actions import letters
from stadtportal.areas.courses.models import BookedSession, Booking, Course, PriceCategory, Session
from stadtportal.areas.courses.queries.prefill import CONTACT
from stadtportal.areas.courses.rules import Mode, Placement, State
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import NotAllowed, NotFound
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import BERLIN

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from stadtportal.areas.courses.rules import Order
    from stadtportal.kernel.contracts import Actor


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of booking; ``repeated`` tells that the same request had been answered before."""

    reference: str
    state: State
    queue_no: int | None
    repeated: bool = False


class _Repeated(Exception):  # noqa: N818 -- unwinds the transaction; never leaves this module.
    def __init__(self, booking: Booking) -> None:
        super().__init__(booking.case_reference)
        self.booking = booking


def book(*, actor: Actor, order: Order, now: datetime) -> Booked:
    """Book seats, or wait for them if the order says so; the same ``order.key`` returns the same case.

    Raises the refusals of :mod:`stadtportal.areas.courses.rules`, and ``NotFound`` for an unknown course.
    """
    if actor.person_id is None:
        raise NotAllowed("Bitte melden Sie sich an, um zu buchen.")
    rules.check_order(order)
    with trust.own(actor):
        try:
            with transaction.atomic():
                return _book(actor=actor, person_id=actor.person_id, order=order, now=now)
        except _Repeated as repeated:
            booking = repeated.booking
        except IntegrityError:
            # The same request on its way twice at once, with two different dates: the first one counts.
            found = Booking.objects.filter(person_id=actor.person_id, idempotency_key=order.key).first()
            if found is None:
                raise
            booking = found
        return Booked(booking.case_reference, State(booking.state), booking.queue_no, repeated=True)


def _price(order: Order) -> PriceCategory:
    """Return the price with its course; tell an unknown course from a price of another one."""
    prices = PriceCategory.objects.select_related("course__organisation", "course__place")
    try:
        return prices.get(pk=order.price_id, course__slug=order.slug)
    except PriceCategory.DoesNotExist:
        pass  # Which of the two is unknown is asked only now that one of them is.
    if Course.objects.filter(slug=order.slug, published_at__isnull=False).exists():
        raise rules.UnknownPrice(
            "Diesen Preis gibt es für diesen Kurs nicht. Bitte wählen Sie noch einmal.", field="price"
        )
    raise NotFound("Diesen Kurs gibt es nicht.")


def _book(*, actor: Actor, person_id: UUID, order: Order, now: datetime) -> Booked:
    """Lock the dates, decide, and write what was decided; raise ``_Repeated`` for a request answered before."""
    price = _price(order)
    course = price.course
    sessions = _lock_dates(course=course, order=order, now=now)
    # The same request is answered as before even when nothing could be booked any more; so this comes first.
    _check_not_booked(person_id=person_id, course=course, sessions=sessions, key=order.key)
    _check_order(order, price=price, sessions=sessions, now=now)
    _check_age(actor, course=course, sessions=sessions)
    placement = rules.place(
        [session.as_seats() for session in sessions], seats=order.party_size, waiting_ok=order.waiting_ok, now=now
    )
    reference = _open(
        person_id=person_id, course=course, order=order, state=placement.state, sessions=sessions, now=now
    )
    _take(sessions, placement, seats=order.party_size)
    phone = _phone(actor, order, course=course, reference=reference, now=now) if course.asks_phone else ""
    booking = Booking.objects.create(
        case_reference=reference,
        person_id=person_id,
        course=course,
        price_category=price,
        party_size=order.party_size,
        price_cents=order.shown_cents,
        state=placement.state.value,
        queue_no=placement.queue_no,
        idempotency_key=order.key,
        contact_phone=phone,
        created_at=now,
    )
    BookedSession.objects.bulk_create(
        BookedSession(booking=booking, session=session, seats=order.party_size) for session in sessions
    )
    return Booked(reference, placement.state, placement.queue_no)


def _phone(actor: Actor, order: Order, *, course: Course, reference: str, now: datetime) -> str:
    """Return the number to leave with the provider: the one typed, or the one the person keeps and lets it have."""
    if order.phone.strip():
        return trust.check_phone(order.phone, field="phone")
    if not (order.phone_kept or order.phone_consent):
        return ""
    organisation = course.organisation
    receiver = trust.Receiver(
        id=organisation.pk, name=organisation.name, contact=organisation.email or organisation.phone
    )
    if order.phone_consent:
        trust.give_consent(actor=actor, receiver=receiver, kind="phone", purpose=CONTACT, now=now)
    parts = trust.use_fact(actor=actor, kind="phone", receiver=receiver, purpose=CONTACT, case=reference, now=now)
    return parts["number"]


def _lock_dates(*, course: Course, order: Order, now: datetime) -> list[Session]:
    """Return the dates ordered, as they are now, locked in the order of their ids.

    Whoever frees seats holds the same locks, so nobody begins to wait for a seat that is being freed.
    """
    dates = Session.objects.filter(course=course).order_by("id").select_for_update(no_key=True)
    if Mode(course.mode) is Mode.SERIES:
        return list(dates.filter(cancelled_at=None, starts_at__gt=now))
    return list(dates.filter(pk=order.session_id or 0))


def _check_order(order: Order, *, price: PriceCategory, sessions: list[Session], now: datetime) -> None:
    course = price.course
    if not sessions and Mode(course.mode) is Mode.SINGLE:
        raise rules.UnknownDate("Diesen Termin gibt es nicht. Bitte wählen Sie noch einmal.", field="session")
    rules.check_orderable(
        order,
        published=course.published_at is not None and course.published_at <= now,
        price_current=price.retired_at is None,
        ages=rules.ages(course.min_age, course.max_age),
    )
    rules.check_total(shown=order.shown_cents, total=price.cents * order.party_size)


def _check_age(actor: Actor, *, course: Course, sessions: list[Session]) -> None:
    """Hold a child's birth date, where the portal knows it, against the ages the course is for."""
    if actor.mandate is None or not sessions or (course.min_age is None and course.max_age is None):
        return
    born = people.find_birth_date(actor.mandate.principal_id)
    if born is not None:
        day = min(session.starts_at for session in sessions).astimezone(BERLIN).date()
        rules.check_age(
            people.age_on(born, day),
            name=actor.mandate.principal_name,
            min_age=course.min_age,
            max_age=course.max_age,
        )


def _open(
    *, person_id: UUID, course: Course, order: Order, state: State, sessions: list[Session], now: datetime
) -> str:
    """Open the case and send the message that confirms it; return the reference."""
    party = letters.Party(
        course=course,
        sessions=sessions,
        seats=order.party_size,
        price_cents=order.shown_cents,
        deadline=rules.cancel_deadline((session.starts_at for session in sessions), cancel_until=course.cancel_until),
    )
    seated = state is State.BOOKED
    letter = letters.booked(party, now=now) if seated else letters.waiting(party)
    undo_until_at = party.deadline if seated else party.first
    reference = cases.open_case(
        person_id=person_id,
        area="courses",
        kind="booking",
        title=course.title,
        status=state.value,
        event=letter.event,
        next_step=letter.next_step,
        next_at=party.first,
        undo_until_at=undo_until_at if undo_until_at > now else None,
        now=now,
    )
    inbox.send(
        person_id=person_id,
        subject=letter.subject,
        body=letter.body,
        case_reference=reference,
        now=now,
    )
    return reference


def _take(sessions: list[Session], placement: Placement, *, seats: int) -> None:
    """Take the seats or the number on the waiting list; the database refuses what would oversell a date."""
    dates = Session.objects.filter(pk__in=[session.pk for session in sessions])
    if placement.state is State.BOOKED:
        dates.update(taken=F("taken") + seats)
    else:
        dates.update(waiting_seq=placement.queue_no)


def _check_not_booked(*, person_id: UUID, course: Course, sessions: list[Session], key: str) -> None:
    """Find the same request answered before, or a live booking of the same dates."""
    own = list(
        Booking.objects.filter(person_id=person_id)
        .filter(Q(idempotency_key=key) | Q(course=course, state__in=[State.BOOKED.value, State.WAITING.value]))
        .order_by()
    )
    for booking in own:
        if booking.idempotency_key == key:
            raise _Repeated(booking)
    if not own:
        return
    same_dates = BookedSession.objects.filter(booking__in=own, session__in=sessions, released_at=None)
    taken = set(same_dates.values_list("booking", flat=True))
    for booking in own:
        if booking.pk in taken:
            raise rules.AlreadyBooked(
                "Sie haben diesen Termin schon gebucht oder stehen auf der Warteliste. Möchten Sie mehr Personen "
                "anmelden, stornieren Sie die Buchung und buchen Sie neu.",
                reference=booking.case_reference,
            )
