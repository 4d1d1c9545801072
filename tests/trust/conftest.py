"""People whose data is looked at, a log with its own key, and organisations that may receive something."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from stadtportal.kernel.contracts import Actor, AssuranceLevel, Grant, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust

STUDIO = trust.Receiver(id=7, name="Studio am Park", address="Parkweg 3, 70173 Stuttgart", contact="hallo@example.org")
CLUB = trust.Receiver(id=8, name="Turnverein")
CONTACT = trust.Purpose("course_contact", "Sie vor dem Kurs erreichen", "3 Jahre nach dem letzten Termin")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log_key(settings: Settings, tmp_path: Path) -> Path:
    settings.LOG_KEY_FILE = tmp_path / "log_key"
    return tmp_path / "log_key"


@pytest.fixture
def make_person(db: None) -> Callable[[], Actor]:  # noqa: ARG001 -- people are rows.
    numbers = itertools.count(1)

    def make() -> Actor:
        number = next(numbers)
        person = people.create_person(
            email=f"person{number}@example.org", given_name=f"Person{number}", family_name="Muster"
        )
        inbox.send(person_id=person.id, subject="Ihre Buchung", body="Text", now=NOW)
        return Actor(person_id=person.id, shown_as=f"Person{number} Muster", level=AssuranceLevel.BASIC)

    return make


@pytest.fixture
def clerk(db: None) -> Actor:  # noqa: ARG001 -- people are rows.
    person = people.create_person(email="amt@example.org", given_name="Alex", family_name="Amt")
    return Actor(person_id=person.id, shown_as="Alex Amt", grants=frozenset({Grant(Role.CASE_WORKER)}))


def look(clerk: Actor, *seen: Actor, purpose: str = "Anruf beantworten", reason: str = "") -> None:
    """Let the clerk read the messages of these people."""
    with trust.reading(
        actor=clerk, purpose=purpose, legal_basis="Art. 6 Abs. 1 b DSGVO", fields=("Betreff",), reason=reason
    ):
        assert list(Message.objects.filter(person_id__in=[one.person_id for one in seen]))


@pytest.fixture
def lena(make_person: Callable[[], Actor]) -> Actor:
    """Somebody with an account."""
    return make_person()
