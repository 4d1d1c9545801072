"""One's data in one's own hands: take it along, erase it, see when it goes by itself."""

from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stadtportal.areas.portal.forms.keeping import EraseForm
from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web

#: A dry run does all the work of an erasure and takes it back.
DRY_RUNS, EXPORTS, PER_S = 30, 10, 60 * 60


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("Mein Stuttgart"), "/mein/"), (_("Meine Daten"), "/mein/daten/"), (here, "")]


def _myself(actor: Actor) -> people.PersonView:
    if actor.person_id is None:
        raise NotFound(_("Diese Person gibt es nicht."))
    return people.get_person(actor.person_id)


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@web.rate_limited(name="export", limit=EXPORTS, per_seconds=PER_S)
def export(request: HttpRequest) -> HttpResponse:
    """Ask for an export, see how far it is, and fetch it."""
    actor, now = web.actor_of(request), timezone.now()
    if request.method == "POST":
        trust.start_export(person_id=_myself(actor).id, now=now)
        return redirect("portal:export")
    context = {
        "crumbs": _crumbs(_("Daten mitnehmen")),
        "job": trust.get_export(actor=actor, now=now),
        "kinds": trust.list_kinds(),
    }
    return render(request, "portal/mine/export.html", context)


@require_safe
@web.require_sign_in
@people.require_fresh_sign_in
def export_file(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """Give the archive to the person it is about, and to nobody else."""
    path, made_at = trust.open_export(actor=web.actor_of(request), job_id=job_id, now=timezone.now())
    name = f"meine-daten-{made_at.astimezone(web.BERLIN):%Y-%m-%d}.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@people.require_fresh_sign_in
@web.rate_limited(name="erase", limit=DRY_RUNS, per_seconds=PER_S, methods=frozenset({"GET", "POST"}))
def erase(request: HttpRequest) -> HttpResponse:
    """Say what would go and what would stay; then, confirmed by typing the address, erase."""
    person, now = _myself(web.actor_of(request)), timezone.now()
    form = EraseForm(request.POST if request.method == "POST" else None, email=person.email)
    if request.method == "POST" and form.is_valid():
        erasure = trust.erase_person(person_id=person.id, now=now)
        # The session went with the account; what is left of it is an empty one for somebody unknown.
        logout(request)
        mailed = trust.tell_erased(email=person.email, name=person.name, erasure=erasure)
        return redirect("/mein/daten/geloescht/" + ("" if mailed else "?post=nein"))
    context = {
        "crumbs": _crumbs(_("Konto löschen")),
        "erasure": trust.preview_erasure(person_id=person.id, now=now),
        "form": form,
        "person": person,
    }
    return render(request, "portal/mine/erase.html", context, status=422 if form.is_bound else 200)


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Say that the account is gone; anybody may read this page, it says nothing about anybody."""
    return render(request, "portal/mine/erased.html", {"mailed": request.GET.get("post") != "nein"})


@require_safe
@web.require_sign_in
def clocks(request: HttpRequest) -> HttpResponse:
    """Show for each kind of data when the next of one's things goes."""
    actor = web.actor_of(request)
    with trust.own(actor):
        due = trust.list_due(_myself(actor).id)
    context = {"crumbs": _crumbs(_("Fristen")), "due": due, "clock": trust.get_clock()}
    return render(request, "portal/mine/clocks.html", context)
