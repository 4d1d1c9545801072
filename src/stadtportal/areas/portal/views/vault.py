"""*Meine Angaben*: what people keep here about themselves, to type it only once."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadtportal.areas.portal.views.own_data import crumbs
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web

_LIST = "/mein/daten/angaben/"


@require_safe
@web.require_sign_in
def facts(request: HttpRequest) -> HttpResponse:
    """List one's facts by kind, and what could be added."""
    kept = trust.list_own_facts(web.actor_of(request))
    groups = [(kind, [fact for fact in kept if fact.kind.slug == kind.slug]) for kind in trust.KINDS.values()]
    return render(request, "portal/mine/facts.html", {"crumbs": crumbs((_("Meine Angaben"), "")), "groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
def new_fact(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a fact."""
    known = trust.get_kind(kind)
    form = trust.FactForm(known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            trust.keep_fact(actor=web.actor_of(request), kind=kind, parts=form.parts(), now=timezone.now())
        except trust.BadFact as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Gespeichert: %(title)s.") % {"title": known.title})
            return _to_list()
    return _form(request, known, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
def fact(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """Show and change one fact."""
    actor = web.actor_of(request)
    kept = trust.get_fact(actor=actor, fact_id=fact_id)
    form = trust.FactForm(kept.kind, request.POST or None, initial=kept.parts)
    if request.method == "POST" and form.is_valid():
        try:
            trust.change_fact(actor=actor, fact_id=fact_id, parts=form.parts(), now=timezone.now())
        except trust.BadFact as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Gespeichert: %(title)s.") % {"title": kept.kind.title})
            return _to_list()
    return _form(request, kept.kind, form, kept)


@require_POST
@web.require_sign_in
def remove(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """Delete one fact."""
    trust.remove_fact(actor=web.actor_of(request), fact_id=fact_id)
    messages.success(request, _("Die Angabe ist gelöscht."))
    return _to_list()


def _form(
    request: HttpRequest, kind: trust.FactKind, form: trust.FactForm, kept: trust.FactView | None
) -> HttpResponse:
    context = {
        "crumbs": crumbs((_("Meine Angaben"), _LIST), (kind.title, "")),
        "kind": kind,
        "form": form,
        "fact": kept,
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "portal/mine/fact.html", context, status=status)


def _to_list() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": _LIST})
