"""*Vertretung*: who may act for me, and for whom I act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadtportal.areas.portal.forms.delegation import (
    CareForm,
    ChildForm,
    OrganisationForm,
    ScopeForm,
    ShareForm,
)
from stadtportal.areas.portal.views.by_form import by_form, sent, times
from stadtportal.kernel.contracts import Actor, NotFound, Status, registry
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.api import State
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web

STATES = {
    State.INVITED: Status("invited", _("Wartet auf Annahme"), "warning"),
    State.CHECKING: Status("checking", _("Wird geprüft"), "warning"),
    State.ACTIVE: Status("active", _("Gilt"), "success"),
    State.EXPIRED: Status("expired", _("Abgelaufen"), "neutral"),
    State.ENDED: Status("ended", _("Beendet"), "neutral"),
}
LOOKS_SHOWN = 50
few = web.rate_limited(name="delegations", limit=20, per_seconds=60 * 60)


def _crumbs(here: str = "") -> list[tuple[str, str]]:
    crumbs = [(_("Mein Stuttgart"), "/mein/"), (_("Vertretung"), "/mein/vertretung/" if here else "")]
    return [*crumbs, (here, "")] if here else crumbs


def _rows(views: tuple[people.DelegationView, ...]) -> list[dict[str, Any]]:
    return [
        {
            "one": view,
            "status": STATES[view.state],
            "areas": [registry.area(slug).title for slug in view.areas if slug in _slugs()],
        }
        for view in views
    ]


def _slugs() -> set[str]:
    return {area.slug for area in registry.areas()}


@require_safe
@web.require_sign_in
def overview(request: HttpRequest) -> HttpResponse:
    """List invitations to answer, for whom one acts, and who acts for oneself."""
    found = people.list_delegations(actor=web.actor_of(request), now=timezone.now())
    context = {
        "crumbs": _crumbs(),
        "invitations": _rows(found.invitations),
        "held": _rows(found.held),
        "given": _rows(found.given),
    }
    return render(request, "portal/mine/delegations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@few
def invite(request: HttpRequest) -> HttpResponse:
    """Let somebody act for oneself."""
    (today, now), form = times(), ScopeForm(sent(request), initial={"may_act": "act"})
    return by_form(
        request,
        form,
        lambda data: people.invite(
            actor=web.actor_of(request),
            email=data["email"],
            scope=form.scope(),
            last_day=data["last_day"],
            today=today,
            now=now,
        ),
        crumbs=_crumbs(_("Jemanden bevollmächtigen")),
        target="portal:delegations",
        title=_("Jemanden bevollmächtigen"),
        lead=_("Die Person bekommt eine E-Mail und muss zustimmen. Sie können die Vollmacht jederzeit beenden."),
        submit=_("Einladung senden"),
        done=_("Die Einladung ist unterwegs. Sie gilt 30 Tage."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@few
def add_child(request: HttpRequest) -> HttpResponse:
    """Write down a child one has custody of."""
    today, now = times()
    return by_form(
        request,
        ChildForm(sent(request)),
        lambda data: people.add_child(
            actor=web.actor_of(request),
            given_name=data["given_name"],
            family_name=data["family_name"],
            birth_date=data["birth_date"],
            today=today,
            now=now,
            example=False,
        ),
        crumbs=_crumbs(_("Kind eintragen")),
        target="portal:delegations",
        title=_("Kind eintragen"),
        lead=_("Danach können Sie für Ihr Kind buchen. Den anderen Elternteil können Sie später einladen."),
        submit=_("Kind eintragen"),
        done=_("Das Kind ist eingetragen. Sie können jetzt für das Kind handeln."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@few
def share_child(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Invite the other parent."""
    actor, now = web.actor_of(request), timezone.now()
    held = people.get_held(actor=actor, delegation_id=delegation_id, now=now)
    return by_form(
        request,
        ShareForm(sent(request)),
        lambda data: people.share_child(actor=actor, delegation_id=held.id, email=data["email"], now=now),
        crumbs=_crumbs(_("Anderen Elternteil einladen")),
        target="portal:delegations",
        title=_("Anderen Elternteil einladen"),
        lead=_("Die Person muss zustimmen und kann dann wie Sie für %(name)s handeln.") % {"name": held.principal_name},
        submit=_("Einladung senden"),
        done=_("Die Einladung ist unterwegs. Sie gilt 30 Tage."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@few
def request_care(request: HttpRequest) -> HttpResponse:
    """Ask for the check of a legal care."""
    today, now = times()
    return by_form(
        request,
        CareForm(sent(request)),
        lambda data: people.request_care(
            actor=web.actor_of(request),
            given_name=data["given_name"],
            family_name=data["family_name"],
            birth_date=data["birth_date"],
            register_entry=data["register_entry"],
            today=today,
            now=now,
        ),
        crumbs=_crumbs(_("Rechtliche Betreuung angeben")),
        target="portal:delegations",
        title=_("Rechtliche Betreuung angeben"),
        lead=_("Zeigen Sie Ihren Betreuerausweis im Bürgerbüro. Erst nach der Prüfung können Sie handeln."),
        submit=_("Prüfung beantragen"),
        done=_("Ihr Antrag ist da. Bitte zeigen Sie jetzt Ihren Betreuerausweis im Bürgerbüro."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@few
def request_organisation(request: HttpRequest) -> HttpResponse:
    """Ask for the check that one represents an association or company."""
    today, now = times()
    return by_form(
        request,
        OrganisationForm(sent(request)),
        lambda data: people.request_organisation(
            actor=web.actor_of(request),
            name=data["name"],
            register_entry=data["register_entry"],
            today=today,
            now=now,
        ),
        crumbs=_crumbs(_("Verein oder Unternehmen vertreten")),
        target="portal:delegations",
        title=_("Verein oder Unternehmen vertreten"),
        lead=_("Zeigen Sie Registerauszug oder Satzung im Bürgerbüro. Erst nach der Prüfung können Sie handeln."),
        submit=_("Prüfung beantragen"),
        done=_("Ihr Antrag ist da. Bitte zeigen Sie jetzt Registerauszug oder Satzung im Bürgerbüro."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@few
def pass_on(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Let somebody else act for an organisation one represents."""
    actor, (today, now) = web.actor_of(request), times()
    held = people.get_held(actor=actor, delegation_id=delegation_id, now=now)
    form = ScopeForm(sent(request), initial={"may_act": "act", "last_day": held.last_day})
    return by_form(
        request,
        form,
        lambda data: people.pass_on(
            actor=actor,
            delegation_id=held.id,
            email=data["email"],
            scope=form.scope(),
            last_day=data["last_day"],
            today=today,
            now=now,
        ),
        crumbs=_crumbs(_("Weitere Person für %(name)s handeln lassen") % {"name": held.principal_name}),
        target="portal:delegations",
        title=_("Weitere Person für %(name)s handeln lassen") % {"name": held.principal_name},
        lead=_("Nicht weiter und nicht länger, als Sie es selbst dürfen. Endet Ihre Vertretung, endet auch diese."),
        submit=_("Einladung senden"),
        done=_("Die Einladung ist unterwegs. Sie gilt 30 Tage."),
    )


@require_POST
@web.require_sign_in
def accept(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Accept an invitation."""
    people.accept(actor=web.actor_of(request), delegation_id=delegation_id, now=timezone.now())
    messages.success(request, _("Angenommen. Sie können jetzt handeln."))
    return redirect("portal:delegations")


@require_POST
@web.require_sign_in
def decline(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Decline an invitation."""
    people.decline(actor=web.actor_of(request), delegation_id=delegation_id, now=timezone.now())
    messages.success(request, _("Abgelehnt."))
    return redirect("portal:delegations")


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
def end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Ask once, then end a delegation or take back an invitation."""
    actor, now = web.actor_of(request), timezone.now()
    if request.method == "POST":
        people.end(actor=actor, delegation_id=delegation_id, now=now)
        messages.success(request, _("Beendet. Ab sofort ist kein Zugriff mehr möglich."))
        return redirect("portal:delegations")
    found = people.list_delegations(actor=actor, now=now)
    for one in (*found.held, *found.given):
        if one.id == delegation_id and one.can_end:
            context = {"crumbs": _crumbs(_("Beenden")), "one": one}
            return render(request, "portal/mine/delegation_end.html", context)
    raise NotFound(_("Diese Vertretung gibt es nicht, oder sie ist schon beendet."))


@require_POST
@web.require_sign_in
def act(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Act for somebody from the next page on."""
    people.act_for(request, actor=web.actor_of(request), delegation_id=delegation_id, now=timezone.now())
    return redirect("portal:mine")


@require_safe
@web.require_sign_in
def looks(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Show who looked at the data of somebody who does not sign in, to those who act for them in everything."""
    held = people.get_held(actor=web.actor_of(request), delegation_id=delegation_id, now=timezone.now())
    if held.kind is people.Kind.ADULT or held.areas:
        raise NotFound(_("Diese Seite gibt es nicht."))
    context = {
        "crumbs": _crumbs(_("Zugriffe")),
        "one": held,
        "looks": trust.list_access(actor=Actor(person_id=held.principal_id), limit=LOOKS_SHOWN),
    }
    return render(request, "portal/mine/delegation_looks.html", context)
