"""People sign up and sign in: by code, by password; nobody learns who has an account."""

import re
import time
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client, override_settings

from stadtportal.kernel.people.models import Person

from .conftest import PASSWORD, mailed_code, signed_in_as

NEXT = "/mein/vorgaenge/?seite=2"


def without_secrets(page: str) -> str:
    """Leave out what differs from one request to the next."""
    return re.sub(r'(value|nonce|content)="[^"]{20,}"', "", page)


def test_signing_up_asks_for_address_and_name_only_and_confirms_by_code(client: Client) -> None:
    page = client.get("/konto/anlegen/").content.decode()
    assert re.findall(r'<input[^>]* name="([a-z_]+)"', page).count("csrfmiddlewaretoken") >= 1
    asked = set(re.findall(r'<input[^>]*? name="([a-z_]+)"', page)) - {"csrfmiddlewaretoken", "q"}
    assert asked == {"email", "given_name", "family_name"}

    answer = client.post(
        f"/konto/anlegen/?next={NEXT}",
        {"email": "Neu@Example.org", "given_name": " Nora  Maria ", "family_name": "Neu", "next": NEXT},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/konto/e-mail/bestaetigen/"
    assert signed_in_as(client) == ""
    assert [message.to for message in mail.outbox] == [["neu@example.org"]]

    answer = client.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    assert (answer.status_code, answer["Location"]) == (302, NEXT)
    assert signed_in_as(client) == "neu@example.org"
    person = Person.objects.get(email="neu@example.org")
    assert (person.given_name, person.family_name, person.get_full_name()) == ("Nora Maria", "Neu", "Nora Maria Neu")
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified


def test_signing_up_with_a_known_address_looks_the_same_and_only_sends_a_mail(client: Client, lena: Person) -> None:
    stranger = Client()
    form = {"given_name": "Nora", "family_name": "Neu"}
    known = stranger.post("/konto/anlegen/", {"email": lena.email, **form}, follow=True)
    new = client.post("/konto/anlegen/", {"email": "nora.muster@example.org", **form}, follow=True)
    assert known.redirect_chain == new.redirect_chain
    assert without_secrets(known.content.decode()).replace(lena.email, "X") == without_secrets(
        new.content.decode()
    ).replace("nora.muster@example.org", "X")
    assert Person.objects.filter(email=lena.email).count() == 1
    assert "Sie haben schon ein Konto" in mail.outbox[0].subject
    assert not re.search(r"^\d{6}$", str(mail.outbox[0].body), re.MULTILINE)


def test_signing_in_with_a_code_returns_to_the_same_place(client: Client, lena: Person) -> None:
    answer = client.post("/konto/anmelden/code/", {"email": "LENA.muster@example.org", "next": NEXT})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/anmelden/code/eingeben/?next=")
    assert mail.outbox[-1].to == [lena.email]
    page = client.get(answer["Location"]).content.decode()
    assert f'name="next" value="{NEXT}"' in page.replace("&amp;", "&")
    answer = client.post("/konto/anmelden/code/eingeben/", {"code": mailed_code(), "next": NEXT})
    assert (answer.status_code, answer["Location"]) == (302, NEXT)
    assert signed_in_as(client) == lena.email


def test_who_already_got_a_code_is_led_to_its_page_and_keeps_the_way_back(client: Client, lena: Person) -> None:
    client.post("/konto/anmelden/code/", {"email": lena.email})
    answer = client.get("/konto/anmelden/", {"next": NEXT})
    assert answer["Location"] == f"/konto/anmelden/code/eingeben/?next={quote(NEXT, safe='')}"
    assert "Anders anmelden" in client.get(answer["Location"]).content.decode()
    client.post("/konto/abmelden/", {"next": "/konto/anmelden/"})
    assert client.get("/konto/anmelden/", {"next": NEXT}).status_code == 200


def test_without_a_place_to_return_to_signing_in_leads_to_mein(client: Client, lena: Person) -> None:
    answer = client.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/mein/")


def test_signing_in_with_a_password_returns_to_the_same_place(client: Client, lena: Person) -> None:
    page = client.get("/konto/anmelden/", {"next": NEXT}).content.decode()
    assert page.count(f'name="next" value="{NEXT}"'.replace("&", "&amp;")) >= 3
    answer = client.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD, "next": NEXT})
    assert (answer.status_code, answer["Location"]) == (302, NEXT)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://boese.example/",
        "//boese.example/mein/",
        "https:boese.example",
        "javascript:alert(1)",
        "\\\\boese.example",
    ],
)
def test_nobody_is_sent_to_another_host(client: Client, lena: Person, elsewhere: str) -> None:
    answer = client.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD, "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/mein/")
    assert client.get("/konto/anmelden/", {"next": elsewhere})["Location"] == "/mein/"
    assert client.post("/konto/abmelden/", {"next": elsewhere})["Location"] == "/"
    client.post("/konto/anmelden/code/", {"email": lena.email, "next": elsewhere})
    answer = client.post("/konto/anmelden/code/eingeben/", {"code": mailed_code(), "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/mein/")


def test_a_wrong_password_is_named_beside_the_form(client: Client, lena: Person) -> None:
    answer = client.post("/konto/anmelden/", {"login": lena.email, "password": "falsch"})
    unknown = Client().post("/konto/anmelden/", {"login": "niemand@example.org", "password": "falsch"})
    for page in (answer.content.decode(), unknown.content.decode()):
        assert "E-Mail-Adresse und Passwort passen nicht zusammen." in page
    assert signed_in_as(client) == ""


def test_a_wrong_code_is_refused_and_after_five_the_code_is_void(client: Client, lena: Person) -> None:
    client.post("/konto/anmelden/code/", {"email": lena.email})
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _attempt in range(4):
        answer = client.post("/konto/anmelden/code/eingeben/", {"code": wrong})
        assert answer.status_code == 200
        assert "Der Code stimmt nicht." in answer.content.decode()
    answer = client.post("/konto/anmelden/code/eingeben/", {"code": wrong}, follow=True)
    assert "zu viele Versuche" in answer.content.decode()
    client.post("/konto/anmelden/code/eingeben/", {"code": code})
    assert signed_in_as(client) == ""


def test_a_code_is_void_after_fifteen_minutes(client: Client, lena: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/konto/anmelden/code/", {"email": lena.email})
    code, sent = mailed_code(), time.time()
    monkeypatch.setattr(time, "time", lambda: sent + 15 * 60 + 5)
    answer = client.post("/konto/anmelden/code/eingeben/", {"code": code, "next": NEXT})
    assert (answer.status_code, answer["Location"]) == (302, f"/konto/anmelden/code/?next={quote(NEXT, safe='')}")
    assert "Dieser Code gilt nicht mehr." in client.get(answer["Location"]).content.decode()
    assert signed_in_as(client) == ""


def test_an_unknown_address_is_answered_like_a_known_one(client: Client, lena: Person) -> None:
    known = client.post("/konto/anmelden/code/", {"email": lena.email}, follow=True)
    unknown = Client().post("/konto/anmelden/code/", {"email": "mena.lustig@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert without_secrets(known.content.decode()).replace(lena.email, "X") == without_secrets(
        unknown.content.decode()
    ).replace("mena.lustig@example.org", "X")
    assert mail.outbox[-1].to == ["mena.lustig@example.org"]
    assert "Kein Konto" in mail.outbox[-1].subject
    assert not re.search(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)


def test_a_forgotten_password_is_replaced_with_a_code(client: Client, lena: Person) -> None:
    client.post("/konto/passwort/vergessen/", {"email": lena.email})
    answer = client.post("/konto/passwort/vergessen/code/", {"code": mailed_code()})
    assert answer["Location"] == "/konto/passwort/vergessen/neu/"
    new = "Killesberg-im-Regen-9"
    answer = client.post(answer["Location"], {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert Client().login(email=lena.email, password=new)
    assert "neu festgelegt" in mail.outbox[-1].subject


def test_a_forgotten_password_of_nobody_is_answered_the_same(client: Client, lena: Person) -> None:
    known = client.post("/konto/passwort/vergessen/", {"email": lena.email}, follow=True)
    unknown = Client().post("/konto/passwort/vergessen/", {"email": "niemand@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.status_code == unknown.status_code == 200


def test_passwords_are_not_guessed_without_end(client: Client, lena: Person) -> None:
    for _attempt in range(5):
        client.post("/konto/anmelden/", {"login": lena.email, "password": "falsch"})
    answer = client.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD})
    assert "zu viele Versuche" in answer.content.decode()
    assert signed_in_as(client) == ""


def test_nobody_is_flooded_with_codes(lena: Person) -> None:
    answers = [Client().post("/konto/anmelden/code/", {"email": lena.email}) for _attempt in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "zu viele Versuche" in answers[-1].content.decode()
    assert len(mail.outbox) == 3


def test_too_many_sign_ups_from_one_address_get_a_page_that_says_so(client: Client) -> None:
    for _attempt in range(20):
        client.post("/konto/anlegen/", {})
    answer = client.post("/konto/anlegen/", {})
    assert answer.status_code == 429
    assert "Zu viele Versuche" in answer.content.decode()


def test_signing_out_asks_first_and_then_ends_the_session(as_lena: Client, lena: Person) -> None:
    assert "Möchten Sie sich abmelden?" in as_lena.get("/konto/abmelden/").content.decode()
    assert signed_in_as(as_lena) == lena.email
    answer = as_lena.post("/konto/abmelden/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in_as(as_lena) == ""


def test_a_session_elsewhere_can_be_ended(as_lena: Client, lena: Person) -> None:
    elsewhere = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"})
    elsewhere.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD})
    page = as_lena.get("/konto/sitzungen/").content.decode()
    assert "Firefox auf Windows" in page
    other = UserSession.objects.get(session_key=elsewhere.session.session_key)
    answer = as_lena.post(f"/konto/sitzungen/{other.pk}/beenden/")
    assert answer.status_code == 302
    assert elsewhere.get("/konto/sicherheit/").status_code == 302
    assert as_lena.get("/konto/sicherheit/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(as_lena: Client, client: Client) -> None:
    del client
    other = Client()
    other.post("/konto/anlegen/", {"email": "o@example.org", "given_name": "O", "family_name": "O"})
    other.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    session = UserSession.objects.get(session_key=other.session.session_key)
    assert as_lena.post(f"/konto/sitzungen/{session.pk}/beenden/").status_code == 404
    assert other.get("/konto/sicherheit/").status_code == 200


def test_a_new_address_counts_only_once_it_is_confirmed(as_lena: Client, lena: Person) -> None:
    as_lena.post("/konto/bestaetigen/", {"password": PASSWORD})
    answer = as_lena.post("/konto/e-mail/", {"email": "Lena.Neu@example.org", "action_add": "1"})
    assert answer["Location"] == "/konto/e-mail/bestaetigen/"
    lena.refresh_from_db()
    assert lena.email == "lena.muster@example.org"
    as_lena.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    lena.refresh_from_db()
    assert lena.email == "lena.neu@example.org"


def test_the_name_can_be_changed(as_lena: Client, lena: Person) -> None:
    refused = as_lena.post("/konto/name/", {"given_name": " ", "family_name": "Neu"})
    assert refused.status_code == 422
    assert as_lena.post("/konto/name/", {"given_name": "Lena", "family_name": "Neu"}).status_code == 302
    lena.refresh_from_db()
    assert lena.get_full_name() == "Lena Neu"


def test_a_closed_account_cannot_sign_in(client: Client, lena: Person) -> None:
    Person.objects.filter(pk=lena.pk).update(is_active=False)
    answer = client.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD}, follow=True)
    assert "Ihr Konto ist gesperrt" in answer.content.decode()
    assert signed_in_as(client) == ""
    guessed = Client().post("/konto/anmelden/", {"login": lena.email, "password": "falsch"})
    assert "gesperrt" not in guessed.content.decode()


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_a_mail_server_that_is_away_is_named_and_nothing_is_half_written(client: Client) -> None:
    form = {"email": "neu@example.org", "given_name": "N", "family_name": "N"}
    answer = client.post("/konto/anlegen/", form)
    assert answer.status_code == 503
    assert "Die E-Mail ließ sich gerade nicht senden." in answer.content.decode()
    assert not Person.objects.filter(email="neu@example.org").exists()
