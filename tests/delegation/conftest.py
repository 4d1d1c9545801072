"""People who let each other act, at one moment."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from stadtportal.kernel.contracts import Actor, Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from tests.staff import give_second_step

_numbers = itertools.count(1)
NewPerson = Callable[[str], Actor]


def address(actor: Actor) -> str:
    assert actor.person_id is not None
    return people.get_person(actor.person_id).email


def new_person(given_name: str, *, role: Role | None = None) -> Actor:
    """Open an account with a confirmed address; with a role for staff."""
    person = people.create_person(
        email=f"{given_name.lower()}{next(_numbers)}@example.org",
        given_name=given_name,
        family_name="Muster",
        email_verified=True,
    )
    if role:
        people.grant_role(person_id=person.id, role=role)
        give_second_step(person.id)
    return people.actor_for(person.id)


def account_of(actor: Actor) -> Person:
    """Return the account behind an actor."""
    assert actor.person_id is not None
    return Person.objects.get(pk=actor.person_id)


def browser(actor: Actor, *, checks_forms: bool = False) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client(headers={"accept": "text/html"}, enforce_csrf_checks=checks_forms)
    client.force_login(account_of(actor))
    return client


def acting(actor: Actor, delegation_id: int) -> Client:
    """Return a browser in which this person has chosen to act by a delegation."""
    client = browser(actor)
    assert client.post(f"/mein/vertretung/{delegation_id}/handeln/").status_code == 302
    return client


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:  # noqa: ARG001 -- the cache is a table.
    cache.clear()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def today(now: datetime) -> date:
    return timezone.localdate(now)


@pytest.fixture
def later(today: date) -> date:
    return today + timedelta(days=90)


@pytest.fixture
def lena(db: None) -> Actor:  # noqa: ARG001 -- people are rows.
    return new_person("Lena")


@pytest.fixture
def tim(db: None) -> Actor:  # noqa: ARG001 -- as above.
    return new_person("Tim")


@pytest.fixture
def clerk(db: None) -> Actor:  # noqa: ARG001 -- as above.
    return new_person("Alex", role=Role.CASE_WORKER)


Grant = Callable[..., int]


@pytest.fixture
def grant(today: date, later: date, now: datetime) -> Grant:
    """Let one person act for another, both having agreed; ``scope`` and ``last_day`` as asked."""

    def agree(principal: Actor, agent: Actor, scope: people.Scope | None = None, last_day: date | None = None) -> int:
        number = people.invite(
            actor=principal,
            email=address(agent),
            scope=scope or people.Scope(),
            last_day=last_day or later,
            today=today,
            now=now,
        )
        people.accept(actor=agent, delegation_id=number, now=now)
        return number

    return agree


@pytest.fixture
def child(lena: Actor, today: date, now: datetime) -> int:
    """Lena's child Mika, who is nine."""
    return people.add_child(
        actor=lena,
        given_name="Mika",
        family_name="Muster",
        birth_date=today.replace(year=today.year - 9, month=1, day=1),
        today=today,
        now=now,
        example=False,
    )


@pytest.fixture
def club(lena: Actor, clerk: Actor, today: date, later: date, now: datetime) -> int:
    """A club that Lena represents, as the city has checked."""
    number = people.request_organisation(
        actor=lena, name="Turnverein Muster e. V.", register_entry="AG Stuttgart, VR 1234", today=today, now=now
    )
    people.confirm(
        actor=clerk,
        delegation_id=number,
        evidence="Registerauszug VR 1234 vom 3.5.2026",
        last_day=later,
        today=today,
        now=now,
    )
    return number
