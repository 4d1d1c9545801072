"""The door to the access log.

Personal data of others is read inside ``reading(...)``, one's own inside ``own(...)``, and by machinery inside
``system(...)``. Models about people carry ``objects = PersonalManager("person_id")``, which refuses everything else.
The most sensitive fields are sealed: ``SealedTextField`` in models, ``seal`` and ``unseal`` elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.trust import queries
from stadtportal.kernel.trust.actions import own, reading, system
from stadtportal.kernel.trust.actions.pseudonym import pseudonym
from stadtportal.kernel.trust.actions.sharing import (
    give_consent,
    renew_consent,
    resume_sharing,
    stop_sharing,
    use_fact,
    withdraw_consent,
)
from stadtportal.kernel.trust.actions.showing import (
    Offer,
    count_own_looks,
    get_fact,
    get_look,
    get_receipt,
    list_own_consents,
    list_own_facts,
    list_own_handovers,
    list_own_looks,
    look_names,
    looks_picture,
    offer_prefill,
    sharing_stopped_at,
)
from stadtportal.kernel.trust.actions.vault import change_fact, get_kind, keep_fact, record_fact, remove_fact
from stadtportal.kernel.trust.engine import keyring
from stadtportal.kernel.trust.engine.fields import FingerprintField, Sealed, SealedTextField
from stadtportal.kernel.trust.engine.keyring import SealingError
from stadtportal.kernel.trust.engine.places import SealedPlace, keys_in_use
from stadtportal.kernel.trust.engine.places import register as register_sealed_place
from stadtportal.kernel.trust.engine.resealing import Resealed, reseal_everything
from stadtportal.kernel.trust.engine.sealing import fingerprint, key_id_of, ring, ring_path, seal, unseal
from stadtportal.kernel.trust.forms import FactForm
from stadtportal.kernel.trust.models import PersonalManager
from stadtportal.kernel.trust.queries.held import count_held
from stadtportal.kernel.trust.queries.looks import Look
from stadtportal.kernel.trust.queries.own_data import ConsentView, FactView, HandoverView
from stadtportal.kernel.trust.rules import ForeignRow, Reading, UnaccountedRead
from stadtportal.kernel.trust.rules.facts import KINDS, BadFact, FactKept, FactKind, Source, check_phone
from stadtportal.kernel.trust.rules.looks import DayOfLooks, LookFilter, body_of
from stadtportal.kernel.trust.rules.sharing import (
    ConsentMissing,
    NothingToShare,
    Purpose,
    Receiver,
    SharingStopped,
)

__all__ = [
    "KINDS",
    "AccessView",
    "BadFact",
    "ConsentMissing",
    "ConsentView",
    "DayOfLooks",
    "FactForm",
    "FactKept",
    "FactKind",
    "FactView",
    "FingerprintField",
    "ForeignRow",
    "HandoverView",
    "KeyView",
    "Look",
    "LookFilter",
    "NothingToShare",
    "Offer",
    "PersonalManager",
    "Purpose",
    "Reading",
    "Receiver",
    "Resealed",
    "Sealed",
    "SealedPlace",
    "SealedTextField",
    "SealingError",
    "SharingStopped",
    "Source",
    "UnaccountedRead",
    "add_key",
    "body_of",
    "change_fact",
    "check_phone",
    "count_access",
    "count_held",
    "count_own_looks",
    "fingerprint",
    "get_fact",
    "get_kind",
    "get_look",
    "get_receipt",
    "give_consent",
    "keep_fact",
    "key_id_of",
    "list_access",
    "list_keys",
    "list_own_consents",
    "list_own_facts",
    "list_own_handovers",
    "list_own_looks",
    "look_names",
    "looks_picture",
    "offer_prefill",
    "own",
    "pseudonym",
    "reading",
    "record_fact",
    "register_sealed_place",
    "remove_fact",
    "renew_consent",
    "reseal_everything",
    "resume_sharing",
    "retire_key",
    "seal",
    "sharing_stopped_at",
    "stop_sharing",
    "system",
    "unseal",
    "use_fact",
    "withdraw_consent",
]


@dataclass(frozen=True, slots=True)
class AccessView:
    """One look at a person's data, as that person sees it. ``at`` is UTC."""

    at: datetime
    actor_name: str
    purpose: str
    legal_basis: str
    fields: tuple[str, ...]
    case_reference: str


def list_access(*, actor: Actor, limit: int = 50, offset: int = 0) -> list[AccessView]:
    """Return who looked at the actor's own data, newest first."""
    if actor.person_id is None:
        return []
    return [
        AccessView(
            at=event.at,
            actor_name=event.actor_name,
            purpose=event.purpose,
            legal_basis=event.legal_basis,
            fields=tuple(event.fields),
            case_reference=event.case_reference,
        )
        for event in queries.list_events(person_id=actor.person_id, limit=limit, offset=offset)
    ]


def count_access(person_id: UUID) -> int:
    """Count the looks at a person's data by others."""
    return queries.count_events(person_id=person_id)


@dataclass(frozen=True, slots=True)
class KeyView:
    """One key of the ring, without its secret. ``until`` is when it was replaced, ``None`` for the current one."""

    id: str
    made: datetime
    until: datetime | None
    in_use: bool


def list_keys() -> list[KeyView]:
    """Return the keys of sealed fields, oldest first. Raises ``SealingError``."""
    used = keys_in_use()
    return [KeyView(id=key.id, made=key.made, until=key.until, in_use=key.id in used) for key in ring().keys]


def add_key(*, now: datetime) -> str:
    """Add a key that seals from now on, and return its id; ``reseal_everything`` does the rest."""
    ring()
    return keyring.add_key(ring_path(), now=now).current.id


def retire_key(key_id: str, *, now: datetime) -> None:
    """Take a key away for good. Raises ``SealingError`` while anything in the database needs it."""
    keyring.retire_key(ring_path(), key_id, in_use=keys_in_use(), now=now)
