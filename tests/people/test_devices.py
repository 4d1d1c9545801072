"""A browser somebody signed in with before is known: strangers are told, and shut nobody out."""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.adapters import link_to
from stadtportal.kernel.people.engine.devices import COOKIE
from stadtportal.kernel.people.models import KnownDevice, Person
from stadtportal.kernel.people.rules import network_of

from .conftest import FIREFOX, PASSWORD, link_in, mailed_code, notices, sign_in, signed_in_as


def test_a_browser_not_seen_before_is_told_to_its_person_and_can_be_signed_out(lena: Person) -> None:
    own = Client()
    sign_in(own, lena)
    stranger = Client(headers=FIREFOX)
    sign_in(stranger, lena)
    notice = notices(lena)[-1]
    assert notice.subject == "Anmeldung mit einem neuen Gerät"
    assert "Womit: Firefox auf Windows" in notice.body
    assert "127.0.0.1" in notice.body
    anywhere = Client()  # The link works without signing in.
    link = link_in(notice.body)
    assert "Firefox auf Windows" in anywhere.get(link).content.decode()
    # Opening the link alone, as mail scanners do, ends nothing.
    assert stranger.get("/konto/sicherheit/").status_code == 200
    assert "abgemeldet" in anywhere.post(link).content.decode()
    assert stranger.get("/konto/sicherheit/").status_code == 302
    assert own.get("/konto/sicherheit/").status_code == 200
    assert anywhere.post(link).status_code == 200
    sign_in(stranger, lena)
    assert len(notices(lena)) == 3  # It has become a stranger again.


def test_a_stolen_session_ends_even_after_it_changed_the_password(lena: Person) -> None:
    stranger = Client(headers=FIREFOX)
    sign_in(stranger, lena)
    link = link_in(notices(lena)[-1].body)
    new = "Killesberg-im-Regen-9"
    stranger.post("/konto/passwort/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert stranger.get("/konto/sicherheit/").status_code == 200
    Client().post(link)
    assert stranger.get("/konto/sicherheit/").status_code == 302


def test_a_browser_seen_before_and_a_new_account_get_no_notice(lena: Person) -> None:
    browser = Client()
    sign_in(browser, lena)
    assert len(notices(lena)) == 1
    browser.post("/konto/abmelden/")
    sign_in(browser, lena)
    assert len(notices(lena)) == 1
    newcomer = Client()
    newcomer.post("/konto/anlegen/", {"email": "neu@example.org", "given_name": "N", "family_name": "N"})
    newcomer.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    nora = Person.objects.get(email="neu@example.org")
    assert notices(nora) == []
    assert KnownDevice.objects.filter(person=nora).count() == 1


def test_the_cookie_of_a_device_follows_nobody_through_the_portal(lena: Person) -> None:
    browser = Client()
    sign_in(browser, lena)
    cookie = browser.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/konto/", True, "Lax")
    assert cookie.value not in str(list(KnownDevice.objects.values_list("mark", "browser")))
    browser.post("/konto/abmelden/")
    omar = people.create_person(
        email="omar@example.org", given_name="O", family_name="O", password=PASSWORD, email_verified=True
    )
    sign_in(browser, Person.objects.get(pk=omar.id))
    marks = set(KnownDevice.objects.values_list("mark", flat=True))
    assert len(marks) == 2  # One browser, two people, and nothing in the table that says so.
    assert browser.cookies[COOKIE].value == cookie.value


@pytest.mark.parametrize("forged", ["", "x", "a" * 42, "a" * 5000, "' OR 1=1 --", "ä" * 43])
def test_a_forged_device_cookie_is_replaced(lena: Person, forged: str) -> None:
    browser = Client()
    browser.cookies[COOKIE] = forged
    sign_in(browser, lena)
    assert len(browser.cookies[COOKIE].value) == 43
    assert browser.cookies[COOKIE].value != forged


@pytest.mark.parametrize("token", ["1", "1:x", "..", "a" * 3000])
def test_links_that_are_not_ours_end_nothing(lena: Person, token: str) -> None:
    browser = Client()
    sign_in(browser, lena)
    for page in ("anmeldung-melden", "e-mail/zurueck"):
        assert Client().post(f"/konto/{page}/{token}/").status_code == 404
    device = KnownDevice.objects.get()
    swapped = urlsplit(link_to("account_report_sign_in", device.pk)).path.replace("anmeldung-melden", "e-mail/zurueck")
    assert Client().post(swapped).status_code == 404  # A link of one page is worth nothing at another.
    assert browser.get("/konto/sicherheit/").status_code == 200


def test_others_cannot_use_up_the_mails_of_somebody_who_signed_in_before(lena: Person) -> None:
    own = Client()
    sign_in(own, lena)
    own.post("/konto/abmelden/")
    for number in range(40):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/konto/anmelden/code/", {"email": lena.email})
    refused = Client(REMOTE_ADDR="203.0.113.99").post("/konto/anmelden/code/", {"email": lena.email})
    assert refused.status_code == 429
    assert own.post("/konto/anmelden/code/", {"email": lena.email}).status_code == 302
    own.post("/konto/anmelden/code/eingeben/", {"code": mailed_code()})
    assert signed_in_as(own) == lena.email


def test_one_network_cannot_use_up_the_mails_of_an_address(lena: Person) -> None:
    for _attempt in range(10):
        Client(REMOTE_ADDR="203.0.113.7").post("/konto/anmelden/code/", {"email": lena.email})
    assert len(mail.outbox) == 3
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post("/konto/anmelden/code/", {"email": lena.email}).status_code == 302


def test_the_limits_hold_for_an_address_without_account_alike(lena: Person) -> None:
    def statuses(email: str) -> list[int]:
        return [Client().post("/konto/anmelden/code/", {"email": email}).status_code for _attempt in range(5)]

    assert statuses("niemand@example.org") == statuses(lena.email) == [302, 302, 302, 429, 429]


def test_others_cannot_lock_the_password_of_a_device_known_to_the_account(lena: Person) -> None:
    own = Client()
    sign_in(own, lena)
    own.post("/konto/abmelden/")
    for number in range(6):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/konto/anmelden/", {"login": lena.email, "password": "falsch"})
    refused = Client(REMOTE_ADDR="203.0.113.99").post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD})
    assert "zu viele Versuche" in refused.content.decode()
    sign_in(own, lena)
    assert signed_in_as(own) == lena.email


def test_a_known_device_does_not_guess_passwords_without_end_either(lena: Person) -> None:
    own = Client()
    sign_in(own, lena)
    own.post("/konto/abmelden/")
    for number in range(10):
        own.post("/konto/anmelden/", {"login": lena.email, "password": "falsch"}, REMOTE_ADDR=f"203.0.113.{number}")
    answer = own.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.99")
    assert "zu viele Versuche" in answer.content.decode()
    assert signed_in_as(own) == ""


def test_a_household_is_one_network() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert network_of("unknown") == "unknown"
