"""Where the account engine asks us: names, mail, and when a second step is due."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any, ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import RuleBroken
from stadtportal.kernel.people import actions
from stadtportal.kernel.people.engine.devices import device_mark, device_token, keep_token, new_token
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.people.queries import find_person_by_email, is_known_device, list_grants
from stadtportal.kernel.people.rules import DEVICE_IN_SESSION, SECOND_STEP, browser_name, clean_email, network_of
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import TooManyRequests, rate_limit, visitor_address

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse


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
_QUARTER_S: Final = 15 * 60
_DAY_S: Final = 24 * 60 * 60
#: What a browser may have sent in which the account was open before; nobody else can use this up.
MAILS_OF_A_DEVICE: Final = (("quarter", 6, _QUARTER_S), ("day", 30, _DAY_S))
#: What one network may have sent to one address, so that no single one uses up what the address allows.
MAILS_OF_A_NETWORK: Final = (("quarter", 3, _QUARTER_S), ("day", 8, _DAY_S))
MAILS_TO_ONE_ADDRESS: Final = (("quarter", 6, _QUARTER_S), ("day", 30, _DAY_S))
PASSWORDS_OF_A_DEVICE: Final = (10, 5 * 60)
PASSWORDS_OF_AN_ACCOUNT: Final = (5, 5 * 60)


class MailUnreachable(RuleBroken):
    """The mail server did not take a message that signing in needs."""

    status: ClassVar[int] = 503


def portal_title() -> str:
    """Return the portal's name as mails and devices show it: ``Stadtportal Stuttgart``."""
    return _("Stadtportal %(city)s") % {"city": city.city().name}


def link_to(page: str, number: int) -> str:
    """Return the address of a page that works without signing in, for whoever got it by mail."""
    return settings.PUBLIC_URL + reverse(page, args=[signing.dumps(number, salt=page)])


class SecondStepStage(AuthenticateStage):
    """Asks for a second step once an authenticator app is set up.

    The engine would ask everybody who holds a passkey too, and so lock out whoever lost the only device that has it
    and signs in by code. A passkey is a way in here, not a second step, except for staff.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        """Tell whether this sign-in needs the second step."""
        user = self.login.user
        if not isinstance(user, Person):
            return False
        # Staff are asked for a passkey too: whoever reads their mail must not reach the data of others.
        asked = [Authenticator.Type.TOTP, *([Authenticator.Type.WEBAUTHN] if list_grants(user.pk) else [])]
        if not is_mfa_enabled(user, asked):
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

        What visitors can have sent to any address is limited for that address and for each network that asks. A browser
        in which the account was open before has an allowance of its own: others cannot keep it from signing in.
        """
        if template_prefix.removeprefix("account/email/") in ASKED_FOR:
            self._count_mail(clean_email(email))
        try:
            super().send_mail(template_prefix, email, {"portal_title": portal_title()} | context)
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnreachable(
                _("Die E-Mail ließ sich gerade nicht senden. Bitte versuchen Sie es in einigen Minuten noch einmal.")
            ) from error

    def _count_mail(self, email: str) -> None:
        """Count one mail. Raises ``TooManyRequests``."""
        if mark := self._known_device(email):
            counted = [(f"mail:device:{mark}", MAILS_OF_A_DEVICE)]
        else:
            network = network_of(visitor_address(self.request))
            counted = [(f"mail:{email}:{network}", MAILS_OF_A_NETWORK), (f"mail:{email}", MAILS_TO_ONE_ADDRESS)]
        for who, limits in counted:
            for name, limit, per_seconds in limits:
                rate_limit(who, name=f"mails of a {name}", limit=limit, per_seconds=per_seconds)

    def _known_device(self, email: str) -> str:
        """Return the mark of this browser if the account with that address was open in it before, or nothing.

        An address without account takes the same look-ups.
        """
        token = device_token(self.request)
        if not token:
            return ""
        person = find_person_by_email(email)
        mark = device_mark(person.pk if person else None, token)
        return mark if is_known_device(mark=mark) else ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401 -- the engine's signature.
        """Count one try of a password: by network, and by account or, in a browser known to it, by browser."""
        super().pre_authenticate(request, **credentials)
        email = clean_email(str(credentials.get("email", "")))
        mark = self._known_device(email)
        who, (limit, per_seconds) = (
            (f"device:{mark}", PASSWORDS_OF_A_DEVICE) if mark else (f"account:{email}", PASSWORDS_OF_AN_ACCOUNT)
        )
        try:
            rate_limit(who, name="password", limit=limit, per_seconds=per_seconds)
        except TooManyRequests as error:
            raise self.validation_error("too_many_login_attempts") from error

    def post_login(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        *,
        signup: bool,
        **passed_on: Any,  # noqa: ANN401 -- the engine's arguments.
    ) -> HttpResponse:
        """Remember the browser, and tell the person of one that was not seen before."""
        answer: HttpResponse = super().post_login(request, user, signup=signup, **passed_on)
        if not isinstance(user, Person):
            return answer
        now = timezone.now()
        token = device_token(request) or new_token()
        browser = browser_name(request.headers.get("User-Agent", ""))
        device_id, is_new = actions.remember_device(
            person_id=user.pk, mark=device_mark(user.pk, token), browser=browser, now=now
        )
        request.session[DEVICE_IN_SESSION] = device_id
        keep_token(answer, token)
        if is_new and not signup:
            actions.tell_sign_in(
                person_id=user.pk,
                browser=browser,
                address=visitor_address(request),
                report_url=link_to("account_report_sign_in", device_id),
                now=now,
            )
        return answer

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person of a change; the old address of an account gets a link that undoes its change."""
        if template_prefix == "account/email/email_changed" and context and isinstance(user, Person):
            change_id = actions.note_address_change(
                person_id=user.pk, old_email=context["from_email"], new_email=context["to_email"], now=timezone.now()
            )
            context = context | {"undo_url": link_to("account_undo_address", change_id)}
        super().send_notification_mail(template_prefix, user, context, email)

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

    def encrypt(self, text: str) -> str:
        """Seal the secret of an app or of recovery codes before it is stored."""
        return trust.seal(text, purpose=SECOND_STEP)

    def decrypt(self, encrypted_text: str) -> str:
        """Open such a secret. Raises ``trust.SealingError``."""
        return trust.unseal(encrypted_text, purpose=SECOND_STEP)
