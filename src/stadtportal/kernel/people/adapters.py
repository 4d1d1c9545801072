"""Where the account engine asks us: names, mail, and when a second step is due."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any, ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext as _

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import RuleBroken
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.people.rules import clean_email
from stadtportal.kernel.web.api import rate_limit

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.forms import BaseForm
    from django.http import HttpRequest


# Mails that somebody who is not signed in can have sent, to an address that need not be theirs.
ASKED_FOR: Final = frozenset(
    {
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "login_code",
        "password_reset_code",
        "unknown_account",
    }
)
MAILS_TO_ONE_ADDRESS: Final = (("mails of a quarter", 6, 15 * 60), ("mails of a day", 30, 24 * 60 * 60))


class MailUnreachable(RuleBroken):
    """The mail server did not take a message that signing in needs."""

    status: ClassVar[int] = 503


def portal_title() -> str:
    """Return the portal's name as mails and devices show it: ``Stadtportal Stuttgart``."""
    return _("Stadtportal %(city)s") % {"city": city.city().name}


class SecondStepStage(AuthenticateStage):
    """Asks for a second step once an authenticator app is set up.

    The engine would ask everybody who holds a passkey too, and so lock out whoever lost the only device that has it
    and signs in by code. A passkey is a way in here, not a second step.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        """Tell whether this sign-in needs the second step."""
        user = self.login.user
        if user is None or not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            return False
        return bool(super()._should_handle(request))


class AccountAdapter(DefaultAccountAdapter):
    """Our answers to the account engine."""

    def save_user(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        form: BaseForm,
        commit: bool = True,  # noqa: FBT001, FBT002 -- the engine's signature.
    ) -> AbstractBaseUser:
        """Store the names together with the address, so that no account is ever without."""
        if isinstance(user, Person):
            user.given_name = form.cleaned_data["given_name"]
            user.family_name = form.cleaned_data["family_name"]
        saved: AbstractBaseUser = super().save_user(request, user, form, commit=commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one message about the account. Raises ``MailUnreachable``, ``TooManyRequests``.

        What visitors can have sent to any address is limited for that address, whoever asks and from wherever.
        """
        if template_prefix.removeprefix("account/email/") in ASKED_FOR:
            for name, limit, per_seconds in MAILS_TO_ONE_ADDRESS:
                rate_limit(f"mail:{clean_email(email)}", name=name, limit=limit, per_seconds=per_seconds)
        try:
            super().send_mail(template_prefix, email, {"portal_title": portal_title()} | context)
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnreachable(
                _("Die E-Mail ließ sich gerade nicht senden. Bitte versuchen Sie es in einigen Minuten noch einmal.")
            ) from error

    def get_login_stages(self) -> list[str]:
        """Return the stages of signing in, with our own second step."""
        ours = f"{SecondStepStage.__module__}.{SecondStepStage.__qualname__}"
        return [
            ours if stage == "allauth.mfa.stages.AuthenticateStage" else stage for stage in super().get_login_stages()
        ]


class SecondStepAdapter(DefaultMFAAdapter):
    """Our answers to the engine of passkeys and one-time codes."""

    def _get_site_name(self) -> str:
        """Return the name that devices and apps show beside the account."""
        return portal_title()
