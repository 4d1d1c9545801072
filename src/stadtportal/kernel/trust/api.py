"""The door to the access log.

Personal data of others is read inside ``reading(...)``, one's own inside ``own(...)``, and by machinery inside
``system(...)``. Models about people carry ``objects = PersonalManager("person_id")``, which refuses everything else.
The most sensitive fields are sealed: ``SealedTextField`` in models, ``seal`` and ``unseal`` elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import Actor, NotFound, Progress, silent
from stadtportal.kernel.trust import queries
from stadtportal.kernel.trust.actions import acting, mandate_for, own, reading, system
from stadtportal.kernel.trust.actions.erasing_events import erase_events_before, erase_events_of
from stadtportal.kernel.trust.actions.sequencing import sequence, signing_key, thin_out_checkpoints
from stadtportal.kernel.trust.engine import keyring
from stadtportal.kernel.trust.engine.checkpoint import CheckpointError, Verifier
from stadtportal.kernel.trust.engine.commitment import canonical
from stadtportal.kernel.trust.engine.fields import FingerprintField, Sealed, SealedTextField
from stadtportal.kernel.trust.engine.keyring import SealingError
from stadtportal.kernel.trust.engine.places import SealedPlace, keys_in_use
from stadtportal.kernel.trust.engine.places import register as register_sealed_place
from stadtportal.kernel.trust.engine.resealing import Resealed, reseal_everything
from stadtportal.kernel.trust.engine.sealing import fingerprint, key_id_of, ring, ring_path, seal, unseal
from stadtportal.kernel.trust.models import AccessEvent, PersonalManager
from stadtportal.kernel.trust.queries.log import (
    ChainHead,
    SignedCheckpoint,
    chain_head,
    find_event,
    latest_checkpoint,
    proof_bundle,
    prove_event,
)
from stadtportal.kernel.trust.queries.verifying import Verified
from stadtportal.kernel.trust.queries.verifying import verify_log as _verify_log
from stadtportal.kernel.trust.rules import ForeignRow, Reading, UnaccountedRead

__all__ = [
    "AccessView",
    "ChainHead",
    "CheckpointError",
    "FingerprintField",
    "ForeignRow",
    "KeyView",
    "LookProof",
    "PersonalManager",
    "Reading",
    "Resealed",
    "Sealed",
    "SealedPlace",
    "SealedTextField",
    "SealingError",
    "SignedCheckpoint",
    "UnaccountedRead",
    "Verified",
    "acting",
    "add_key",
    "chain_head",
    "count_access",
    "erase_events_before",
    "erase_events_of",
    "fingerprint",
    "key_id_of",
    "latest_checkpoint",
    "list_access",
    "list_keys",
    "mandate_for",
    "own",
    "proof_bundle",
    "prove_look",
    "reading",
    "register_sealed_place",
    "reseal_everything",
    "retire_key",
    "seal",
    "sequence",
    "system",
    "thin_out_checkpoints",
    "unseal",
    "verify_log",
]


@dataclass(frozen=True, slots=True)
class AccessView:
    """One look at a person's data, as that person sees it. ``at`` is UTC; ``seq`` counts that person's looks from 1."""

    at: datetime
    actor_name: str
    purpose: str
    legal_basis: str
    fields: tuple[str, ...]
    case_reference: str
    reason: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class LookProof:
    """One look with what proves it. ``commitment``, ``salt`` and the hashes of ``path`` are hexadecimal.

    ``leaf`` counts the log's entries from 0 and is ``None`` while the look waits for its entry; ``size`` is that of the
    checkpoint the path leads to. ``document`` is the canonical JSON that is committed to.
    """

    look: AccessView
    document: str
    salt: str
    commitment: str
    leaf: int | None
    size: int
    path: tuple[str, ...]


def list_access(*, actor: Actor, limit: int = 50, offset: int = 0) -> list[AccessView]:
    """Return who looked at the actor's own data, newest first. Nobody who acts for somebody else gets to see it."""
    if actor.person_id is None or actor.mandate is not None:
        return []
    return [_view(event) for event in queries.list_events(person_id=actor.person_id, limit=limit, offset=offset)]


def prove_look(*, actor: Actor, seq: int) -> LookProof:
    """Return one look at the actor's own data with its proof. Raises ``NotFound``, also for who acts for others."""
    event = None if actor.person_id is None or actor.mandate else find_event(person_id=actor.person_id, seq=seq)
    if event is None:
        raise NotFound(_("Diesen Zugriff gibt es nicht (mehr)."))
    proof = prove_event(event)
    return LookProof(
        look=_view(event),
        document=canonical(event.as_event()),
        salt=bytes(event.salt).hex(),
        commitment=event.commitment().hex(),
        leaf=proof.leaf,
        size=proof.size,
        path=tuple(one.hex() for one in proof.path),
    )


def _view(event: AccessEvent) -> AccessView:
    return AccessView(
        at=event.at,
        actor_name=event.actor_name,
        purpose=event.purpose,
        legal_basis=event.legal_basis,
        fields=tuple(event.fields),
        case_reference=event.case_reference,
        reason=event.reason,
        seq=event.subj_seq,
    )


def count_access(person_id: UUID) -> int:
    """Count the looks at a person's data by others."""
    return queries.count_events(person_id=person_id)


def verify_log(*, against: str = "", progress: Progress = silent) -> Verified:
    """Check the whole log with the key that lies outside the database; see :func:`queries.verifying.verify_log`."""
    verifier = Verifier(settings.LOG_ORIGIN, signing_key().public_key())
    return _verify_log(verifier=verifier, against=against, progress=progress)


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
