"""Secrets of second steps are sealed; staff need one; sessions end when they should."""

from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from stadtportal.kernel.contracts import Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust

from .conftest import FIREFOX, PASSWORD, mailed_code, sign_in, signed_in_as, the_clerk
from .test_pages import PASSKEY, app_code


def test_a_dump_shows_no_secret_of_an_app_nor_of_recovery_codes(lena: Person) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lena, secret)
    seed = RecoveryCodes.activate(lena)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        dump = " ".join(row for (row,) in cursor.fetchall())
    assert secret not in dump
    assert dump.count('"s1.') == 2
    assert totp.TOTP(Authenticator.objects.get(type="totp")).validate_code(app_code(secret))
    assert len(seed.generate_codes()) == 10


def test_secrets_of_second_steps_take_part_in_a_change_of_keys(lena: Person) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lena, secret)
    RecoveryCodes.activate(lena)
    Authenticator.objects.create(user=lena, **PASSKEY)
    before = {key.id for key in trust.list_keys() if key.in_use}
    new = trust.add_key(now=timezone.now())
    assert trust.reseal_everything().done == 2
    assert {key.id for key in trust.list_keys() if key.in_use} == {new}
    assert new not in before
    assert totp.TOTP(Authenticator.objects.get(type="totp")).validate_code(app_code(secret))


def test_staff_set_up_a_second_step_before_the_workplace_opens_and_return_there(db: None) -> None:  # noqa: ARG001 -- people are rows.
    clerk, browser = the_clerk(), Client()
    sign_in(browser, clerk)
    answer = browser.get("/arbeitsplatz/?seite=2")
    assert answer.status_code == 302
    assert answer["Location"] == "/konto/sicherheit/arbeitsplatz/?next=%2Farbeitsplatz%2F%3Fseite%3D2"
    assert "/konto/sicherheit/app/einrichten/" in browser.get(answer["Location"]).content.decode()
    assert browser.get("/mein/").status_code == 200  # Their own affairs need none.
    asked = browser.get("/konto/sicherheit/app/einrichten/")["Location"]
    browser.post(asked, {"password": PASSWORD})
    browser.get("/konto/sicherheit/app/einrichten/")
    secret = browser.session["mfa.totp.secret"]
    wrong = browser.post("/konto/sicherheit/app/einrichten/", {"code": "000000"})
    assert wrong.status_code == 200
    answer = browser.post("/konto/sicherheit/app/einrichten/", {"code": app_code(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/arbeitsplatz/?seite=2")
    assert browser.get("/arbeitsplatz/").status_code == 200
    assert browser.get("/konto/sicherheit/arbeitsplatz/?next=/arbeitsplatz/")["Location"] == "/arbeitsplatz/"


@pytest.mark.parametrize("elsewhere", ["https://boese.example/", "//boese.example", "javascript:alert(1)"])
def test_setting_up_a_second_step_leads_to_no_other_host(db: None, elsewhere: str) -> None:  # noqa: ARG001 -- as above.
    clerk, browser = the_clerk(), Client()
    sign_in(browser, clerk)
    browser.get("/konto/sicherheit/arbeitsplatz/", {"next": elsewhere})
    browser.post("/konto/bestaetigen/", {"password": PASSWORD})
    browser.get("/konto/sicherheit/app/einrichten/")
    code = app_code(browser.session["mfa.totp.secret"])
    assert "boese" not in browser.post("/konto/sicherheit/app/einrichten/", {"code": code})["Location"]
    assert browser.get("/konto/sicherheit/arbeitsplatz/", {"next": elsewhere})["Location"] == "/mein/"


def test_staff_with_a_passkey_are_asked_for_it_when_they_sign_in_by_other_ways(db: None) -> None:  # noqa: ARG001 -- as above.
    clerk = the_clerk()
    Authenticator.objects.create(user=clerk, **PASSKEY)
    browser = Client()
    answer = browser.post("/konto/anmelden/", {"login": clerk.email, "password": PASSWORD})
    assert answer["Location"] == "/konto/anmelden/zweiter-schritt/"
    assert signed_in_as(browser) == ""


def test_example_staff_are_spared_in_the_demo_and_nowhere_else(db: None) -> None:  # noqa: ARG001 -- as above.
    made = people.create_person(email="bsp@example.org", given_name="B", family_name="B", example=True)
    people.grant_role(person_id=made.id, role=Role.CASE_WORKER)
    assert not people.actor_for(made.id).second_step_due
    with override_settings(DEMO_MODE=False):
        assert people.actor_for(made.id).second_step_due
    assert people.actor_for(the_clerk().pk).second_step_due


def test_signing_in_gives_the_session_a_new_key(lena: Person) -> None:
    browser = Client()
    browser.post("/konto/anmelden/code/", {"email": lena.email})  # Keeps the code in a session.
    planted = browser.session.session_key
    browser.post("/konto/anmelden/code/eingeben/", {"code": mailed_code()})
    assert signed_in_as(browser) == lena.email
    assert browser.session.session_key != planted
    victim = Client()
    victim.cookies["sitzung"] = "a" * 32  # A key nobody gave out.
    sign_in(victim, lena)
    assert victim.session.session_key != "a" * 32


def test_all_other_sessions_can_be_ended_at_once(lena: Person) -> None:
    here, there = Client(), Client(headers=FIREFOX)
    sign_in(here, lena)
    sign_in(there, lena)
    assert here.post("/konto/sitzungen/").status_code == 302
    assert there.get("/konto/sicherheit/").status_code == 302
    assert here.get("/konto/sicherheit/").status_code == 200


def test_a_new_password_ends_all_other_sessions(lena: Person) -> None:
    here, there = Client(), Client(headers=FIREFOX)
    sign_in(here, lena)
    sign_in(there, lena)
    new = "Killesberg-im-Regen-9"
    here.post("/konto/passwort/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/konto/sicherheit/").status_code == 302
    assert here.get("/konto/sicherheit/").status_code == 200


def test_a_code_of_an_app_counts_once(lena: Person) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lena, secret)
    code = app_code(secret)
    first, second = Client(), Client()
    sign_in(first, lena)
    sign_in(second, lena)
    assert first.post("/konto/anmelden/zweiter-schritt/", {"code": code}).status_code == 302
    assert second.post("/konto/anmelden/zweiter-schritt/", {"code": code}).status_code == 200
    assert (signed_in_as(first), signed_in_as(second)) == (lena.email, "")


def test_an_unknown_address_costs_a_password_check_too(lena: Person) -> None:
    from django.contrib.auth.hashers import ScryptPasswordHasher

    def checks(email: str) -> int:
        with patch.object(
            ScryptPasswordHasher, "encode", autospec=True, side_effect=ScryptPasswordHasher.encode
        ) as run:
            Client().post("/konto/anmelden/", {"login": email, "password": "falsch"})
        return run.call_count

    assert checks("niemand@example.org") == checks(lena.email) == 1
