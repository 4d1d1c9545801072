"""Reads about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import Actor, AssuranceLevel, Grant, NotFound, Role
from stadtportal.kernel.people.models import AddressChange, KnownDevice, Person, StaffRole
from stadtportal.kernel.people.rules import UNDO_FOR, clean_email, sealed_names
from stadtportal.kernel.trust import api as trust

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


def list_second_step_keys() -> frozenset[str]:
    """Return the ids of the keys that secrets of second steps are sealed with."""
    return frozenset(
        trust.key_id_of(text)
        for kept in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator()
        for name in sealed_names(kept.data)
        for text in ([kept.data[name]] if isinstance(kept.data[name], str) else kept.data[name])
    )


def has_second_step(person_id: UUID) -> bool:
    """Tell whether somebody has a passkey or an app for one-time codes."""
    kinds = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
    return bool(Authenticator.objects.filter(user_id=person_id, type__in=kinds).exists())


def get_change(change_id: int, *, now: datetime) -> AddressChange:
    """Return a change of address that can still be undone. Raises ``NotFound``."""
    change = AddressChange.objects.filter(pk=change_id, undone_at=None).first()
    if change is None or now - change.changed_at > UNDO_FOR:
        raise NotFound(_("Diese Änderung lässt sich nicht mehr rückgängig machen."))
    return change


def find_device(device_id: int) -> KnownDevice | None:
    """Return the device with that id, if it is still known."""
    return KnownDevice.objects.filter(pk=device_id).first()


def is_known_device(*, mark: str) -> bool:
    """Tell whether somebody has signed in with this browser before."""
    return KnownDevice.objects.filter(mark=mark).exists()


def get_actor(person: Person, *, level: AssuranceLevel = AssuranceLevel.BASIC) -> Actor:
    """Return a person already loaded as somebody acting; one query for the roles, one more for staff.

    Example people of the demo sign in by one click and are spared the second step; outside demo mode nobody is.
    """
    grants = list_grants(person.pk)
    spared = person.example and settings.DEMO_MODE
    return Actor(
        person_id=person.pk,
        shown_as=person.get_full_name(),
        level=level,
        grants=grants,
        second_step_due=bool(grants) and not spared and not has_second_step(person.pk),
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
