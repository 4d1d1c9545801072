"""What is confirmed about people, and what is under way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import AssuranceLevel, NotFound
from stadtportal.kernel.people.engine.fingerprints import fingerprint
from stadtportal.kernel.people.engine.saml.requests import ServiceProvider
from stadtportal.kernel.people.models import BundIdLink, BundIdRequest, ConfirmedAttribute
from stadtportal.kernel.people.queries import get_person
from stadtportal.kernel.people.rules.assurance import ATTRIBUTE_TITLES, IDENTIFYING, Confirmed
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from cryptography.x509 import Certificate

    from stadtportal.kernel.contracts import Actor

#: How long the way to BundID and back may take, and how long an answer waits to be fetched.
WAY_TAKES: Final = timedelta(minutes=30)
ANSWER_WAITS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Connection:
    """Both ends of the connection to BundID."""

    provider: ServiceProvider
    issuer: str
    destination: str
    certificates: Sequence[Certificate]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What BundID answered, waiting for the browser that set out. ``stated`` maps names to (value, level)."""

    request_id: str
    fingerprint: str
    level: AssuranceLevel
    stated: dict[str, tuple[str, AssuranceLevel]]


def is_bundid_offered() -> bool:
    """Tell whether this installation is connected to BundID."""
    return settings.BUNDID is not None


def get_connection() -> Connection:
    """Return the connection to BundID. Raises ``NotFound`` where there is none."""
    given: dict[str, Any] | None = settings.BUNDID
    if given is None:
        raise NotFound(_("Dieses Portal ist nicht mit BundID verbunden."))
    return Connection(
        provider=ServiceProvider(
            entity_id=given["entity_id"],
            answer_url=given["answer_url"],
            key=given["key"],
            certificate=given["certificate"],
            organisation=given["organisation"],
            service_id=given["service_id"],
        ),
        issuer=given["issuer"],
        destination=given["destination"],
        certificates=x509.load_pem_x509_certificates(given["their_certificates"]),
    )


def keyed(value: str, *, purpose: str) -> str:
    """Return a keyed hash of a value, 64 hexadecimal digits."""
    return fingerprint(value, purpose=purpose, key=settings.SECRET_KEY)


def hash_of_handle(handle: str) -> str:
    """Return what is kept of a handle; it is random enough to need no key."""
    return hashlib.sha256(handle.encode()).hexdigest()


def get_outcome(handle: str, *, now: datetime) -> Outcome:
    """Return the answer that waits under a handle. Raises ``NotFound`` once it is fetched or has waited too long."""
    row = BundIdRequest.objects.filter(handle_hash=hash_of_handle(handle), answered_at__gt=now - ANSWER_WAITS).first()
    if row is None:
        raise NotFound(_("Diese Anmeldung mit BundID ist abgelaufen oder schon abgeschlossen. Bitte beginnen Sie neu."))
    kept = row.outcome
    return Outcome(
        request_id=row.request_id,
        fingerprint=kept["fingerprint"],
        level=AssuranceLevel(kept["level"]),
        stated={name: (value, AssuranceLevel(level)) for name, value, level in kept["stated"]},
    )


def find_linked_person(*, fingerprint: str) -> UUID | None:
    """Return whose account that BundID is connected to, if it is."""
    with trust.system("Konto zu einer BundID finden"):
        link = BundIdLink.objects.filter(fingerprint=fingerprint).first()
    return link.person_id if link else None


def has_bundid(person_id: UUID) -> bool:
    """Tell whether an account is connected to a BundID."""
    return BundIdLink.objects.filter(person_id=person_id).exists()


def was_checked_at_counter(person_id: UUID) -> bool:
    """Tell whether somebody's identity card was checked at the counter; a count, which needs no reading."""
    rows = ConfirmedAttribute.objects.filter(
        person_id=person_id,
        source=ConfirmedAttribute.Source.COUNTER,
        level__gte=AssuranceLevel.SUBSTANTIAL.value,
        name__in=IDENTIFYING,
    )
    return rows.count() == len(IDENTIFYING)


def list_confirmed(actor: Actor) -> list[Confirmed]:
    """Return the actor's own attributes, in the order of showing, surest first, then newest."""
    if actor.person_id is None:
        return []
    with trust.own(actor):
        rows = list(ConfirmedAttribute.objects.filter(person_id=actor.person_id))
    order = list(ATTRIBUTE_TITLES)
    rows.sort(key=lambda row: (order.index(row.name), -row.level, -row.confirmed_at.timestamp()))
    return [
        Confirmed(
            name=row.name,
            title=ATTRIBUTE_TITLES[row.name],
            value=row.value,
            level=AssuranceLevel(row.level),
            source=ConfirmedAttribute.Source(row.source).label,
            source_code=row.source,
            confirmed_at=row.confirmed_at,
        )
        for row in rows
    ]


def list_surest(actor: Actor) -> list[Confirmed]:
    """Return of each attribute of the actor the surest statement there is.

    Given and family name of the account are there in any case: as the person's own words where nobody confirmed them.
    """
    surest: dict[str, Confirmed] = {}
    for one in list_confirmed(actor):
        surest.setdefault(one.name, one)
    person = get_person(actor)
    own = ConfirmedAttribute.Source.SELF
    for name in ("given_name", "family_name"):
        surest.setdefault(
            name,
            Confirmed(
                name=name,
                title=ATTRIBUTE_TITLES[name],
                value=getattr(person, name),
                level=AssuranceLevel.BASIC,
                source=own.label,
                source_code=own.value,
                confirmed_at=person.created_at,
            ),
        )
    return [surest[name] for name in ATTRIBUTE_TITLES if name in surest]
