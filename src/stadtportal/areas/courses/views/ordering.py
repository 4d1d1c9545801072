"""From choosing to ordering.

Nothing is kept between these pages: what was chosen travels in the address, so that back, reload, two tabs and
signing in on the way lose nothing.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stadtportal.areas.courses import actions, rules
from stadtportal.areas.courses.forms import ChooseForm, OrderForm
from stadtportal.areas.courses.queries import listing, prefill
from stadtportal.kernel.contracts import NotFound, RuleBroken
from stadtportal.kernel.web.api import actor_of, sign_in_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from stadtportal.areas.courses.queries.shapes import CourseView, PriceView, SessionView

# What travels from page to page; nothing else in an address or a form is taken along.
CARRIED = ("session", "party_size", "price", "ages_ok", "key")


class SeeOther(HttpResponseRedirect):
    """Leads on with GET after a POST, so that a reload repeats nothing."""

    status_code = HTTPStatus.SEE_OTHER


def new_key() -> str:
    """Return a key for one order; it stays with the form from the moment it is first shown."""
    return secrets.token_urlsafe(18)


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form to choose with; take the order that the page for checking sends."""
    if request.method == "POST":
        return _order(request, slug)
    course = listing.get_course(slug=slug, now=timezone.now())
    kept = {name: request.GET[name] for name in CARRIED if request.GET.get(name)}
    if (nearest := course.nearest_free) is not None:
        kept.setdefault("session", str(nearest.id))
    form = ChooseForm(course=course, initial={"party_size": 1, **kept, "key": kept.get("key") or new_key()})
    return _choose_page(request, course, form)


@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is about to be ordered, with its total; sign in first, and come back with everything kept."""
    course = listing.get_course(slug=slug, now=timezone.now())
    form = ChooseForm(request.GET, course=course)
    if not form.is_valid():
        return _choose_page(request, course, form, status=HTTPStatus.BAD_REQUEST)
    if not actor_of(request).signed_in:
        return redirect(sign_in_url(request))
    return _review_page(request, course, form)


def _order(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    if not actor.signed_in:
        # Signed out meanwhile: back to the page for checking, by way of signing in.
        return SeeOther(sign_in_url(request, back_to=_address("courses:review", slug, request.POST)))
    form = OrderForm(request.POST)
    if not form.is_valid():
        return _refused(request, slug, None)
    try:
        booked = actions.book(actor=actor, order=form.order(slug), now=timezone.now())
    except NotFound:
        raise
    except RuleBroken as refusal:
        return _refused(request, slug, refusal)
    return SeeOther(reverse("courses:booking", args=[booked.reference]))


def _refused(request: HttpRequest, slug: str, refusal: RuleBroken | None) -> HttpResponse:
    """Show the page again with what stands against the order; whatever was chosen is still there."""
    course = listing.get_course(slug=slug, now=timezone.now())
    form = ChooseForm(request.POST, course=course)
    status = refusal.status if refusal else HTTPStatus.BAD_REQUEST
    if form.is_valid() and refusal is not None and refusal.field in {"", "phone"}:
        return _review_page(request, course, form, refusal=refusal)
    if form.is_valid() and refusal is None:
        # Only what the page for checking adds was missing or broken: show that page again, with the true total.
        return _review_page(
            request, course, form, refusal=rules.PriceChanged(_("Bitte prüfen Sie die Buchung noch einmal."))
        )
    if refusal is not None and refusal.field not in form.errors:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return _choose_page(request, course, form, status=status)


def _choose_page(
    request: HttpRequest, course: CourseView, form: ChooseForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(
        request,
        "courses/book.html",
        {"crumbs": _crumbs(course, _("Buchen")), "course": course, "form": form},
        status=status,
    )


def _review_page(
    request: HttpRequest,
    course: CourseView,
    form: ChooseForm,
    *,
    refusal: RuleBroken | None = None,
) -> HttpResponse:
    chosen: dict[str, Any] = form.cleaned_data
    price = _chosen_price(course, chosen["price"])
    sessions = _chosen_sessions(course, chosen.get("session"))
    seats = chosen["party_size"]
    waiting = isinstance(refusal, rules.FullyBooked) or any(one.free < seats for one in sessions)
    return render(
        request,
        "courses/review.html",
        {
            "crumbs": _crumbs(course, _("Angaben prüfen")),
            "course": course,
            "sessions": sessions,
            "price": price,
            "party_size": seats,
            "total": price.cents * seats,
            "waiting": waiting,
            "refusal": refusal,
            "own_reference": refusal.reference if isinstance(refusal, rules.AlreadyBooked) else "",
            "carried": [(name, form.data[name]) for name in CARRIED if form.data.get(name)],
            "change_url": _address("courses:book", course.slug, form.data),
            "cancel_until": _cancel_until(course, sessions),
            "actor": actor_of(request),
            "offer": prefill.offer_phone(actor=actor_of(request), course=course),
            "phone": form.data.get("phone", ""),
            "phone_error": refusal.sentence if refusal is not None and refusal.field == "phone" else "",
        },
        status=refusal.status if refusal else HTTPStatus.OK,
    )


def _chosen_price(course: CourseView, price_id: int) -> PriceView:
    return next(price for price in course.prices if price.id == price_id)


def _chosen_sessions(course: CourseView, session_id: int | None) -> list[SessionView]:
    if course.series:
        return list(course.open_sessions)
    return [session for session in course.open_sessions if session.id == session_id]


def _cancel_until(course: CourseView, sessions: list[SessionView]) -> datetime | None:
    """Return until when the order could be cancelled, if that time is still to come."""
    if not sessions:
        return None
    deadline = rules.cancel_deadline((session.starts_at for session in sessions), cancel_until=course.cancel_until)
    return deadline if deadline > timezone.now() else None


def _address(page: str, slug: str, data: Mapping[str, Any]) -> str:
    kept = {name: data[name] for name in CARRIED if data.get(name)}
    return f"{reverse(page, args=[slug])}?{urlencode(kept)}"


def _crumbs(course: CourseView, here: str) -> list[tuple[str, str]]:
    return [
        (_("Kurse"), reverse("courses:list")),
        (course.title, reverse("courses:course", args=[course.slug])),
        (here, ""),
    ]
