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
from stadtportal.kernel.trust.actions.erasing_events import erase_events_before, erase_events_of
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
from stadtportal.kernel.trust.actions.sequencing import sequence, signing_key, thin_out_checkpoints
from stadtportal.kernel.trust.engine import keyring
from stadtportal.kernel.trust.engine.checkpoint import CheckpointError, Verifier
from stadtportal.kernel.trust.engine.commitment import canonical
from stadtportal.kernel.trust.engine.fields import FingerprintField, Sealed, SealedTextField
from stadtportal.kernel.trust.engine.journal import JournalBroken
from stadtportal.kernel.trust.engine.keyring import SealingError
from stadtportal.kernel.trust.engine.places import SealedPlace, keys_in_use
from stadtportal.kernel.trust.engine.places import register as register_sealed_place
from stadtportal.kernel.trust.engine.resealing import Resealed, reseal_everything
from stadtportal.kernel.trust.engine.sealing import fingerprint, key_id_of, ring, ring_path, seal, unseal
from stadtportal.kernel.trust.models import AccessEvent, BreachNotice, DataRight, PersonalManager
from stadtportal.kernel.trust.queries import breach as breach_queries
from stadtportal.kernel.trust.queries.keeping import find_right, list_open_rights, newest_export, newest_run
from stadtportal.kernel.trust.queries.kinds import Due, Kind, find_kind, list_due, list_kinds
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
    "ChainHead",
    "CheckpointError",
    "ClockView",
    "Due",
    "Erasure",
    "ExportView",
    "FingerprintField",
    "ForeignRow",
    "JournalBroken",
    "KeyView",
    "Kind",
    "KindErased",
    "LookProof",
    "Missing",
    "NobodyConcerned",
    "NoticeView",
    "PersonalManager",
    "Reading",
    "Resealed",
    "RightView",
    "Sealed",
    "SealedPlace",
    "SealedTextField",
    "SealingError",
    "SignedCheckpoint",
    "UnaccountedRead",
    "Verified",
    "accept_clock",
    "acting",
    "add_key",
    "add_right",
    "answer_right",
    "chain_head",
    "count_access",
    "draft_notice",
    "end_of_limitation",
    "erase_events_before",
    "erase_events_of",
    "erase_person",
    "expire",
    "export_for_operator",
    "find_kind",
    "fingerprint",
    "finish_erasures",
    "get_clock",
    "get_export",
    "get_notice",
    "get_right",
    "hold",
    "key_id_of",
    "latest_checkpoint",
    "list_access",
    "list_due",
    "list_keys",
    "list_kinds",
    "list_notices",
    "list_rights",
    "mandate_for",
    "open_export",
    "own",
    "preview_erasure",
    "proof_bundle",
    "prove_look",
    "reading",
    "register_sealed_place",
    "release_notice",
    "replay_erasures",
    "reseal_everything",
    "retire_key",
    "seal",
    "sequence",
    "start_export",
    "system",
    "take_portion",
    "tell_erased",
    "thin_out_checkpoints",
    "unseal",
    "until_words",
    "verify_log",
    "write_export",
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
