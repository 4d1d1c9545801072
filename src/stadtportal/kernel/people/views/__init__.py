"""The account pages that are ours: signing in on one page, the name, ending one session."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from allauth.account import views as account
from allauth.account.utils import passthrough_next_redirect_url
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stadtportal.kernel.contracts import registry
from stadtportal.kernel.people import actions, queries
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.forms.accounts import RequestCodeForm
from stadtportal.kernel.people.forms.names import NamesForm
from stadtportal.kernel.people.queries.assurance import is_bundid_offered
from stadtportal.kernel.web.api import actor_of, rate_limit, require_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

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
