"""One's own access log as pages show it, and what proves one look."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.trust.engine.commitment import canonical
from stadtportal.kernel.trust.models import AccessEvent
from stadtportal.kernel.trust.queries import count_events, list_events
from stadtportal.kernel.trust.queries.log import find_event, prove_event


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
    return [_view(event) for event in list_events(person_id=actor.person_id, limit=limit, offset=offset)]


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
    return count_events(person_id=person_id)
