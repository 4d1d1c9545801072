"""The account pages that are ours: signing in on one page, the name, ending one session."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from allauth.account import views as account
from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core import signing
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadtportal.kernel.contracts import NotFound, registry
from stadtportal.kernel.people import actions, queries
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.forms.accounts import RequestCodeForm
from stadtportal.kernel.people.forms.names import NamesForm
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.people.queries.assurance import is_bundid_offered
from stadtportal.kernel.people.rules import REPORT_FOR, UNDO_FOR
from stadtportal.kernel.web.api import actor_of, rate_limit, require_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from allauth.account.stages import LoginStage
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

# Signing in puts what areas registered for this place above its own ways.
SIGN_IN_PLACE = "sign-in"


class SignInView(account.LoginView):
    """One page with all ways in: passkey, code by e-mail, password. It answers the password form itself."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseRedirect | None:
        """Lead somebody who already got a code to the page for it, and keep the way back."""
        pending = super()._redirect_to_pending_stage(request, stage)
        if pending is None:
            return None
        return HttpResponseRedirect(passthrough_next_redirect_url(request, pending["Location"], REDIRECT_FIELD_NAME))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 -- Django's signature.
        """Add the form for the code and what areas offer here."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["bundid_offered"] = is_bundid_offered()
        context["code_form"] = RequestCodeForm(auto_id="id_code_%s")
        context["sign_in_slots"] = [
            render_to_string(slot.template, {**context, **extra}, self.request)
            for slot in registry.frame_slots(SIGN_IN_PLACE)
            if (extra := slot.context(actor_of(self.request))) is not None
        ]
        return context


def tell_void_code(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Say that a code is void where the engine only leads back to the beginning, and keep the way back."""

    @functools.wraps(view)
    def told(request: HttpRequest) -> HttpResponseBase:
        answer = view(request)
        beginning = answer.headers.get("Location", "")
        if beginning in {reverse(name) for name in _BEGINNINGS}:
            messages.error(request, _("Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an."))
            return redirect(passthrough_next_redirect_url(request, beginning, REDIRECT_FIELD_NAME))
        return answer

    return told


def few_guesses(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Count guesses at a code in one statement of the database.

    The engine counts them in the session, where guesses sent at the same moment all read the same number.
    """

    @functools.wraps(view)
    def counted(request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.session.session_key:  # Without a session there is no code to guess.
            rate_limit(f"session:{request.session.session_key}", name="code", limit=GUESSES, per_seconds=GUESSES_S)
        return view(request)

    return counted


_BACK = "people.second_step_back"
GUESSES = 12
GUESSES_S = 15 * 60
_BEGINNINGS = ("account_login", "account_request_login_code", "account_email")
# An account whose confirmation could not be sent is not kept.
sign_up = transaction.atomic(account.signup)
sign_up_by_passkey = transaction.atomic(account.signup_by_passkey)
sign_in_code = few_guesses(tell_void_code(account.confirm_login_code))
address_code = few_guesses(tell_void_code(account.email_verification_sent))
password_code = few_guesses(tell_void_code(account.confirm_password_reset_code))
sign_in = SignInView.as_view()
sessions = ListUserSessionsView.as_view()


@require_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    """Show and change the name that letters and confirmations carry."""
    person = queries.get_person(actor_of(request))
    form = NamesForm(
        request.POST if request.method == "POST" else None,
        initial={"given_name": person.given_name, "family_name": person.family_name},
    )
    if request.method == "POST" and form.is_valid():
        actions.rename_person(
            person_id=person.pk,
            given_name=form.cleaned_data["given_name"],
            family_name=form.cleaned_data["family_name"],
        )
        messages.success(request, _("Ihr Name ist geändert."))
        return redirect("mfa_index")
    status = 422 if form.is_bound else 200
    return render(request, "people/names.html", {"form": form}, status=status)


def _number_in(token: str, *, page: str, lasts: timedelta) -> int:
    """Return the number a link from a mail carries. Raises ``NotFound`` for a link that is not ours or too old."""
    try:
        return int(signing.loads(token, salt=page, max_age=lasts))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound(_("Dieser Link gilt nicht mehr. Prüfen Sie, ob er vollständig ist.")) from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """End a sign-in its person does not know; the link in the notice is enough, as that person may be signed out."""
    device_id = _number_in(token, page="account_report_sign_in", lasts=REPORT_FOR)
    if request.method == "POST":
        actions.end_reported(device_id=device_id)
    return render(request, "people/report_sign_in.html", {"device": queries.find_device(device_id)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo_address(request: HttpRequest, token: str) -> HttpResponse:
    """Give the account back to its old address; the link in that mailbox is enough, as its person cannot sign in."""
    change_id = _number_in(token, page="account_undo_address", lasts=UNDO_FOR)
    now = timezone.now()
    if request.method == "POST":
        actions.undo_address_change(change_id=change_id, now=now)
        return render(request, "people/undo_address.html", {"done": True})
    return render(request, "people/undo_address.html", {"change": queries.get_change(change_id, now=now)})


@require_sign_in
@require_safe
def staff_second_step(request: HttpRequest) -> HttpResponse:
    """Lead staff who have neither passkey nor app to one of them, and remember where they were going."""
    back = _safe_path(request, request.GET.get(REDIRECT_FIELD_NAME, ""))
    if not actor_of(request).second_step_due:
        return redirect(back or settings.LOGIN_REDIRECT_URL)
    request.session[_BACK] = back
    return render(request, "people/staff_second_step.html")


def _safe_path(request: HttpRequest, target: str) -> str:
    """Return where to go back to, if it is a place of ours."""
    hosts = {request.get_host()}
    return target if url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure()) else ""


def then_back(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lead staff who set up their second step back to where they were going."""

    @functools.wraps(view)
    def led(request: HttpRequest) -> HttpResponseBase:
        answer = view(request)
        back = request.session.get(_BACK, "")
        person = request.user
        if request.method == "POST" and back and isinstance(person, Person) and queries.has_second_step(person.pk):
            del request.session[_BACK]
            messages.info(
                request,
                _("Ihr zweiter Schritt ist eingerichtet. Notieren Sie unter „Konto“ Ihre Wiederherstellungscodes."),
            )
            return redirect(_safe_path(request, back) or settings.LOGIN_REDIRECT_URL)
        return answer

    return led


add_passkey = then_back(passkeys.add_webauthn)
set_up_app = then_back(totp.activate_totp)


@require_sign_in
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the person out of one other browser."""
    actions.end_session(person_id=queries.get_person(actor_of(request)).pk, session_id=pk)
    messages.success(request, _("Dort sind Sie jetzt abgemeldet."))
    return redirect("usersessions_list")


@require_POST
def stop_acting(request: HttpRequest) -> HttpResponse:
    """Act for oneself again; doing it twice does no harm."""
    if people.stop_acting(request):
        messages.success(request, _("Sie handeln wieder für sich selbst."))
    return redirect(settings.LOGIN_REDIRECT_URL)
