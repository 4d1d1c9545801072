"""The door to the access log.

Personal data of others is read inside ``reading(...)``, one's own inside ``own(...)``, and by machinery inside
``system(...)``. Models about people carry ``objects = PersonalManager("person_id")``, which refuses everything else.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.trust import queries
from stadtportal.kernel.trust.actions import own, reading, system
from stadtportal.kernel.trust.actions.breach import (
    AlreadyReleased,
    Breach,
    NobodyConcerned,
    draft_notice,
    release_notice,
    take_portion,
)
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
from stadtportal.kernel.trust.actions.rights import AlreadyAnswered, add_right, answer_right
from stadtportal.kernel.trust.engine.journal import JournalBroken
from stadtportal.kernel.trust.models import BreachNotice, DataRight, PersonalManager
from stadtportal.kernel.trust.queries import breach as breach_queries
from stadtportal.kernel.trust.queries.keeping import find_right, list_open_rights, newest_export, newest_run
from stadtportal.kernel.trust.queries.kinds import Due, Kind, find_kind, list_due, list_kinds
from stadtportal.kernel.trust.rules import ForeignRow, Reading, UnaccountedRead
from stadtportal.kernel.trust.rules.erasing import until_words
from stadtportal.kernel.trust.rules.keeping import (
    ARTICLE_TITLES,
    EXPORT_KEPT,
    UNDER_WAY,
    Article,
    ClockView,
    ExportState,
    end_of_limitation,
)

__all__ = [
    "ARTICLE_TITLES",
    "EXPORT_KEPT",
    "AccessView",
    "AccountGone",
    "AlreadyAnswered",
    "AlreadyReleased",
    "Article",
    "Breach",
    "ClockView",
    "Due",
    "Erasure",
    "ExportView",
    "ForeignRow",
    "JournalBroken",
    "Kind",
    "KindErased",
    "Missing",
    "NobodyConcerned",
    "NoticeView",
    "PersonalManager",
    "Reading",
    "RightView",
    "UnaccountedRead",
    "accept_clock",
    "add_right",
    "answer_right",
    "count_access",
    "draft_notice",
    "end_of_limitation",
    "erase_person",
    "expire",
    "export_for_operator",
    "find_kind",
    "finish_erasures",
    "get_clock",
    "get_export",
    "get_notice",
    "get_right",
    "hold",
    "list_access",
    "list_due",
    "list_kinds",
    "list_notices",
    "list_rights",
    "open_export",
    "own",
    "preview_erasure",
    "reading",
    "release_notice",
    "replay_erasures",
    "start_export",
    "system",
    "take_portion",
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


@dataclass(frozen=True, slots=True)
class RightView:
    """A request under Art. 16, 18 or 21; ``granted`` is ``None`` until it is answered."""

    reference: str
    person_id: UUID
    title: str
    statement: str
    asked_at: datetime
    answer: str
    granted: bool | None
    answered_at: datetime | None
    answered_by: str


def get_right(reference: str) -> RightView:
    """Return the request that belongs to a case. Needs an open reading. Raises ``NotFound``."""
    right = find_right(reference=reference)
    if right is None:
        sentence = "Diesen Antrag gibt es nicht."
        raise NotFound(sentence)
    return _right_view(right)


def list_rights(*, limit: int = 200) -> list[RightView]:
    """Return the requests nobody has answered, oldest first. Needs an open reading."""
    return [_right_view(right) for right in list_open_rights(limit=limit)]


def _right_view(right: DataRight) -> RightView:
    return RightView(
        reference=right.case_reference,
        person_id=right.person_id,
        title=ARTICLE_TITLES[Article(right.article)],
        statement=right.statement,
        asked_at=right.asked_at,
        answer=right.answer,
        granted=right.granted,
        answered_at=right.answered_at,
        answered_by=right.answered_by,
    )


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of a breach as operators see it; ``sent`` of ``concerned`` people have got it."""

    id: int
    kind_title: str
    since: datetime
    until: datetime
    subject: str
    body: str
    drafted_by_id: UUID | None
    drafted_by_name: str
    drafted_at: datetime
    released_by_name: str
    released_at: datetime | None
    finished_at: datetime | None
    sent: int
    concerned: int


def get_notice(notice_id: int) -> NoticeView:
    """Return a notice. Raises ``NotFound``."""
    notice = breach_queries.find_notice(notice_id)
    if notice is None:
        sentence = "Diesen Hinweis gibt es nicht."
        raise NotFound(sentence)
    return _notice_view(notice)


def list_notices(*, limit: int = 50) -> list[NoticeView]:
    """Return the newest notices."""
    return [_notice_view(notice) for notice in breach_queries.list_notices(limit=limit)]


def _notice_view(notice: BreachNotice) -> NoticeView:
    sent, concerned = breach_queries.count_addressees(notice.pk)
    kind = find_kind(notice.kind)
    return NoticeView(
        id=notice.pk,
        kind_title=kind.data.title if kind else notice.kind,
        since=notice.since,
        until=notice.until,
        subject=notice.subject,
        body=notice.body,
        drafted_by_id=notice.drafted_by_id,
        drafted_by_name=notice.drafted_by_name,
        drafted_at=notice.drafted_at,
        released_by_name=notice.released_by_name,
        released_at=notice.released_at,
        finished_at=notice.finished_at,
        sent=sent,
        concerned=concerned,
    )


def get_clock() -> ClockView | None:
    """Return the newest run of the clock."""
    run = newest_run()
    return ClockView(at=run.at, rows=run.rows, refusal=run.refusal) if run else None
