"""The door to the access log.

Personal data of others is read inside ``reading(...)``, one's own inside ``own(...)``, and by machinery inside
``system(...)``. Models about people carry ``objects = PersonalManager("person_id")``, which refuses everything else.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.trust import queries
from stadtportal.kernel.trust.actions import own, reading, system
from stadtportal.kernel.trust.actions.erasing import (
    Erasure,
    KindErased,
    erase_person,
    finish_erasures,
    hold,
    preview_erasure,
    replay_erasures,
    tell_erased,
)
from stadtportal.kernel.trust.actions.exporting import (
    AccountGone,
    Missing,
    export_for_operator,
    open_export,
    start_export,
    write_export,
)
from stadtportal.kernel.trust.actions.retaining import accept_clock, expire
from stadtportal.kernel.trust.engine.journal import JournalBroken
from stadtportal.kernel.trust.models import PersonalManager
from stadtportal.kernel.trust.queries.keeping import newest_export
from stadtportal.kernel.trust.queries.kinds import Due, Kind, find_kind, list_due, list_kinds
from stadtportal.kernel.trust.rules import ForeignRow, Reading, UnaccountedRead
from stadtportal.kernel.trust.rules.erasing import until_words
from stadtportal.kernel.trust.rules.keeping import EXPORT_KEPT, UNDER_WAY, ExportState, end_of_limitation

__all__ = [
    "EXPORT_KEPT",
    "AccessView",
    "AccountGone",
    "Due",
    "Erasure",
    "ExportView",
    "ForeignRow",
    "JournalBroken",
    "Kind",
    "KindErased",
    "Missing",
    "PersonalManager",
    "Reading",
    "UnaccountedRead",
    "accept_clock",
    "count_access",
    "end_of_limitation",
    "erase_person",
    "expire",
    "export_for_operator",
    "find_kind",
    "finish_erasures",
    "get_export",
    "hold",
    "list_access",
    "list_due",
    "list_kinds",
    "open_export",
    "own",
    "preview_erasure",
    "reading",
    "replay_erasures",
    "start_export",
    "system",
    "tell_erased",
    "until_words",
    "write_export",
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
class ExportView:
    """An export as its person sees it. ``missing`` holds (title, reason) pairs; ``until_at`` is when its file goes."""

    id: int
    state: str
    asked_at: datetime
    done: int
    total: int
    what: str
    size: int
    finished_at: datetime | None
    until_at: datetime | None
    missing: tuple[tuple[str, str], ...]

    @property
    def under_way(self) -> bool:
        """Tell whether it is still worked on."""
        return self.state in UNDER_WAY

    @property
    def ready(self) -> bool:
        """Tell whether there is a file to fetch."""
        return self.state in {ExportState.DONE, ExportState.PARTIAL}


def get_export(*, actor: Actor, now: datetime) -> ExportView | None:
    """Return the actor's newest export whose time is not over."""
    if actor.person_id is None:
        return None
    with own(actor):
        job = newest_export(person_id=actor.person_id)
    if job is None or (job.finished_at is not None and now > job.finished_at + EXPORT_KEPT):
        return None
    return ExportView(
        id=job.pk,
        state=job.state,
        asked_at=job.asked_at,
        done=job.done,
        total=job.total,
        what=job.what,
        size=job.size,
        finished_at=job.finished_at,
        until_at=job.finished_at + EXPORT_KEPT if job.finished_at else None,
        missing=tuple((title, reason) for title, reason in job.problems),
    )
