"""One-click sign-in, the banner, and the outbox; none of it without the demo."""

import os
import subprocess
import sys
from email.message import EmailMessage as RawMessage

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stadtportal.areas.demo import actions
from stadtportal.areas.demo.models import OutgoingMail
from stadtportal.areas.demo.rules import KEPT_MAILS
from stadtportal.kernel.people import api as people

pytestmark = pytest.mark.django_db
BACKEND = "stadtportal.areas.demo.adapters.OutboxBackend"


@pytest.fixture
def lena(db: None) -> people.PersonView:  # noqa: ARG001 -- people are rows.
    return people.create_person(
        email="lena@example.org", given_name="Lena", family_name="Beispiel", email_verified=True, example=True
    )


def send(subject: str = "Betreff", *, text: str = "Hallo\n\nIhr Code", attachments: int = 0) -> OutgoingMail:
    message = EmailMessage(subject, text, "portal@example.org", ["a@example.org"], connection=get_connection(BACKEND))
    for number in range(attachments):
        message.attach(f"Bestätigung {number}.pdf", b"%PDF-1.7 " + bytes([number]), "application/pdf")
    assert message.send() == 1
    return OutgoingMail.objects.latest("pk")


def test_every_page_says_that_this_is_a_demo(client: Client) -> None:
    page = client.get("/konto/anmelden/").content.decode()
    assert "Personen und Anbieter sind erfunden, E-Mails verlassen dieses Gerät nicht." in page


def test_example_people_sign_in_by_one_click_and_return_to_the_same_place(
    client: Client, lena: people.PersonView
) -> None:
    page = client.get("/konto/anmelden/?next=/mein/postfach/").content.decode()
    assert "Als Lena Beispiel anmelden" in page
    assert page.count('<input type="hidden" name="next" value="/mein/postfach/">') >= 1
    answer = client.post("/demo/anmelden/", {"person": "lena@example.org", "next": "/mein/postfach/"})
    assert (answer.status_code, answer["Location"]) == (302, "/mein/postfach/")
    assert client.session["_auth_user_id"] == str(lena.id)
    assert "dieses Gerät" in client.get("/konto/sitzungen/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://boese.example/", "//boese.example", "javascript:alert(1)", ""])
def test_one_click_leads_to_no_other_host(client: Client, lena: people.PersonView, elsewhere: str) -> None:
    answer = client.post("/demo/anmelden/", {"person": lena.email, "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/mein/")


def test_one_click_signs_in_nobody_but_the_listed_examples(client: Client) -> None:
    people.create_person(email="studio@example.org", given_name="Echt", family_name="Person", email_verified=True)
    people.create_person(email="p01@example.org", given_name="Mara", family_name="Muster", example=True)
    for email in ("studio@example.org", "p01@example.org", "niemand@example.org", ""):
        assert client.post("/demo/anmelden/", {"person": email}).status_code == 403
        assert "_auth_user_id" not in client.session


def test_one_click_needs_the_form_of_this_portal(lena: people.PersonView) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo/anmelden/", {"person": lena.email}).status_code == 403
    assert Client().get("/demo/anmelden/").status_code == 405


def test_mails_are_read_in_the_outbox_newest_first(client: Client) -> None:
    send("Erste", text="Siehe http://localhost:8000/mein/ und <b>fett</b>")
    newest = send("Zweite", attachments=2)
    page = client.get("/demo/postausgang/").content.decode()
    assert page.index("Zweite") < page.index("Erste")
    assert "Erste" in client.get("/demo/postausgang/?seite=99").content.decode()
    mail = client.get(f"/demo/postausgang/{newest.pk}/").content.decode()
    assert "Bestätigung 0.pdf" in mail
    file = client.get(f"/demo/postausgang/{newest.pk}/anhang/2/")
    assert file.content == b"%PDF-1.7 \x01"
    assert file["Content-Disposition"].startswith("attachment;")
    first = client.get(f"/demo/postausgang/{newest.pk - 1}/").content.decode()
    assert '<a href="http://localhost:8000/mein/"' in first
    assert "<b>fett</b>" not in first


def test_the_outbox_asks_as_often_for_three_mails_as_for_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    send("Erste")
    client.get("/demo/postausgang/")
    with django_assert_num_queries(2):
        client.get("/demo/postausgang/")
    send("Zweite")
    send("Dritte")
    with django_assert_num_queries(2):
        page = client.get("/demo/postausgang/").content.decode()
    assert [word in page for word in ("Erste", "Zweite", "Dritte")] == [True] * 3


def test_a_long_outbox_comes_in_pages(client: Client) -> None:
    for number in range(45):
        send(f"Nachricht {number}.")
    pages = [client.get("/demo/postausgang/", {"seite": seite}).content.decode() for seite in (1, 2, 3)]
    assert [page.count("Nachricht ") for page in pages] == [20, 20, 5]
    assert "Nachricht 44." in pages[0]
    assert "Nachricht 0." in pages[2]


def test_what_is_not_there_is_answered_with_404(client: Client) -> None:
    mail = send()
    for path in (f"{mail.pk + 1}/", f"{mail.pk}/anhang/0/", f"{mail.pk}/anhang/1/"):
        assert client.get(f"/demo/postausgang/{path}").status_code == 404


def test_an_attached_page_is_never_shown_in_our_origin(client: Client) -> None:
    raw = RawMessage()
    raw.set_content("x")
    raw.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename='"; x="y.html')
    pk = actions.keep_mail(sender="a@b", recipients=["c@d"], subject="s", text="x", source=raw.as_bytes())
    answer = client.get(f"/demo/postausgang/{pk}/anhang/1/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "nosniff" in answer["X-Content-Type-Options"]


def test_the_outbox_keeps_the_last_five_hundred() -> None:
    pks = [
        actions.keep_mail(sender="a@b", recipients=["c@d"], subject=str(number), text="x", source=b"x")
        for number in range(KEPT_MAILS + 5)
    ]
    assert list(OutgoingMail.objects.values_list("pk", flat=True)) == pks[: -KEPT_MAILS - 1 : -1]


WITHOUT_DEMO = """
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from stadtportal.kernel.contracts import registry
assert not settings.DEMO_MODE
assert not apps.is_installed("stadtportal.areas.demo")
assert "demo" not in settings.EMAIL_BACKEND, settings.EMAIL_BACKEND
for path in ("/demo/anmelden/", "/demo/postausgang/"):
    try:
        resolve(path)
    except Resolver404:
        continue
    raise AssertionError(path)
assert registry.frame_slots("sign-in") == ()
assert not [slot for slot in registry.frame_slots("banner") if slot.template.startswith("demo/")]
assert "demo" not in {area.slug for area in registry.areas()}
print("nothing of the demo is there")
"""


@pytest.mark.parametrize("areas", ["", "portal,directory,courses"])
def test_without_the_demo_nothing_of_it_exists(areas: str) -> None:
    environment = {**os.environ, "ENABLED_AREAS": areas, "EMAIL_URL": "", "ALLOWED_HOSTS": ""}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DEMO], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip() == "nothing of the demo is there", done.stderr[-2000:]
