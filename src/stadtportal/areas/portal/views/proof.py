"""Checking one's own access log: the page, the proof it checks, a receipt to keep, and one look by itself."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.areas.portal.queries import proof as queries
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web

_LONGEST_COUNT = 15


@require_safe
@web.require_sign_in
def check(request: HttpRequest) -> HttpResponse:
    """Offer to check the log in the browser, by command or on paper."""
    actor = web.actor_of(request)
    if actor.person_id is None or actor.mandate is not None:
        raise Http404
    context = {
        "crumbs": [(_("Mein Stuttgart"), "/mein/"), (_("Meine Daten"), "/mein/daten/"), (_("Protokoll prüfen"), "")],
        "signed": trust.latest_checkpoint(),
        "count": trust.count_access(actor.person_id),
    }
    return render(request, "portal/mine/check.html", context)


@require_safe
@web.require_sign_in
def look(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one look at one's own data with what proves it."""
    proof = trust.prove_look(actor=web.actor_of(request), seq=seq)
    title = _("Zugriff %(number)s") % {"number": seq}
    context = {
        "crumbs": [(_("Mein Stuttgart"), "/mein/"), (_("Meine Daten"), "/mein/daten/"), (title, "")],
        "proof": proof,
        "title": title,
    }
    return render(request, "portal/mine/look.html", context)


@require_safe
@web.require_sign_in
def bundle(request: HttpRequest) -> HttpResponse:
    """Return, as JSON, what proves the looks at one's own data that follow number ``?nach=``."""
    actor = web.actor_of(request)
    if actor.person_id is None or actor.mandate is not None:
        raise Http404
    after, known = (_count(request.GET.get(name, "0")) for name in ("nach", "bekannt"))
    answer = JsonResponse(trust.proof_bundle(person_id=actor.person_id, after=after, known_size=known))
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@web.require_sign_in
def receipt(request: HttpRequest) -> HttpResponse:
    """Return a letter to keep: the checkpoint of this moment and the end of one's own chain."""
    actor = web.actor_of(request)
    if actor.person_id is None or actor.mandate is not None or trust.latest_checkpoint() is None:
        raise Http404
    body = queries.receipt_letter(person_id=actor.person_id, name=actor.shown_as, now=timezone.now())
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="pruefbeleg.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT else 0
