"""*Mein Stuttgart*: what one person has open, was told and has ahead."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.areas.portal.queries import own
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import registry
from stadtportal.kernel.documents import api as documents
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web

PER_PAGE = 20


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Mein Stuttgart"), "/mein/"), *more]


@require_safe
@web.require_sign_in
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is open, what is new and what is next."""
    actor = web.actor_of(request)
    now = timezone.now()
    context = {
        "crumbs": [(_("Mein Stuttgart"), "")],
        "cases": cases.list_cases(actor=actor, final=False, limit=5),
        "messages_new": [] if actor.areas else inbox.list_messages(actor=actor, limit=3),
        "upcoming": [
            event for event in cases.list_calendar(actor=actor, now=now) if event.ends_at >= now and not event.cancelled
        ][:3],
        "looks": trust.list_access(actor=actor, limit=1),
    }
    return render(request, "portal/mine/overview.html", context)


@require_safe
@web.require_sign_in
def case_list(request: HttpRequest) -> HttpResponse:
    """List one's own cases, open ones first."""
    actor = web.actor_of(request)
    paginator = Paginator(own.list_own_cases(actor), PER_PAGE)
    context = {
        "crumbs": _crumbs((_("Vorgänge"), "")),
        "page": paginator.get_page(request.GET.get("seite")),
    }
    return render(request, "portal/mine/cases.html", context)


@require_safe
@web.require_sign_in
def case_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one of one's own cases with its history and what can be done."""
    actor = web.actor_of(request)
    case = cases.get_case(actor=actor, reference=reference)
    context = {
        "crumbs": _crumbs((_("Vorgänge"), "/mein/vorgaenge/"), (case.reference, "")),
        "case": case,
        "panel": cases.get_panel(actor=actor, case=case, now=timezone.now()),
        "events": cases.list_case_events(actor=actor, reference=reference),
        "case_messages": inbox.list_messages_of_case(actor=actor, case_reference=case.reference),
    }
    return render(request, "portal/mine/case.html", context)


@require_safe
@web.require_sign_in
def message_list(request: HttpRequest) -> HttpResponse:
    """List one's own messages, newest first."""
    paginator = Paginator(own.list_own_messages(web.actor_of(request)), PER_PAGE)
    context = {
        "crumbs": _crumbs((_("Postfach"), "")),
        "page": paginator.get_page(request.GET.get("seite")),
    }
    return render(request, "portal/mine/inbox.html", context)


@require_safe
@web.require_sign_in
def message_detail(request: HttpRequest, message_id: int) -> HttpResponse:
    """Open one message, which marks it read."""
    message = inbox.read_message(actor=web.actor_of(request), message_id=message_id, now=timezone.now())
    context = {"crumbs": _crumbs((_("Postfach"), "/mein/postfach/"), (message.subject, "")), "message": message}
    return render(request, "portal/mine/message.html", context)


@require_safe
@web.require_sign_in
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the dates ahead over all areas."""
    now = timezone.now()
    events = [event for event in cases.list_calendar(actor=web.actor_of(request), now=now) if event.ends_at >= now]
    context = {"crumbs": _crumbs((_("Kalender"), "")), "events": events}
    return render(request, "portal/mine/calendar.html", context)


@require_safe
@web.require_sign_in
def calendar_file(request: HttpRequest) -> HttpResponse:
    """Give all dates ahead as one calendar file."""
    now = timezone.now()
    events = cases.list_calendar(actor=web.actor_of(request), now=now)
    response = HttpResponse(documents.calendar_file(events, now=now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mein-stuttgart.ics"'
    return response


@require_safe
@web.require_sign_in
@web.require_second_step
def workplace(request: HttpRequest) -> HttpResponse:
    """Lead staff to the pages of their areas."""
    actor = web.actor_of(request)
    links = [
        (area, link)
        for area in registry.areas()
        for link in area.workplace
        if any(actor.has_role(role) for role in link.roles)
    ]
    context = {"crumbs": [(_("Arbeitsplatz"), "")], "links": links}
    return render(request, "portal/mine/workplace.html", context, status=200 if actor.is_staff else 403)
