"""One person with a canary in every place that keeps something about people, and a portal folder of their own."""

import itertools
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache

from stadtportal.areas.courses import api as courses
from stadtportal.areas.demo.models import OutgoingMail
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import Actor, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.models import AccessEvent
from tests.courses.conftest import new_actor, offer_course

NOW = datetime.now(UTC).replace(microsecond=0)
CANARY = "zwitscherkanari"
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def portal_data(tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 -- pytest-django's fixture.
    """A data folder for archives and the journal."""
    settings.PORTAL_DATA = tmp_path / "portal"
    return tmp_path / "portal"


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:  # noqa: ARG001 -- the cache is a table.
    cache.clear()


@dataclass(frozen=True)
class Bird:
    """The person with the canaries, the clerk who looked, and the course booked."""

    actor: Actor
    clerk: Actor
    offered: Any
    reference: str

    @property
    def id(self) -> Any:  # noqa: ANN401 -- never None here.
        """Return the person's id."""
        assert self.actor.person_id is not None
        return self.actor.person_id


def make_bird(*, now: datetime = NOW, first_at: datetime | None = None) -> Bird:
    """Make a person of whom every place knows something that holds the canary."""
    number = next(_numbers)
    email = f"{CANARY}.{number}@example.org"
    person = people.create_person(
        email=email,
        given_name=CANARY.title(),
        family_name=f"{CANARY}-{number}",
        password="Neckar-und-Weinberg-7",  # noqa: S106 -- of a person who exists in tests only.
        email_verified=True,
    )
    actor = Actor(person_id=person.id, shown_as=person.name)
    EmailAddress.objects.create(user_id=person.id, email=f"zweite.{email}", verified=True)
    Authenticator.objects.create(user_id=person.id, type="webauthn", data={"name": f"Schlüssel {CANARY}"})
    session = SessionStore()
    session["_auth_user_id"] = str(person.id)
    session.save()
    UserSession.objects.create(
        user_id=person.id, ip="192.0.2.1", session_key=session.session_key, user_agent=f"Firefox {CANARY}"
    )
    half_open = SessionStore()
    half_open["account_login"] = {"email": email}
    half_open.save()
    offered = offer_course(now=now - timedelta(days=1), first_at=first_at or now + timedelta(days=3))
    booked = courses.book(actor=actor, order=offered.order(), now=now - timedelta(minutes=1))
    inbox.send(person_id=person.id, subject=f"Für {CANARY}", body=f"Liebe {CANARY}", now=now)
    OutgoingMail.objects.create(sender="p@example.org", recipients=email, subject="A", text=CANARY, source=b"x")
    clerk = new_actor()
    with trust.reading(actor=clerk, purpose=f"Prüfen {CANARY}", legal_basis="Art. 6", fields=("Name",)):
        from stadtportal.areas.courses.models import Booking

        list(Booking.objects.filter(person_id=person.id))
    return Bird(actor, clerk, offered, booked.reference)


@pytest.fixture
def bird(db: None) -> Bird:  # noqa: ARG001 -- people are rows.
    return make_bird()


@pytest.fixture
def studio_staff(bird: Bird) -> Actor:
    """Somebody who works for the provider of the bird's course."""
    assert bird.reference
    staff = new_actor()
    assert staff.person_id is not None
    people.grant_role(
        person_id=staff.person_id, role=Role.PROVIDER_STAFF, organisation_id=city.get_organisation("studio").id
    )
    return staff


def unzip(path: Path) -> dict[str, Any]:
    """Return the archive's files by name, JSON read."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {
            name: json.loads(archive.read(name)) if name.endswith(".json") else archive.read(name)
            for name in archive.namelist()
        }


def looks(subject: Actor) -> int:
    return AccessEvent.objects.filter(subject_id=subject.person_id).count()
