"""One's own bookings: as a page, on the case's page, and in the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.models import BookedSession, Booking, Course
from stadtportal.areas.courses.queries.desk import FIELDS
from stadtportal.areas.courses.queries.listing import (
    course_view,
    session_view,
    venue_view,
    with_details,
)
from stadtportal.areas.courses.queries.shapes import BookingView
from stadtportal.areas.courses.rules import Mode, State
from stadtportal.kernel.cases.api import Received
from stadtportal.kernel.contracts import CalendarEvent, CasePanel, PanelLink
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import berlin_datetime, price

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from stadtportal.areas.courses.models import Session
    from stadtportal.areas.courses.queries.shapes import SessionView, VenueView
    from stadtportal.kernel.contracts import Actor


def get_booking(*, actor: Actor, reference: str, now: datetime) -> BookingView:
    """Return one's own booking. Raises ``NotFound`` for any other."""
    if actor.person_id is None:
        raise rules.not_found()
    with trust.own(actor):
        booking = _details(Booking.objects.filter(person_id=actor.person_id, case_reference=reference)).first()
    if booking is None:
        raise rules.not_found()
    return _view(booking, now=now)


def find_live_reference(*, actor: Actor, slug: str) -> str:
    """Return the reference of one's own live booking of a course, or nothing."""
    if actor.person_id is None:
        return ""
    with trust.own(actor):
        booking = Booking.objects.filter(person_id=actor.person_id, course__slug=slug, state__in=rules.LIVE).first()
    return booking.case_reference if booking else ""


def _details(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    places = BookedSession.objects.filter(released_at=None).select_related("session").order_by("session__starts_at")
    return bookings.select_related(
        "course__organisation", "course__place__district", "course__category", "price_category"
    ).prefetch_related(Prefetch("places", queryset=places))


def _view(booking: Booking, *, now: datetime) -> BookingView:
    held = [place.session for place in booking.places.all()]
    course = with_details(Course.objects.filter(pk=booking.course_id), now=now).get()
    state = State(booking.state)
    # A booking that was called off holds nothing any more; its page still says when it would have been.
    deadline = (
        rules.cancel_deadline((session.starts_at for session in held), cancel_until=course.cancel_until)
        if held
        else booking.created_at
    )
    return BookingView(
        reference=booking.case_reference,
        course=course_view(course, now=now),
        sessions=tuple(session_view(session, now=now) for session in held),
        state=state,
        party_size=booking.party_size,
        price_name=booking.price_category.name,
        price_proof=booking.price_category.proof,
        price_cents=booking.price_cents,
        ahead=_count_ahead(booking, held=[session.pk for session in held]),
        created_at=booking.created_at,
        cancel_until=deadline,
        can_cancel=state is State.WAITING or (state is State.BOOKED and now <= deadline),
    )


def _count_ahead(booking: Booking, *, held: list[int]) -> int:
    """Count the parties that stand before this one for one of the same dates."""
    if booking.queue_no is None:
        return 0
    queue = Booking.objects.filter(
        course_id=booking.course_id, state=State.WAITING.value, queue_no__lt=booking.queue_no
    )
    if Mode(booking.course.mode) is Mode.SINGLE:
        queue = queue.filter(places__session__in=held)
    return queue.count()


def get_panel(*, reference: str, now: datetime) -> CasePanel:
    """Return what the page of a booking's case shows; needs an open reading of one's own data."""
    booking = _details(Booking.objects.filter(case_reference=reference)).first()
    if booking is None:
        return CasePanel()
    shown = _view(booking, now=now)
    return CasePanel(facts=_facts(shown), links=_links(shown))


def _facts(booking: BookingView) -> tuple[tuple[str, str], ...]:
    course, venue = booking.course, booking.course.venue
    facts = [
        (_("Kurs"), course.title),
        (_("Anbieter"), course.provider.name),
        *((_("Termin"), berlin_datetime(session.starts_at)) for session in booking.sessions[:3]),
    ]
    if (more := len(booking.sessions) - 3) > 0:
        facts.append((_("Weitere Termine"), str(more)))
    if venue:
        facts.append((_("Ort"), place_words(venue)))
    facts.append((_("Personen"), str(booking.party_size)))
    facts.append((_("Preis"), price(booking.price_cents)))
    if booking.state is State.WAITING:
        facts.append((_("Vor Ihnen warten"), str(booking.ahead)))
    return tuple(facts)


def _links(booking: BookingView) -> tuple[PanelLink, ...]:
    links = [PanelLink(_("Buchung ansehen"), _url("booking", booking.reference), "primary", "calendar")]
    if booking.state is State.BOOKED:
        links += [
            PanelLink(_("In den Kalender übernehmen"), _url("calendar", booking.reference), icon="calendar"),
            PanelLink(_("Bestätigung als PDF"), _url("confirmation", booking.reference), icon="download"),
        ]
    if booking.can_cancel:
        title = _("Warteliste verlassen") if booking.state is State.WAITING else _("Buchung stornieren")
        links.append(PanelLink(title, _url("cancel", booking.reference), "danger"))
    return tuple(links)


def _url(page: str, reference: str) -> str:
    return reverse(f"courses:{page}", args=[reference])


def list_calendar(*, person_id: UUID, now: datetime) -> list[CalendarEvent]:  # noqa: ARG001 -- the kernel's signature.
    """Return the dates of a person's seats; needs an open reading of one's own data."""
    rows = _details(Booking.objects.filter(person_id=person_id, state=State.BOOKED.value))
    return [
        _event(
            reference=booking.case_reference,
            title=booking.course.title,
            provider=booking.course.organisation.name,
            venue=venue_view(booking.course),
            session=place.session,
        )
        for booking in rows
        for place in booking.places.all()
    ]


def list_received(*, person_id: UUID) -> list[Received]:
    """Return what providers received by a person's bookings; needs an open reading of one's own data."""
    rows = Booking.objects.filter(person_id=person_id).select_related("course__organisation").order_by("pk")
    return [
        Received(
            organisation_id=booking.course.organisation_id,
            organisation_name=booking.course.organisation.name,
            what=(*FIELDS, "Telefonnummer") if booking.contact_phone else FIELDS,
            purpose=_("Buchung: %(course)s") % {"course": booking.course.title},
            at=booking.created_at,
            case_reference=booking.case_reference,
        )
        for booking in rows
    ]


def list_events(booking: BookingView) -> list[CalendarEvent]:
    """Return one calendar event for each date of a booking."""
    return [
        _event(
            reference=booking.reference,
            title=booking.course.title,
            provider=booking.course.provider.name,
            venue=booking.course.venue,
            session=session,
        )
        for session in booking.sessions
    ]


def _event(
    *,
    reference: str,
    title: str,
    provider: str,
    venue: VenueView | None,
    session: Session | SessionView,
) -> CalendarEvent:
    return CalendarEvent(
        uid=f"{reference}-{session.id}@stadtportal",
        title=title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        location=place_words(venue),
        description=_("Buchung %(reference)s bei %(provider)s") % {"reference": reference, "provider": provider},
        url=f"{settings.PUBLIC_URL}{_url('booking', reference)}",
        point=venue.point if venue else None,
    )


def place_words(venue: VenueView | None) -> str:
    """Write where it is in one line."""
    return ", ".join(part for part in (venue.name, venue.address) if part) if venue else ""
