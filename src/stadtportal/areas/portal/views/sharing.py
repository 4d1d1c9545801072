"""Consents with their receipts, what each provider received, and the switch to stop it all."""

import json
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stadtportal.areas.portal.queries import own_data
from stadtportal.areas.portal.views.own_data import crumbs
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web

_CONSENTS, _SWITCH = "/mein/daten/einwilligungen/", "/mein/daten/weitergeben/"


@require_safe
@web.require_sign_in
def consents(request: HttpRequest) -> HttpResponse:
    """List one's consents with their history."""
    actor = web.actor_of(request)
    context = {
        "crumbs": crumbs((_("Einwilligungen"), "")),
        "consents": trust.list_own_consents(actor),
        "stopped_at": trust.sharing_stopped_at(actor),
    }
    return render(request, "portal/mine/consents.html", context)


@require_POST
@web.require_sign_in
def give(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Give a withdrawn consent again."""
    trust.renew_consent(actor=web.actor_of(request), consent_id=consent_id, now=timezone.now())
    messages.success(request, _("Ihre Einwilligung gilt wieder. Den Beleg finden Sie unten."))
    return _see(_CONSENTS)


@require_POST
@web.require_sign_in
def withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Withdraw a consent."""
    trust.withdraw_consent(actor=web.actor_of(request), consent_id=consent_id, now=timezone.now())
    messages.success(request, _("Ihre Einwilligung ist widerrufen. Ab jetzt wird nichts mehr übernommen."))
    return _see(_CONSENTS)


@require_safe
@web.require_sign_in
def receipt(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Give the receipt of one giving or withdrawing as a file, as it was issued."""
    issued = trust.get_receipt(actor=web.actor_of(request), event_id=event_id)
    text = json.dumps(issued, ensure_ascii=False, indent=2, sort_keys=True)
    response = HttpResponse(f"{text}\n", content_type="application/ld+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="beleg-{event_id}.jsonld"'
    return response


@require_safe
@web.require_sign_in
def received(request: HttpRequest) -> HttpResponse:
    """Show what each provider received, and under what name it knows the person."""
    context = {
        "crumbs": crumbs((_("Anbieter"), "")),
        "providers": own_data.list_providers(web.actor_of(request)),
    }
    return render(request, "portal/mine/received.html", context)


@require_safe
@web.require_sign_in
def switch(request: HttpRequest) -> HttpResponse:
    """Explain the switch: what it stops, what it cannot stop and why."""
    actor = web.actor_of(request)
    context = {
        "crumbs": crumbs((_("Weitergeben"), "")),
        "stopped_at": trust.sharing_stopped_at(actor),
        "given": [consent for consent in trust.list_own_consents(actor) if consent.given],
    }
    return render(request, "portal/mine/switch.html", context)


@require_POST
@web.require_sign_in
def stop(request: HttpRequest) -> HttpResponse:
    """Stop all sharing at once."""
    count = trust.stop_sharing(actor=web.actor_of(request), now=timezone.now())
    said = ngettext("%(count)s Einwilligung ist widerrufen.", "%(count)s Einwilligungen sind widerrufen.", count)
    messages.success(request, f"{_('Ab jetzt wird nichts mehr weitergegeben.')} {said % {'count': count}}")
    return _see(_SWITCH)


@require_POST
@web.require_sign_in
def resume(request: HttpRequest) -> HttpResponse:
    """Undo the stop."""
    count = trust.resume_sharing(actor=web.actor_of(request), now=timezone.now())
    said = ngettext("%(count)s Einwilligung gilt wieder.", "%(count)s Einwilligungen gelten wieder.", count)
    messages.success(request, f"{_('Weitergeben ist wieder möglich.')} {said % {'count': count}}")
    return _see(_SWITCH)


def _see(page: str) -> HttpResponse:
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": page})
