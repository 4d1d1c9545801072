"""*Vertretung*: who may act for me, for whom I act, and the city's check of what needs one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadtportal.areas.portal.forms import (
    CareForm,
    ChildForm,
    ConfirmForm,
    OrganisationForm,
    RefuseForm,
    ScopeForm,
    ShareForm,
)
from stadtportal.kernel.contracts import Actor, NotFound, Role, Status, registry
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


def _times() -> tuple[date, datetime]:
    now = timezone.now()
    return timezone.localdate(now), now


def _by_form(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    lead: str,
    submit: str,
    done: str,
    crumbs: list[tuple[str, str]] | None = None,
    target: str = "portal:delegations",
    facts: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    """Show a form, or do what it says and lead on; a refusal stands beside its field and nothing typed is lost."""
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data)
        except people.DelegationRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect(target)
    context = {
        "crumbs": crumbs or _crumbs(title),
        "form": form,
        "title": title,
        "lead": lead,
        "submit": submit,
        "facts": facts,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "portal/mine/delegation_form.html", context, status=status)


def _sent(request: HttpRequest) -> Any:  # noqa: ANN401 -- what a form takes.
    return request.POST if request.method == "POST" else None


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
    (today, now), form = _times(), ScopeForm(_sent(request), initial={"may_act": "act"})
    return _by_form(
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
    today, now = _times()
    return _by_form(
        request,
        ChildForm(_sent(request)),
        lambda data: people.add_child(
            actor=web.actor_of(request),
            given_name=data["given_name"],
            family_name=data["family_name"],
            birth_date=data["birth_date"],
            today=today,
            now=now,
            example=False,
        ),
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
    return _by_form(
        request,
        ShareForm(_sent(request)),
        lambda data: people.share_child(actor=actor, delegation_id=held.id, email=data["email"], now=now),
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
    today, now = _times()
    return _by_form(
        request,
        CareForm(_sent(request)),
        lambda data: people.request_care(
            actor=web.actor_of(request),
            given_name=data["given_name"],
            family_name=data["family_name"],
            birth_date=data["birth_date"],
            register_entry=data["register_entry"],
            today=today,
            now=now,
        ),
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
    today, now = _times()
    return _by_form(
        request,
        OrganisationForm(_sent(request)),
        lambda data: people.request_organisation(
            actor=web.actor_of(request),
            name=data["name"],
            register_entry=data["register_entry"],
            today=today,
            now=now,
        ),
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
    actor, (today, now) = web.actor_of(request), _times()
    held = people.get_held(actor=actor, delegation_id=delegation_id, now=now)
    form = ScopeForm(_sent(request), initial={"may_act": "act", "last_day": held.last_day})
    return _by_form(
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
    today, now = _times()
    asked = people.get_request(actor=web.actor_of(request), delegation_id=delegation_id, now=now)
    return _by_form(
        request,
        ConfirmForm(_sent(request)),
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
    return _by_form(
        request,
        RefuseForm(_sent(request)),
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
