"""People to sign in, and a catalogue that is compiled."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import Client

from stadtportal.kernel.contracts import Role
from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from tools.compile_catalogues import compile_catalogues

PASSWORD = "Neckar-und-Weinberg-7"  # noqa: S105 -- of a person who exists in tests only.


@pytest.fixture(scope="session", autouse=True)
def _catalogue() -> None:
    compile_catalogues()


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:  # noqa: ARG001 -- the cache is a table.
    cache.clear()


@pytest.fixture
def lena() -> Person:
    """Somebody with an account, a confirmed address and a password."""
    made = people.create_person(
        email="Lena.Muster@example.org",
        given_name="Lena",
        family_name="Muster",
        password=PASSWORD,
        email_verified=True,
    )
    return Person.objects.get(pk=made.id)


@pytest.fixture
def as_lena(lena: Person) -> Client:
    """A browser in which Lena has signed in with her password."""
    browser = Client()
    answer = browser.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:  # noqa: ARG001 -- the server's threads see what is committed.
    """A server that serves the built assets as the portal's own does; Django's live server would not."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        pytest.skip("needs the built assets")
    server = ThreadedWSGIServer(("localhost", 0), WSGIRequestHandler)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def mailed_code() -> str:
    """Return the six digits of the newest mail."""
    found = re.search(r"^(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def signed_in_as(browser: Client) -> str:
    """Return whose account the browser is in, or nothing."""
    person_id = browser.session.get("_auth_user_id")
    return Person.objects.get(pk=person_id).email if person_id else ""


FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}


def sign_in(browser: Client, person: Person, password: str = PASSWORD) -> None:
    assert browser.post("/konto/anmelden/", {"login": person.email, "password": password}).status_code == 302


def notices(person: Person) -> list[Message]:
    with trust.system("tests read"):
        return list(Message.objects.filter(person=person).order_by("id"))


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/konto/\S+)", text)
    assert found, text
    return found[1]


def the_clerk() -> Person:
    made = people.create_person(
        email="amt-neu@example.org", given_name="Alex", family_name="Amt", password=PASSWORD, email_verified=True
    )
    people.grant_role(person_id=made.id, role=Role.CASE_WORKER)
    return Person.objects.get(pk=made.id)
