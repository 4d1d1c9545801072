"""Erasing devices, changes of address, delegations and proofs of identity of a person, and what is past its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from stadtportal.kernel.contracts import Erased, Kept
from stadtportal.kernel.people.models import (
    AddressChange,
    BundIdLink,
    ConfirmedAttribute,
    CounterCheck,
    Delegation,
    KnownDevice,
    Person,
    Represented,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


def erase_devices(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Forget the browsers the person has signed in with."""
    return Erased(KnownDevice.objects.filter(person_id=person_id).delete()[0])


def expire_devices(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Forget browsers that were last used before that time."""
    return KnownDevice.objects.filter(last_seen_at__lt=before).delete()[0]


def erase_address_changes(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Forget earlier addresses."""
    return Erased(AddressChange.objects.filter(person_id=person_id).delete()[0])


def expire_address_changes(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Forget changes made before that time."""
    return AddressChange.objects.filter(changed_at__lt=before).delete()[0]


def erase_delegations(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase the delegations the person is a side of; those acted for keep their own data."""
    mine = Q(principal_id=person_id) | Q(agent_id=person_id)
    left_alone = (
        Person.objects.exclude(kind="account")
        .filter(pk__in=Delegation.objects.filter(agent_id=person_id, ended_at=None).values("principal_id"))
        .exclude(
            pk__in=Delegation.objects.filter(ended_at=None, agent_id__isnull=False)
            .exclude(agent_id=person_id)
            .values("principal_id")
        )
    )
    law = "Sie gehören der vertretenen Person; gelöscht werden sie auf deren Antrag (Art. 17 DSGVO)"
    kept = tuple(Kept(f"Die Daten von {one.get_full_name()}", law) for one in left_alone)
    rows = Delegation.objects.filter(mine).delete()[0]
    return Erased(rows + Represented.objects.filter(person_id=person_id).delete()[0], kept)


def expire_delegations(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Erase delegations that ended before that time."""
    over = Q(ended_at__lt=before) | Q(ended_at=None, expires_at__lt=before)
    return Delegation.objects.filter(over).delete()[0]


def erase_attributes(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase what is confirmed about the person."""
    return Erased(ConfirmedAttribute.objects.filter(person_id=person_id).delete()[0])


def erase_bundid(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Cut the connection with BundID; an answer that nobody came for goes by itself within minutes."""
    return Erased(BundIdLink.objects.filter(person_id=person_id).delete()[0])


def erase_counter_checks(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase the checks of an identity card; as a clerk the person's name at checks of others goes, too."""
    rows = CounterCheck.objects.filter(person_id=person_id).delete()[0]
    rows += CounterCheck.objects.filter(clerk_id=person_id).update(clerk=None, clerk_name="gelöscht")
    return Erased(rows)


def expire_counter_checks(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Erase letters that nobody used and that expired before that time."""
    return CounterCheck.objects.filter(used_at=None, expires_at__lt=before).delete()[0]
