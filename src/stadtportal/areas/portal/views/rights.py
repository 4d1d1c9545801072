"""Asking for a right under Art. 16, 18 or 21 GDPR, and the desk where case workers answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stadtportal.areas.portal.actions.rights import answer_right, ask_right
from stadtportal.areas.portal.forms.keeping import AnswerForm, RightForm
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import NotFound, Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
@web.rate_limited(name="data-right", limit=10, per_seconds=24 * 60 * 60)
def ask(request: HttpRequest) -> HttpResponse:
    """Say which rights there are, and open a case for those that somebody has to decide."""
    form = RightForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reference = ask_right(
            actor=web.actor_of(request),
            article=form.cleaned_data["article"],
            statement=form.cleaned_data["statement"].strip(),
            now=timezone.now(),
        )
        messages.success(request, _("Ihr Antrag ist eingegangen."))
        return redirect("portal:case", reference)
    crumbs = [(_("Mein Stuttgart"), "/mein/"), (_("Meine Daten"), "/mein/daten/"), (_("Ihre Rechte"), "")]
    context = {"crumbs": crumbs, "form": form}
    return render(request, "portal/mine/rights.html", context, status=422 if form.is_bound else 200)


@require_safe
@web.require_role(Role.CASE_WORKER)
def desk(request: HttpRequest) -> HttpResponse:
    """List the requests that wait for an answer; whose they are is shown only on their own pages."""
    with trust.reading(
        actor=web.actor_of(request),
        purpose="Offene Anträge zum Datenschutz auflisten",
        legal_basis="Art. 12 DSGVO",
        fields=("Art des Antrags", "Eingang"),
    ):
        rights = trust.list_rights()
    crumbs = [(_("Arbeitsplatz"), "/arbeitsplatz/"), (_("Anträge zum Datenschutz"), "")]
    return render(request, "portal/desk/rights.html", {"crumbs": crumbs, "rights": rights})


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_role(Role.CASE_WORKER)
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one request and answer it."""
    normal = cases.normal_reference(reference)
    if normal is None:
        raise NotFound(_("Diesen Antrag gibt es nicht."))
    actor = web.actor_of(request)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer_right(
            actor=actor,
            reference=normal,
            granted=form.cleaned_data["granted"],
            answer=form.cleaned_data["answer"].strip(),
            now=timezone.now(),
        )
        messages.success(request, _("Die Antwort ist gesendet."))
        return redirect("portal:rights_desk")
    with trust.reading(
        actor=actor,
        purpose="Antrag zu Ihren Daten prüfen",
        legal_basis="Art. 12 DSGVO",
        fields=("Name", "E-Mail-Adresse", "Antrag"),
        case=normal,
    ):
        right = trust.get_right(normal)
    crumbs = [
        (_("Arbeitsplatz"), "/arbeitsplatz/"),
        (_("Anträge zum Datenschutz"), "/arbeitsplatz/datenschutz/"),
        (normal, ""),
    ]
    context = {"crumbs": crumbs, "right": right, "person": people.get_person(right.person_id), "form": form}
    return render(request, "portal/desk/right.html", context, status=422 if form.is_bound else 200)
