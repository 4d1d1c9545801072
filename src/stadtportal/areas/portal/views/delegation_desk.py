"""The city's check of delegations that need one, and its end of those that a court or register has ended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stadtportal.areas.portal.forms.delegation import ConfirmForm, RefuseForm, RevokeForm
from stadtportal.areas.portal.views.by_form import by_form, sent, times
from stadtportal.kernel.contracts import Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.web import api as web


def _desk_crumbs(here: str = "") -> list[tuple[str, str]]:
    crumbs = [(_("Arbeitsplatz"), "/arbeitsplatz/"), (_("Vertretungen"), "/arbeitsplatz/vertretungen/" if here else "")]
    return [*crumbs, (here, "")] if here else crumbs


def _facts(asked: people.RequestView) -> tuple[tuple[str, str], ...]:
    facts = [
        (_("Art"), asked.title),
        (_("Wer handeln möchte"), asked.agent_name),
        (_("Für wen"), asked.principal_name),
        (_("Geburtsdatum"), web.berlin_date(asked.birth_date) if asked.birth_date else ""),
        (_("Register oder Aktenzeichen"), asked.register_entry),
    ]
    return tuple((title, value) for title, value in facts if value)


@require_safe
@web.require_role(Role.CASE_WORKER)
def requests(request: HttpRequest) -> HttpResponse:
    """List what waits for the city's check."""
    found = people.list_requests(actor=web.actor_of(request), now=timezone.now())
    return render(request, "portal/mine/delegation_requests.html", {"crumbs": _desk_crumbs(), "requests": found})


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_role(Role.CASE_WORKER)
def confirm(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Confirm a delegation on what was seen."""
    today, now = times()
    asked = people.get_request(actor=web.actor_of(request), delegation_id=delegation_id, now=now)
    return by_form(
        request,
        ConfirmForm(sent(request)),
        lambda data: people.confirm(
            actor=web.actor_of(request),
            delegation_id=delegation_id,
            evidence=data["evidence"],
            last_day=data["last_day"],
            today=today,
            now=now,
        ),
        title=_("Vertretung Nr. %(number)s bestätigen") % {"number": delegation_id},
        lead=_("Bestätigen Sie nur, was Sie im Original gesehen haben. Die Person kann danach sofort handeln."),
        submit=_("Vertretung bestätigen"),
        done=_("Bestätigt. Die Person ist benachrichtigt."),
        crumbs=_desk_crumbs(_("Bestätigen")),
        target="portal:delegation_requests",
        facts=_facts(asked),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_role(Role.CASE_WORKER)
def refuse(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Refuse a delegation with a reason."""
    now = timezone.now()
    asked = people.get_request(actor=web.actor_of(request), delegation_id=delegation_id, now=now)
    return by_form(
        request,
        RefuseForm(sent(request)),
        lambda data: people.refuse(
            actor=web.actor_of(request), delegation_id=delegation_id, reason=data["evidence"], now=now
        ),
        title=_("Vertretung Nr. %(number)s ablehnen") % {"number": delegation_id},
        lead=_("Die Angaben über die vertretene Person werden gelöscht."),
        submit=_("Vertretung ablehnen"),
        done=_("Abgelehnt. Die Person ist benachrichtigt."),
        crumbs=_desk_crumbs(_("Ablehnen")),
        target="portal:delegation_requests",
        facts=_facts(asked),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_role(Role.CASE_WORKER)
def revoke(request: HttpRequest) -> HttpResponse:
    """End a delegation for the city."""
    now = timezone.now()
    return by_form(
        request,
        RevokeForm(sent(request)),
        lambda data: people.revoke(
            actor=web.actor_of(request), delegation_id=data["number"], reason=data["evidence"], now=now
        ),
        title=_("Vertretung beenden"),
        lead=_("Wenn ein Gericht, das Register oder die Sorgeberechtigten sie beendet haben. Sie endet sofort."),
        submit=_("Vertretung beenden"),
        done=_("Beendet. Beide Seiten sind benachrichtigt."),
        crumbs=_desk_crumbs(_("Beenden")),
        target="portal:delegation_requests",
    )
