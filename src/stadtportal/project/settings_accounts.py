"""Settings of the account engine: how people sign up and sign in. Imported by ``settings``."""

from __future__ import annotations

import os
from typing import Any, Final

from stadtportal.project.runtime.hosts import allowed_hosts, is_public

# Behind a public host name a proxy stands in front; its last X-Forwarded-For entry is the visitor.
_PUBLIC: Final = is_public(allowed_hosts(os.environ))

AUTHENTICATION_BACKENDS: Final = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: Final[list[dict[str, Any]]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "given_name", "family_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS: Final = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LOGIN_URL: Final = "account_login"
# Where staff without passkey or app are led.
SECOND_STEP_URL: Final = "account_staff_second_step"
LOGIN_REDIRECT_URL: Final = "/mein/"
LOGOUT_REDIRECT_URL: Final = "/"
# The page that explains how to raise the level of a sign-in.
STEP_UP_URL: Final = "levels:step_up"

ALLAUTH_TRUSTED_PROXY_COUNT: Final = 1 if _PUBLIC else 0
ALLAUTH_USER_CODE_FORMAT: Final = {"numeric": True, "length": 6, "dashed": False}

ACCOUNT_ADAPTER: Final = "stadtportal.kernel.people.adapters.AccountAdapter"
_FORMS: Final = "stadtportal.kernel.people.forms.accounts"
ACCOUNT_FORMS: Final = {
    "login": f"{_FORMS}.PasswordSignInForm",
    "request_login_code": f"{_FORMS}.RequestCodeForm",
    "confirm_login_code": f"{_FORMS}.SignInCodeForm",
    "signup": f"{_FORMS}.SignUpForm",
    "add_email": f"{_FORMS}.AddressForm",
    "confirm_email_verification_code": f"{_FORMS}.AddressCodeForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "reset_password": f"{_FORMS}.ForgottenPasswordForm",
    "confirm_password_reset_code": f"{_FORMS}.PasswordCodeForm",
    "reset_password_from_key": f"{_FORMS}.NewPasswordForm",
    "reauthenticate": f"{_FORMS}.ConfirmAccessForm",
}
ACCOUNT_SIGNUP_FORM_CLASS: Final = "stadtportal.kernel.people.forms.names.NamesForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD: Final = None
ACCOUNT_LOGIN_METHODS: Final = {"email"}
ACCOUNT_SIGNUP_FIELDS: Final = ["email*"]
ACCOUNT_CHANGE_EMAIL: Final = True
ACCOUNT_EMAIL_VERIFICATION: Final = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED: Final = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS: Final = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT: Final = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND: Final = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL: Final = "/konto/sicherheit/"
ACCOUNT_EMAIL_SUBJECT_PREFIX: Final = ""
ACCOUNT_EMAIL_NOTIFICATIONS: Final = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS: Final = True
ACCOUNT_PREVENT_ENUMERATION: Final = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL: Final = "https" if _PUBLIC else "http"
ACCOUNT_LOGIN_BY_CODE_ENABLED: Final = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS: Final = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT: Final = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND: Final = True
ACCOUNT_LOGIN_TIMEOUT: Final = 30 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET: Final = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED: Final = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS: Final = 5
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT: Final = 15 * 60
# By network only. Limits for an account or an address are ours (people/adapters.py): the engine's shut its owner out.
ACCOUNT_RATE_LIMITS: Final = {
    "confirm_email": "20/m/ip",
    "login_failed": "10/m/ip",
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
}
ACCOUNT_SESSION_REMEMBER: Final = True
ACCOUNT_REAUTHENTICATION_TIMEOUT: Final = 15 * 60
# Whoever finds a browser left open cannot move the account to an address of their own.
ACCOUNT_REAUTHENTICATION_REQUIRED: Final = True

MFA_ADAPTER: Final = "stadtportal.kernel.people.adapters.SecondStepAdapter"
MFA_FORMS: Final = {
    "authenticate": f"{_FORMS}.SecondStepForm",
    "reauthenticate": f"{_FORMS}.ConfirmBySecondStepForm",
    "activate_totp": f"{_FORMS}.SetUpAppForm",
    "login_webauthn": f"{_FORMS}.PasskeySignInForm",
    "reauthenticate_webauthn": f"{_FORMS}.ConfirmByPasskeyForm",
    "add_webauthn": f"{_FORMS}.NewPasskeyForm",
    "edit_webauthn": f"{_FORMS}.PasskeyNameForm",
    "signup_webauthn": f"{_FORMS}.FirstPasskeyForm",
}
MFA_SUPPORTED_TYPES: Final = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED: Final = True
MFA_PASSKEY_SIGNUP_ENABLED: Final = True
# A passkey that did not check finger, face or PIN would be one factor only.
MFA_WEBAUTHN_USER_VERIFICATION: Final = "required"
MFA_TOTP_TOLERANCE: Final = 1
