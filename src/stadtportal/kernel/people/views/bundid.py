"""The way to BundID and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from stadtportal.kernel.contracts import AssuranceLevel, NotAllowed
from stadtportal.kernel.people.actions import bundid
from stadtportal.kernel.people.engine.saml.requests import write_metadata
from stadtportal.kernel.people.forms.levels import SetOutForm
from stadtportal.kernel.people.queries import find_person, get_person
from stadtportal.kernel.people.queries.assurance import find_linked_person, get_connection, get_outcome
from stadtportal.kernel.people.rules.assurance import AlreadyConnected
from stadtportal.kernel.web.api import actor_of, let_form_go_to, rate_limited, require_sign_in

if TYPE_CHECKING:
    from django.http import HttpRequest

    from stadtportal.kernel.people.models import Person
    from stadtportal.kernel.people.queries.assurance import Outcome

# Ways begun in this browser: request ids to where each shall end. So many tabs at once; the oldest is forgotten.
_SESSION_KEY: Final = "bundid"
_KEPT: Final = 5


@require_safe
def metadata(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Introduce the portal to BundID."""
    return HttpResponse(write_metadata(get_connection().provider), content_type="application/samlmetadata+xml")


@never_cache
@require_POST
@rate_limited(name="bundid", limit=30, per_seconds=600)
def set_out(request: HttpRequest) -> HttpResponse:
    """Say what will be asked for, and offer the way to BundID."""
    form = SetOutForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    begun = bundid.begin(level=given.get("level") or AssuranceLevel.BASIC, now=timezone.now())
    others = list(request.session.get(_SESSION_KEY, {}).items())[-(_KEPT - 1) :]
    request.session[_SESSION_KEY] = {**dict(others), begun.request_id: given.get("next", "")}
    return let_form_go_to(render(request, "people/bundid_set_out.html", {"begun": begun}), begun.destination)


@never_cache
@csrf_exempt  # From another site by design: it is signed, and counts only in the browser that set out.
@require_POST
@rate_limited(name="bundid answers", limit=120, per_seconds=600)
def answer(request: HttpRequest) -> HttpResponse:
    """Take the answer. Browsers send no session along from another site, so this must not begin one either."""
    handle = bundid.receive(answer=request.POST.get("SAMLResponse", ""), now=timezone.now())
    target = f"{reverse('levels:bundid_return')}?{urlencode({'schluessel': handle})}"
    return HttpResponse(status=303, headers={"Location": target})


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Sign in, raise the level, or ask whether to connect: whatever the browser set out for."""
    now, handle = timezone.now(), request.GET.get("schluessel", "")
    outcome = get_outcome(handle, now=now)
    _check_began_here(request, outcome)
    actor, holder = actor_of(request), find_linked_person(fingerprint=outcome.fingerprint)
    if holder is None:
        return _unconnected(request, outcome, handle)
    if actor.signed_in and actor.person_id != holder:
        raise AlreadyConnected(
            _("Diese BundID gehört zu einem anderen Konto. Bitte melden Sie sich ab, um sich mit ihr anzumelden.")
        )
    person = find_person(person_id=holder)
    if person is None:
        raise NotAllowed(_("Dieses Konto gibt es nicht mehr."))
    bundid.conclude(person_id=holder, handle=handle, now=now)
    return _arrive(request, person, outcome, signed_in=actor.signed_in)


def _unconnected(request: HttpRequest, outcome: Outcome, handle: str) -> HttpResponse:
    here = f"{request.path}?{urlencode({'schluessel': handle})}"
    if not actor_of(request).signed_in:
        context = {"query": urlencode({"next": here}), "name": _name(outcome)}
        return render(request, "people/bundid_unknown.html", context)
    if not did_recently_reauthenticate(request):
        # Whoever finds a browser left open cannot give the account a key of their own.
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}")
    asked = {"handle": handle, "name": _name(outcome), "person": get_person(actor_of(request))}
    return render(request, "people/bundid_connect.html", asked)


@never_cache
@require_POST
@require_sign_in
def connect(request: HttpRequest) -> HttpResponse:
    """Connect the BundID that just answered with the account somebody is signed in to."""
    now, handle = timezone.now(), request.POST.get("schluessel", "")
    outcome = get_outcome(handle, now=now)
    _check_began_here(request, outcome)
    person = get_person(actor_of(request))
    if not did_recently_reauthenticate(request):
        return redirect(f"{reverse('levels:bundid_return')}?{urlencode({'schluessel': handle})}")
    bundid.connect(person_id=person.pk, handle=handle, now=now)
    messages.success(request, _("Ihre BundID ist verbunden."))
    return _arrive(request, person, outcome, signed_in=True)


@never_cache
@require_POST
@require_sign_in
def disconnect(request: HttpRequest) -> HttpResponse:
    """Part BundID from the account."""
    bundid.disconnect(person_id=get_person(actor_of(request)).pk, now=timezone.now())
    messages.success(request, _("Ihre BundID ist getrennt."))
    return redirect("levels:levels")


def _name(outcome: Outcome) -> str:
    return " ".join(outcome.stated[part][0] for part in ("given_name", "family_name") if part in outcome.stated)


def _check_began_here(request: HttpRequest, outcome: Outcome) -> None:
    """Refuse an answer that another browser set out for: nobody can be signed in to somebody else's account."""
    if outcome.request_id not in request.session.get(_SESSION_KEY, {}):
        raise NotAllowed(_("Diese Anmeldung mit BundID wurde nicht in diesem Browser begonnen."))


def _arrive(request: HttpRequest, person: Person, outcome: Outcome, *, signed_in: bool) -> HttpResponse:
    ways = request.session.get(_SESSION_KEY, {})
    target = ways.get(outcome.request_id, "")
    request.session[_SESSION_KEY] = {key: value for key, value in ways.items() if key != outcome.request_id}
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("levels:levels") if signed_in else resolve_url(settings.LOGIN_REDIRECT_URL)
    record_authentication(request, person, "bundid", level=outcome.level.value)
    if signed_in:
        return HttpResponseRedirect(target)
    signed: HttpResponse = perform_login(request, Login(user=person, redirect_url=target))
    return signed
