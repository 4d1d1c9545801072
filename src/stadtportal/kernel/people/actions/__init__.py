"""Writes about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import Erased, NotFound, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people.models import AddressChange, KnownDevice, Person, StaffRole
from stadtportal.kernel.people.rules import (
    DEVICE_IN_SESSION,
    DEVICE_KEPT,
    SECOND_STEP,
    UNDO_FOR,
    AddressTaken,
    clean_email,
    clean_name,
    sealed_names,
)
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import berlin_datetime

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


def reseal_second_steps(current: str) -> tuple[int, int]:
    """Seal the secrets of second steps with the current key; return how many were sealed and how many stay closed."""
    done = broken = 0
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True):
        with transaction.atomic():
            kept = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if kept is None:
                continue
            try:
                changed = _reseal(kept.data, current)
            except trust.SealingError:
                broken += 1
                continue
            if changed:
                kept.save(update_fields=["data"])
            done += changed
    return done, broken


def _reseal(data: dict[str, Any], current: str) -> int:
    """Seal what is sealed with another key; return how many texts that were. Raises ``trust.SealingError``."""
    changed = 0

    def anew(text: str) -> str:
        nonlocal changed
        if trust.key_id_of(text) == current:
            return text
        changed += 1
        return trust.seal(trust.unseal(text, purpose=SECOND_STEP), purpose=SECOND_STEP)

    for name in sealed_names(data):
        held = data[name]
        data[name] = anew(held) if isinstance(held, str) else [anew(text) for text in held]
    return changed


@transaction.atomic
def remember_device(*, person_id: UUID, mark: str, browser: str, now: datetime) -> tuple[int, bool]:
    """Note a sign-in with this browser. Return the device's id and whether it is new for this person."""
    device, is_new = KnownDevice.objects.get_or_create(
        person_id=person_id,
        mark=mark,
        defaults={"browser": browser, "first_seen_at": now, "last_seen_at": now},
    )
    if not is_new:
        device.browser, device.last_seen_at = browser, now
        device.save(update_fields=["browser", "last_seen_at"])
    return device.pk, is_new


@transaction.atomic
def tell_sign_in(*, person_id: UUID, browser: str, address: str, report_url: str, now: datetime) -> None:
    """Tell somebody, in the inbox and by mail, that their account was opened in a browser not seen before."""
    inbox.send(
        person_id=person_id,
        subject=_("Anmeldung mit einem neuen Gerät"),
        body=_(
            "In Ihrem Konto hat sich jemand mit einem Gerät angemeldet, das wir nicht kennen.\n\n"
            "Wann: %(when)s\nWomit: %(browser)s\nVon welcher Adresse: %(address)s\n\n"
            "Waren Sie das? Dann ist alles gut.\n\n"
            "Waren Sie das nicht? Beenden Sie diese Sitzung hier:\n%(url)s"
        )
        % {"when": berlin_datetime(now), "browser": browser, "address": address, "url": report_url},
        now=now,
    )


@transaction.atomic
def end_reported(*, device_id: int) -> int:
    """End all sessions of a browser its person does not know, and forget it. Return how many ended.

    Sessions carry the device, so they are found even if their keys changed meanwhile, as with a new password.
    """
    device = KnownDevice.objects.select_for_update().filter(pk=device_id).first()
    if device is None:
        return 0
    ended = 0
    for session in UserSession.objects.filter(user_id=device.person_id):
        if SessionStore(session.session_key).get(DEVICE_IN_SESSION) == device.pk:
            session.end()
            ended += 1
    device.delete()
    return ended


@transaction.atomic
def note_address_change(*, person_id: UUID, old_email: str, new_email: str, now: datetime) -> int:
    """Keep what undoing a change of the address needs; return its id."""
    change = AddressChange.objects.create(
        person_id=person_id, old_email=clean_email(old_email), new_email=clean_email(new_email), changed_at=now
    )
    return change.pk


@transaction.atomic
def undo_address_change(*, change_id: int, now: datetime) -> None:
    """Give an account back to its old address.

    Ends all sessions, voids the password, and takes away passkeys, apps and devices that came with or after the change:
    whoever changed the address may have added them. Raises ``NotFound`` when it was undone or has expired, and
    ``AddressTaken`` when somebody else holds the old address by now.
    """
    change = AddressChange.objects.select_for_update().filter(pk=change_id, undone_at=None).first()
    if change is None or now - change.changed_at > UNDO_FOR:
        raise NotFound(_("Diese Änderung lässt sich nicht mehr rückgängig machen."))
    person = Person.objects.select_for_update().get(pk=change.person_id)
    person.email = change.old_email
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save(update_fields=["email", "password"])
            EmailAddress.objects.filter(user=person).delete()
            EmailAddress.objects.create(user=person, email=change.old_email, primary=True, verified=True)
    except IntegrityError as error:
        raise AddressTaken(
            _("Mit Ihrer alten Adresse gibt es inzwischen ein anderes Konto. Wir helfen unter 115.")
        ) from error
    for session in UserSession.objects.filter(user=person):
        session.end()
    Authenticator.objects.filter(user=person, created_at__gte=change.changed_at).delete()
    KnownDevice.objects.filter(person=person, first_seen_at__gte=change.changed_at).delete()
    AddressChange.objects.filter(person=person, changed_at__gte=change.changed_at).update(undone_at=now)
    inbox.send(
        person_id=person.pk,
        subject=_("Ihre alte E-Mail-Adresse gilt wieder"),
        body=_(
            "Die Änderung Ihrer E-Mail-Adresse ist rückgängig gemacht. Alle Sitzungen sind beendet, ein Passwort gilt "
            "nicht mehr, und seither hinzugefügte Passkeys und Apps sind entfernt. Melden Sie sich mit einem Code per "
            "E-Mail an."
        ),
        now=now,
    )


@transaction.atomic
def forget_expired(*, now: datetime) -> int:
    """Delete devices and changes of addresses whose time is over; return how many."""
    devices, _rows = KnownDevice.objects.filter(last_seen_at__lt=now - DEVICE_KEPT).delete()
    changes, _rows = AddressChange.objects.filter(changed_at__lt=now - UNDO_FOR).delete()
    return devices + changes


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
