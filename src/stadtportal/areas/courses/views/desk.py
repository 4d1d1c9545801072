"""The provider's desk: own courses, who takes part, and what can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from stadtportal.areas.courses import actions, rules
from stadtportal.areas.courses.forms import CallOffForm, CapacityForm
from stadtportal.areas.courses.queries import desk
from stadtportal.areas.courses.views.ordering import SeeOther
from stadtportal.kernel.contracts import Role
from stadtportal.kernel.web.api import actor_of, berlin_datetime, require_role

if TYPE_CHECKING:
    from stadtportal.areas.courses.queries.shapes import DeskCourse


@require_safe
@require_role(Role.PROVIDER_STAFF)
def course_list(request: HttpRequest) -> HttpResponse:
    """List the courses of one's own organisations."""
    courses = desk.list_desk_courses(actor=actor_of(request), now=timezone.now())
    return render(request, "courses/desk_list.html", {"crumbs": _crumbs(None, ""), "courses": courses})


@require_safe
@require_role(Role.PROVIDER_STAFF)
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    """Show the coming dates of one course with how full they are."""
    shown = desk.get_desk_course(actor=actor_of(request), course_id=course_id, now=timezone.now())
    return render(request, "courses/desk_course.html", {"crumbs": _crumbs(shown, ""), "course": shown})


@require_safe
@require_role(Role.PROVIDER_STAFF)
def participants(request: HttpRequest, session_id: int) -> HttpResponse:
    """Show who takes part and who waits; everybody shown finds this look in their access log."""
    shown, session, people = desk.list_participants(actor=actor_of(request), session_id=session_id, now=timezone.now())
    return render(
        request,
        "courses/participants.html",
        {
            "crumbs": _crumbs(shown, berlin_datetime(session.starts_at)),
            "course": shown,
            "session": session,
            "seated": [one for one in people if one.state in rules.SEATED],
            "waiting": [one for one in people if one.state is rules.State.WAITING],
            "fields": ", ".join(desk.FIELDS),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.PROVIDER_STAFF)
def call_off(request: HttpRequest, session_id: int) -> HttpResponse:
    """Ask once, then call a date off and tell everybody."""
    now, actor = timezone.now(), actor_of(request)
    shown, session = desk.get_desk_session(actor=actor, session_id=session_id, now=now)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = actions.call_off(actor=actor, session_id=session_id, reason=form.cleaned_data["reason"].strip(), now=now)
        messages.success(
            request,
            ngettext(
                "Der Termin ist abgesagt. Wir haben die Person benachrichtigt, die gebucht hatte.",
                "Der Termin ist abgesagt. Wir haben die %(told)s Personen benachrichtigt, die gebucht hatten.",
                told,
            )
            % {"told": told}
            if told
            else _("Der Termin ist abgesagt. Gebucht hatte niemand."),
        )
        return SeeOther(reverse("courses_desk:course", args=[shown.id]))
    return render(
        request,
        "courses/call_off.html",
        {
            "crumbs": _crumbs(shown, _("Termin absagen")),
            "course": shown,
            "session": session,
            "form": form,
        },
        status=400 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.PROVIDER_STAFF)
def capacity(request: HttpRequest, session_id: int) -> HttpResponse:
    """Change the number of seats; more seats let the waiting list move up."""
    now, actor = timezone.now(), actor_of(request)
    shown, session = desk.get_desk_session(actor=actor, session_id=session_id, now=now)
    form = CapacityForm(request.POST or None, initial={"capacity": session.capacity})
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.change_capacity(
                actor=actor,
                session_id=session_id,
                capacity=form.cleaned_data["capacity"],
                now=now,
            )
        except rules.CapacityTooSmall as refusal:
            form.add_error("capacity", refusal.sentence)
        else:
            messages.success(
                request,
                ngettext(
                    "Die Platzzahl ist geändert. %(moved)s Buchung ist nachgerückt.",
                    "Die Platzzahl ist geändert. %(moved)s Buchungen sind nachgerückt.",
                    moved,
                )
                % {"moved": moved},
            )
            return SeeOther(reverse("courses_desk:course", args=[shown.id]))
    return render(
        request,
        "courses/capacity.html",
        {
            "crumbs": _crumbs(shown, _("Platzzahl ändern")),
            "course": shown,
            "session": session,
            "form": form,
        },
        status=400 if form.is_bound else 200,
    )


def _crumbs(course: DeskCourse | None, here: str) -> list[tuple[str, str]]:
    desk_url = reverse("portal:workplace")
    crumbs = [(_("Arbeitsplatz"), desk_url)]
    if course is None:
        return [*crumbs, (_("Kurse und Termine"), "")]
    crumbs.append((_("Kurse und Termine"), reverse("courses_desk:list")))
    if not here:
        return [*crumbs, (course.title, "")]
    return [*crumbs, (course.title, reverse("courses_desk:course", args=[course.id])), (here, "")]
