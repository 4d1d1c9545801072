"""Reads about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import Actor, AssuranceLevel, Grant, NotFound, Role
from stadtportal.kernel.people.models import Person, StaffRole
from stadtportal.kernel.people.rules import clean_email

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
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


def get_actor(person: Person) -> Actor:
    """Return a person already loaded as somebody acting; one query for the roles."""
    return Actor(
        person_id=person.pk,
        shown_as=person.get_full_name(),
        level=AssuranceLevel.BASIC,
        grants=list_grants(person.pk),
    )


def export_account(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the account with its addresses; a password only as whether there is one."""
    for person in Person.objects.filter(pk=person_id):
        yield {
            "id": str(person.pk),
            "email": person.email,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "has_password": person.has_usable_password(),
            "last_login": person.last_login.isoformat() if person.last_login else None,
            "is_active": person.is_active,
            "created_at": person.created_at.isoformat(),
            "addresses": [
                {"email": address.email, "verified": address.verified, "primary": address.primary}
                for address in EmailAddress.objects.filter(user_id=person_id).order_by("pk")
            ],
        }


def export_authenticators(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the means of signing in; never their secrets, with which anybody who finds the file could sign in."""
    for means in Authenticator.objects.filter(user_id=person_id).order_by("pk"):
        yield {
            "type": str(means.type),
            "name": str(means.data.get("name", "")),
            "created_at": means.created_at.isoformat(),
            "last_used_at": means.last_used_at.isoformat() if means.last_used_at else None,
        }


def export_sessions(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield where the person is signed in; never the keys of the sessions."""
    for session in UserSession.objects.filter(user_id=person_id).order_by("pk"):
        yield {
            "created_at": session.created_at.isoformat(),
            "last_seen_at": session.last_seen_at.isoformat(),
            "ip": str(session.ip),
            "browser": session.user_agent,
        }


def oldest_session(person_id: UUID) -> datetime | None:
    """Return when the session that has been idle longest was last used."""
    session = UserSession.objects.filter(user_id=person_id).order_by("last_seen_at").first()
    return session.last_seen_at if session else None


def export_roles(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the roles the person holds."""
    for held in StaffRole.objects.filter(person_id=person_id).select_related("organisation").order_by("pk"):
        yield {
            "role": held.get_role_display(),
            "organisation": held.organisation.name if held.organisation else "",
            "created_at": held.created_at.isoformat(),
        }


def list_staff(organisation_id: int) -> list[UUID]:
    """Return who works for an organisation."""
    held = StaffRole.objects.filter(role=Role.PROVIDER_STAFF.value, organisation_id=organisation_id)
    return list(held.order_by("pk").values_list("person_id", flat=True))
