"""Writes about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import Erased, NotFound, Role
from stadtportal.kernel.people.models import Person, StaffRole
from stadtportal.kernel.people.rules import AddressTaken, clean_email, clean_name

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


def create_person(
    *,
    email: str,
    given_name: str,
    family_name: str,
    password: str | None = None,
    email_verified: bool = False,
    example: bool = False,
) -> Person:
    """Open an account. Without ``password`` the person signs in by code or passkey.

    Raises ``AddressTaken`` when the address already has an account.
    """
    person = Person(
        email=clean_email(email),
        given_name=clean_name(given_name),
        family_name=clean_name(family_name),
        example=example,
    )
    person.set_password(password)  # Without a password this stores one that never matches.
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=email_verified)
    except IntegrityError as error:
        raise AddressTaken(_("Mit dieser E-Mail-Adresse gibt es bereits ein Konto."), field="email") from error
    return person


@transaction.atomic
def rename_person(*, person_id: UUID, given_name: str, family_name: str) -> None:
    """Change a person's name."""
    Person.objects.filter(pk=person_id).update(given_name=clean_name(given_name), family_name=clean_name(family_name))


@transaction.atomic
def end_session(*, person_id: UUID, session_id: int) -> None:
    """Sign a person out of one browser. Raises ``NotFound`` when the session is not theirs or has ended."""
    session = UserSession.objects.filter(pk=session_id, user_id=person_id).first()
    if session is None:
        raise NotFound(_("Diese Sitzung gibt es nicht mehr."))
    session.end()


@transaction.atomic
def grant_role(*, person_id: UUID, role: Role, organisation_id: int | None = None) -> None:
    """Give a role; giving it again changes nothing. Everybody is a resident, so that role cannot be given."""
    if role is Role.RESIDENT:
        message = "everybody signed in is a resident"
        raise ValueError(message)
    if not Person.objects.filter(pk=person_id).exists():
        raise NotFound(_("Diese Person gibt es nicht."))
    held: dict[str, Any] = {"person_id": person_id, "role": role.value, "organisation_id": organisation_id}
    StaffRole.objects.get_or_create(**held)


@transaction.atomic
def withdraw_role(*, person_id: UUID, role: Role, organisation_id: int | None = None) -> bool:
    """Take a role away. Returns whether the person held it."""
    held: dict[str, Any] = {"person_id": person_id, "role": role.value, "organisation_id": organisation_id}
    gone, _rows = StaffRole.objects.filter(**held).delete()
    return gone > 0


def erase_sessions(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Sign the person out everywhere: known sessions, and any other that holds the account or one of its addresses.

    A sign-in that was begun and never finished keeps the address in its session too; so all of them are looked into.
    """
    known = UserSession.objects.filter(user_id=person_id)
    keys = set(known.values_list("session_key", flat=True))
    marks = {str(person_id)} | set(EmailAddress.objects.filter(user_id=person_id).values_list("email", flat=True))
    for session in Session.objects.iterator(chunk_size=1000):
        content = str(session.get_decoded()).lower()
        if any(mark.lower() in content for mark in marks):
            keys.add(session.session_key)
    Session.objects.filter(session_key__in=keys).delete()
    return Erased(known.delete()[0])


def expire_sessions(_before: datetime, *, now: datetime) -> int:
    """Erase sessions that have ended, and what was noted about them."""
    rows = Session.objects.filter(expire_date__lte=now).delete()[0]
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return rows + ended.delete()[0]


def erase_authenticators(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase passkeys, the authenticator app and recovery codes."""
    return Erased(Authenticator.objects.filter(user_id=person_id).delete()[0])


def erase_roles(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase the roles the person holds."""
    return Erased(StaffRole.objects.filter(person_id=person_id).delete()[0])


def erase_account(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase the account itself, last of all: whatever still hangs on it goes too, or the database refuses."""
    return Erased(Person.objects.filter(pk=person_id).delete()[0])
