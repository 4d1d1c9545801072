"""One's own booking: the confirmation, its files, and cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stadtportal.areas.courses import actions, rules
from stadtportal.areas.courses.queries import bookings
from stadtportal.areas.courses.views.ordering import SeeOther
from stadtportal.kernel.documents import api as documents
from stadtportal.kernel.web.api import (
    actor_of,
    berlin_datetime,
    berlin_day,
    berlin_span,
    price,
    require_sign_in,
)

if TYPE_CHECKING:
    from stadtportal.areas.courses.queries.shapes import BookingView


@require_safe
@require_sign_in
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one's own booking, printable: what is booked, what happens next, and how to undo it."""
    booking = bookings.get_booking(actor=actor_of(request), reference=reference, now=timezone.now())
    return render(
        request,
        "courses/booking.html",
        {"crumbs": _crumbs(booking, ""), "booking": booking, "course": booking.course},
    )


@require_safe
@require_sign_in
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the dates of one's own booking as a calendar file."""
    now = timezone.now()
    booking = bookings.get_booking(actor=actor_of(request), reference=reference, now=now)
    _check_seated(booking)
    return HttpResponse(
        documents.calendar_file(bookings.list_events(booking), now=now),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{booking.reference}.ics"'},
    )


@require_safe
@require_sign_in
def confirmation(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the confirmation of one's own booking as an accessible PDF."""
    now, actor = timezone.now(), actor_of(request)
    booking = bookings.get_booking(actor=actor, reference=reference, now=now)
    _check_seated(booking)
    course = booking.course
    facts = [
        (_("Kurs"), course.title),
        (_("Anbieter"), course.provider.name),
        (_("Ort"), bookings.place_words(course.venue) or _("erfahren Sie beim Anbieter")),
        (_("Personen"), str(booking.party_size)),
        (booking.price_name, price(booking.price_cents)),
        (_("Stornieren bis"), berlin_datetime(booking.cancel_until)),
    ]
    pay = _("Sie zahlen vor Ort beim Anbieter.") if booking.price_cents else _("Der Kurs ist kostenlos.")
    pdf = documents.pdf_letter(
        title=_("Buchungsbestätigung"),
        reference=booking.reference,
        recipient=[actor.shown_as],
        paragraphs=[_("Ihre Buchung ist verbindlich. Bitte bringen Sie diese Bestätigung mit."), pay],
        facts=facts,
        rows=[
            (berlin_day(session.starts_at), berlin_span(session.starts_at, session.ends_at))
            for session in booking.sessions
        ],
        now=now,
    )
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{booking.reference}.pdf"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require_sign_in
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once, then cancel one's own booking or leave the waiting list."""
    now, actor = timezone.now(), actor_of(request)
    if request.method == "POST":
        actions.cancel(actor=actor, reference=reference, now=now)
        return SeeOther(reverse("courses:booking", args=[reference]))
    booking = bookings.get_booking(actor=actor, reference=reference, now=now)
    if booking.state is rules.State.CANCELLED:
        return SeeOther(reverse("courses:booking", args=[reference]))
    rules.check_cancel(booking.state, deadline=booking.cancel_until, now=now)
    return render(
        request,
        "courses/cancel.html",
        {"crumbs": _crumbs(booking, _("Stornieren")), "booking": booking, "course": booking.course},
    )


def _check_seated(booking: BookingView) -> None:
    """Files exist for seats only: a calendar must not show a date that somebody merely waits for."""
    if booking.state not in rules.SEATED:
        raise rules.not_found()


def _crumbs(booking: BookingView, here: str) -> list[tuple[str, str]]:
    title = _("Buchung %(reference)s") % {"reference": booking.reference}
    url = reverse("courses:booking", args=[booking.reference]) if here else ""
    crumbs = [(_("Kurse"), reverse("courses:list")), (title, url)]
    return [*crumbs, (here, "")] if here else crumbs
