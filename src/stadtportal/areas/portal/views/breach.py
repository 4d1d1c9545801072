"""Telling everybody concerned about a breach (Art. 34 GDPR): write, look at the count, have it released, send."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stadtportal.areas.portal.actions.breach import release_notice
from stadtportal.areas.portal.forms.keeping import BreachForm
from stadtportal.kernel.contracts import Role
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_role(Role.OPERATOR)
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices, and write a new one. Nothing is sent from here."""
    form = BreachForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            notice_id = trust.draft_notice(
                actor=web.actor_of(request),
                happened=form.happened(),
                subject=form.cleaned_data["subject"].strip(),
                body=form.cleaned_data["body"].strip(),
                now=timezone.now(),
            )
        except trust.NobodyConcerned as refusal:
            form.add_error("who", refusal.sentence)
        else:
            return redirect("portal:breach", notice_id)
    crumbs = [(_("Arbeitsplatz"), "/arbeitsplatz/"), (_("Datenpanne"), "")]
    context = {"crumbs": crumbs, "form": form, "notices": trust.list_notices()}
    return render(request, "portal/desk/breaches.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_role(Role.OPERATOR)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show one notice as people will get it, how many that are, and how far it is; somebody else releases it."""
    actor = web.actor_of(request)
    if request.method == "POST":
        release_notice(actor=actor, notice_id=notice_id, now=timezone.now())
        messages.success(request, _("Der Hinweis ist freigegeben und wird gesendet."))
        return redirect("portal:breach", notice_id)
    crumbs = [
        (_("Arbeitsplatz"), "/arbeitsplatz/"),
        (_("Datenpanne"), "/arbeitsplatz/datenpanne/"),
        (_("Hinweis"), ""),
    ]
    shown = trust.get_notice(notice_id)
    context = {"crumbs": crumbs, "notice": shown, "mine": shown.drafted_by_id == actor.person_id}
    return render(request, "portal/desk/breach.html", context)
