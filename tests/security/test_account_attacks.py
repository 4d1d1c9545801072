"""Forged hosts, mails with lines of somebody else's, and links that would lead away."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust

pytestmark = pytest.mark.django_db
PASSWORD = "Neckar-und-Weinberg-7"  # noqa: S105 -- of a person who exists in tests only.


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:  # noqa: ARG001 -- the cache is a table.
    cache.clear()


@pytest.fixture
def lena() -> Person:
    made = people.create_person(
        email="lena@example.org", given_name="Lena", family_name="M", password=PASSWORD, email_verified=True
    )
    return Person.objects.get(pk=made.id)


@pytest.mark.parametrize(
    "host", ["boese.example", "testserver.boese.example", "boese.example:80", "testserver@boese", ""]
)
def test_a_host_that_is_not_ours_is_refused(lena: Person, host: str) -> None:
    client = Client(HTTP_HOST=host)
    assert client.get("/konto/anmelden/").status_code == 400
    assert client.post("/konto/anmelden/code/", {"email": lena.email}).status_code == 400
    assert mail.outbox == []


def test_links_in_mails_lead_to_the_portal_whatever_host_a_request_names(lena: Person) -> None:
    Client(headers={"X-Forwarded-Host": "boese.example", "Forwarded": "host=boese.example"}).post(
        "/konto/anmelden/", {"login": lena.email, "password": PASSWORD}
    )
    Client(headers={"X-Forwarded-Host": "boese.example"}).post(
        "/konto/anmelden/code/", {"email": "niemand@example.org"}
    )
    with trust.system("tests read"):
        notice = Message.objects.get(person=lena)
    assert "http://localhost" in notice.body
    for text in (notice.body, *(str(message.body) for message in mail.outbox)):
        assert "boese" not in text


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "%0d%0a", "\u2028", "\x0b", "\x85"])
@pytest.mark.parametrize("page", ["/konto/anmelden/code/", "/konto/passwort/vergessen/", "/konto/anlegen/"])
def test_an_address_adds_no_line_to_a_mail(page: str, line_break: str) -> None:
    forged = f"a@example.org{line_break}Bcc: opfer@example.org"
    answer = Client().post(page, {"email": forged, "given_name": "A", "family_name": "B"})
    assert answer.status_code == 200  # The form again, with a word beside the field.
    assert mail.outbox == []


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_a_name_adds_no_line_to_a_mail(line_break: str) -> None:
    client = Client()
    name = f"A{line_break}Bcc: opfer@example.org"
    client.post("/konto/anlegen/", {"email": "neu@example.org", "given_name": name, "family_name": name})
    for message in mail.outbox:
        raw = message.message()
        assert raw["Bcc"] is None
        assert message.recipients() == ["neu@example.org"]
    assert "\n" not in Person.objects.get(email="neu@example.org").get_full_name()


def test_a_browsers_name_adds_no_line_to_the_notice_of_a_sign_in(lena: Person) -> None:
    Client(headers={"User-Agent": "Firefox/1\r\nBcc: opfer@example.org\r\n\r\nKlicken Sie hier"}).post(
        "/konto/anmelden/", {"login": lena.email, "password": PASSWORD}
    )
    with trust.system("tests read"):
        body = Message.objects.get(person=lena).body
    assert "Womit: Firefox\n" in body
    assert "opfer" not in body
