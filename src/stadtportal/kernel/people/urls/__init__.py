"""The account pages, under ``/konto/``. Names are the account engine's; it looks its pages up by them."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.views.generic import RedirectView

from stadtportal.kernel.people import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="mfa_index"), name="account_home"),
    # The engine's own addresses for the two pages that people and programs guess.
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("signup/", RedirectView.as_view(pattern_name="account_signup", query_string=True)),
    path("anmelden/", views.sign_in, name="account_login"),
    path("anmelden/code/", account.request_login_code, name="account_request_login_code"),
    path("anmelden/code/eingeben/", views.sign_in_code, name="account_confirm_login_code"),
    path("anmelden/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("anmelden/zweiter-schritt/", second_step.authenticate, name="mfa_authenticate"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("anlegen/", views.sign_up, name="account_signup"),
    path("anlegen/passkey/", views.sign_up_by_passkey, name="account_signup_by_passkey"),
    path("anlegen/passkey/speichern/", passkeys.signup_webauthn, name="mfa_signup_webauthn"),
    path("e-mail/", account.email, name="account_email"),
    path(
        "e-mail/bestaetigen/",
        views.address_code,
        name="account_email_verification_sent",
    ),
    path("e-mail/zurueck/<str:token>/", views.undo_address, name="account_undo_address"),
    path("anmeldung-melden/<str:token>/", views.report_sign_in, name="account_report_sign_in"),
    path("sicherheit/arbeitsplatz/", views.staff_second_step, name="account_staff_second_step"),
    path("name/", views.names, name="account_names"),
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/festlegen/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path(
        "passwort/vergessen/code/",
        views.password_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "passwort/vergessen/neu/",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "passwort/vergessen/fertig/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("bestaetigen/code/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("bestaetigen/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sicherheit/", second_step.index, name="mfa_index"),
    path("sicherheit/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("sicherheit/passkeys/neu/", views.add_passkey, name="mfa_add_webauthn"),
    path("sicherheit/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path(
        "sicherheit/passkeys/<int:pk>/entfernen/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path("sicherheit/app/einrichten/", views.set_up_app, name="mfa_activate_totp"),
    path("sicherheit/app/abschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("sicherheit/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "sicherheit/codes/neu/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "sicherheit/codes/herunterladen/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("sitzungen/", views.sessions, name="usersessions_list"),
    path("sitzungen/<int:pk>/beenden/", views.end_session, name="account_end_session"),
    path("vertretung/beenden/", views.stop_acting, name="account_stop_acting"),
]
