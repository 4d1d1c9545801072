"""*Meine Daten*: what is kept where and why, and who looked."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.areas.portal.forms.own_data import LookFilterForm
from stadtportal.areas.portal.queries import own, own_data, questions
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web

PER_PAGE = 20
NEWEST = 5


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way to a page below *Meine Daten*."""
    return [(_("Mein Stuttgart"), "/mein/"), (_("Meine Daten"), "/mein/daten/" if more else ""), *more]


@require_safe
@web.require_sign_in
def data(request: HttpRequest) -> HttpResponse:
    """Show at one glance who looked, what is kept, what may be passed on."""
    actor = web.actor_of(request)
    consents = trust.list_own_consents(actor)
    context: dict[str, Any] = {
        "crumbs": crumbs(),
        "looks": trust.list_own_looks(actor=actor, asked=trust.LookFilter(), limit=NEWEST),
        "picture": own_data.get_picture(actor=actor, today=timezone.localdate()),
        "kept": own_data.list_kept(actor),
        "facts": len(trust.list_own_facts(actor)),
        "given": sum(consent.given for consent in consents),
        "stopped_at": trust.sharing_stopped_at(actor),
    }
    if actor.person_id is not None:
        context["person"] = people.get_person(actor.person_id)
    return render(request, "portal/mine/data.html", context)


@require_safe
@web.require_sign_in
def looks(request: HttpRequest) -> HttpResponse:
    """List who looked, with filters and the picture of the last half year."""
    actor = web.actor_of(request)
    names, purposes = trust.look_names(actor)
    form = LookFilterForm(request.GET, names=names, purposes=purposes)
    page = Paginator(own.list_own_looks(actor, asked=form.asked()), PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "crumbs": crumbs((_("Zugriffe"), "")),
        "form": form,
        "page": page,
        "asked": questions.find_asked(actor=actor, look_ids=[look.id for look in page.object_list]),
        "picture": own_data.get_picture(actor=actor, today=timezone.localdate()),
    }
    return render(request, "portal/mine/looks.html", context)
