"""Reads about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import Actor, AssuranceLevel, Grant, NotFound, Role
from stadtportal.kernel.people.models import Person, StaffRole
from stadtportal.kernel.people.rules import clean_email

if TYPE_CHECKING:
    from uuid import UUID


def get_person(actor: Actor) -> Person:
    """Return the person who is acting. Raises ``NotFound`` for visitors."""
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotFound(_("Diese Person gibt es nicht."))
    return person


def find_person(*, person_id: UUID) -> Person | None:
    """Return the person with that id, if there is one."""
    return Person.objects.filter(pk=person_id).first()


def find_person_by_email(email: str) -> Person | None:
    """Return the person with that address, however it is capitalised."""
    return Person.objects.filter(email=clean_email(email)).first()


def list_people(person_ids: frozenset[UUID]) -> list[Person]:
    """Return those people that exist, by family name, then given name."""
    return list(Person.objects.filter(pk__in=person_ids).order_by("family_name", "given_name", "pk"))


def list_grants(person_id: UUID) -> frozenset[Grant]:
    """Return the roles of one person; one query."""
    rows = StaffRole.objects.filter(person_id=person_id).values_list("role", "organisation_id")
    return frozenset(Grant(Role(role), organisation_id) for role, organisation_id in rows)


def get_actor(person: Person, *, level: AssuranceLevel = AssuranceLevel.BASIC) -> Actor:
    """Return a person already loaded as somebody acting; one query for the roles."""
    return Actor(
        person_id=person.pk,
        shown_as=person.get_full_name(),
        level=level,
        grants=list_grants(person.pk),
    )
