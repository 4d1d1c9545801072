"""What of a person's account, devices, delegations and proofs of identity goes into their export, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from stadtportal.kernel.people.models import (
    AddressChange,
    BundIdLink,
    ConfirmedAttribute,
    CounterCheck,
    Delegation,
    KnownDevice,
    Represented,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID


def _when(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def export_devices(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the browsers the person has signed in with; never the mark by which each is known again."""
    for device in KnownDevice.objects.filter(person_id=person_id).order_by("pk"):
        yield {
            "browser": device.browser,
            "first_seen_at": _when(device.first_seen_at),
            "last_seen_at": _when(device.last_seen_at),
        }


def oldest_device(person_id: UUID) -> datetime | None:
    """Return when the device that was not used for longest was last used."""
    device = KnownDevice.objects.filter(person_id=person_id).order_by("last_seen_at").first()
    return device.last_seen_at if device else None


def export_address_changes(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the changes of address that can still be undone."""
    for change in AddressChange.objects.filter(person_id=person_id).order_by("pk"):
        yield {
            "old_email": change.old_email,
            "new_email": change.new_email,
            "changed_at": _when(change.changed_at),
            "undone_at": _when(change.undone_at),
        }


def oldest_address_change(person_id: UUID) -> datetime | None:
    """Return when the oldest change was made."""
    change = AddressChange.objects.filter(person_id=person_id).order_by("changed_at").first()
    return change.changed_at if change else None


def export_delegations(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the delegations the person is a side of, and what was stated of somebody who does not sign in."""
    for stated in Represented.objects.filter(person_id=person_id):
        yield {
            "birth_date": stated.birth_date.isoformat() if stated.birth_date else None,
            "register_entry": stated.register_entry,
        }
    for one in Delegation.objects.filter(Q(principal_id=person_id) | Q(agent_id=person_id)).order_by("pk"):
        yield {
            "kind": one.kind,
            "acts": one.agent_id == person_id,
            "invited_email": one.invited_email,
            "areas": list(one.areas),
            "may_act": one.may_act,
            "starts_at": _when(one.starts_at),
            "expires_at": _when(one.expires_at),
            "proposed_at": _when(one.proposed_at),
            "principal_accepted_at": _when(one.principal_accepted_at),
            "agent_accepted_at": _when(one.agent_accepted_at),
            "ended_at": _when(one.ended_at),
            "evidence": one.evidence,
        }


def oldest_delegation(person_id: UUID) -> datetime | None:
    """Return when the delegation that ended first did so."""
    sides = Q(principal_id=person_id) | Q(agent_id=person_id)
    one = Delegation.objects.filter(sides, ended_at__isnull=False).order_by("ended_at").first()
    return one.ended_at if one else None


def export_attributes(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield what is confirmed about the person."""
    for one in ConfirmedAttribute.objects.filter(person_id=person_id).order_by("pk"):
        yield {
            "name": one.name,
            "value": one.value,
            "level": one.level,
            "source": one.get_source_display(),
            "confirmed_at": _when(one.confirmed_at),
        }


def export_bundid(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield that the account is connected with BundID; the fingerprint tells nobody anything."""
    for link in BundIdLink.objects.filter(person_id=person_id):
        yield {"connected_at": _when(link.connected_at), "used_at": _when(link.used_at)}


def export_counter_checks(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the checks of an identity card; never the code of the letter."""
    for check in CounterCheck.objects.filter(person_id=person_id).order_by("pk"):
        yield {
            "clerk_name": check.clerk_name,
            "number": check.number,
            "details": dict(check.details),
            "document_kind": check.document_kind,
            "document_end": check.document_end,
            "checked_at": _when(check.checked_at),
            "expires_at": _when(check.expires_at),
            "used_at": _when(check.used_at),
            "withdrawn_at": _when(check.withdrawn_at),
        }


def oldest_counter_check(person_id: UUID) -> datetime | None:
    """Return when the oldest letter that nobody has used expired."""
    check = CounterCheck.objects.filter(person_id=person_id, used_at=None).order_by("expires_at").first()
    return check.expires_at if check else None
