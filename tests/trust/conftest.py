"""People with an account, and an organisation that may receive something."""

import itertools
from collections.abc import Callable

import pytest

from stadtportal.kernel.contracts import Actor, AssuranceLevel
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust

_numbers = itertools.count(1)
STUDIO = trust.Receiver(id=7, name="Studio am Park", address="Parkweg 3, 70173 Stuttgart", contact="hallo@example.org")
CLUB = trust.Receiver(id=8, name="Turnverein")
CONTACT = trust.Purpose("course_contact", "Sie vor dem Kurs erreichen", "3 Jahre nach dem letzten Termin")


@pytest.fixture
def make_person(db: None) -> Callable[[], Actor]:  # noqa: ARG001 -- people are rows.
    """Return a function that opens an account."""

    def make() -> Actor:
        number = next(_numbers)
        person = people.create_person(email=f"trust{number}@example.org", given_name="Lena", family_name=f"Nr{number}")
        return Actor(person_id=person.id, shown_as=person.name, level=AssuranceLevel.BASIC)

    return make


@pytest.fixture
def lena(make_person: Callable[[], Actor]) -> Actor:
    """Somebody with an account."""
    return make_person()
