"""The account engine's forms with plain fields: no placeholder that repeats the label, digits where codes go."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

if TYPE_CHECKING:
    from django.forms import Form as _Form
else:
    _Form = object


class Plain(_Form):
    """Takes the placeholders out, and lets telephones show digits for codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- passed on to the engine's form.
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name == "credential":
                field.validators.append(check_credential)
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"


def check_credential(value: object) -> None:
    """Refuse what is no credential of a passkey; the engine fails on some of it. Raises ``ValidationError``."""
    try:
        if not isinstance(value, dict):
            raise TypeError  # noqa: TRY301 -- answered like everything else the parser refuses.
        kind = RegistrationResponse if "attestationObject" in value["response"] else AuthenticationResponse
        kind.from_dict(value)
    except (TypeError, ValueError, LookupError, AttributeError, struct.error) as error:
        raise ValidationError(_("Der Passkey ließ sich nicht lesen. Bitte versuchen Sie es noch einmal.")) from error


class PasswordSignInForm(Plain, account.LoginForm):
    """Address and password. Signing up asks for no password, yet who has set one may use it."""

    def _setup_password_field(self) -> None:
        """Keep the password field, which the engine would drop because signing up has none."""


class RequestCodeForm(Plain, account.RequestLoginCodeForm):
    """The address a code is sent to."""


class SignUpForm(Plain, account.SignupForm):  # type: ignore[misc]  # the engine's clean() returns no None.
    """Address and names."""


class AddressForm(Plain, account.AddEmailForm):
    """A new address."""


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """The old password and a new one."""


class SetPasswordForm(Plain, account.SetPasswordForm):
    """A first password."""


class ForgottenPasswordForm(Plain, account.ResetPasswordForm):
    """The address of somebody who forgot the password."""


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):
    """The new password instead of a forgotten one."""


class ConfirmAccessForm(Plain, account.ReauthenticateForm):
    """The password once more."""


class SignInCodeForm(Plain, account.ConfirmLoginCodeForm):
    """The code for signing in."""


class AddressCodeForm(Plain, account.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""


class PasswordCodeForm(Plain, account.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""


class SecondStepForm(Plain, second_step.AuthenticateForm):
    """The code of the app, or a recovery code."""


class ConfirmBySecondStepForm(Plain, second_step.ReauthenticateForm):
    """The same, once more."""


class SetUpAppForm(Plain, totp.ActivateTOTPForm):
    """The first code of an app."""


class PasskeySignInForm(Plain, passkeys.LoginWebAuthnForm):
    """A passkey as the way in."""


class ConfirmByPasskeyForm(Plain, passkeys.ReauthenticateWebAuthnForm):
    """A passkey, once more."""


class PasskeyNameForm(Plain, passkeys.EditWebAuthnForm):
    """A passkey's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- passed on to the engine's form.
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name des Passkeys")


class NewPasskeyForm(Plain, passkeys.AddWebAuthnForm):
    """A passkey for an account that exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- passed on to the engine's form.
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name des Passkeys")


class FirstPasskeyForm(Plain, passkeys.SignupWebAuthnForm):
    """A passkey for a new account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- passed on to the engine's form.
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name des Passkeys")
