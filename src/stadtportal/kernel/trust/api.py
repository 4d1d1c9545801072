"""The door to the access log.

Personal data of others is read inside ``reading(...)``, one's own inside ``own(...)``, and by machinery inside
``system(...)``. Models about people carry ``objects = PersonalManager("person_id")``, which refuses everything else.
The most sensitive fields are sealed: ``SealedTextField`` in models, ``seal`` and ``unseal`` elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from stadtportal.kernel.contracts import Actor, Progress, silent
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
from stadtportal.kernel.trust.actions.keys import KeyView, add_key, list_keys, retire_key
from stadtportal.kernel.trust.actions.pseudonym import pseudonym
from stadtportal.kernel.trust.actions.retaining import accept_clock, expire
from stadtportal.kernel.trust.actions.rights import AlreadyAnswered, add_right, answer_right
from stadtportal.kernel.trust.actions.sequencing import sequence, signing_key, thin_out_checkpoints
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
from stadtportal.kernel.trust.engine.checkpoint import CheckpointError, Verifier
from stadtportal.kernel.trust.engine.fields import FingerprintField, Sealed, SealedTextField
from stadtportal.kernel.trust.engine.journal import JournalBroken
from stadtportal.kernel.trust.engine.keyring import SealingError
from stadtportal.kernel.trust.engine.places import SealedPlace
from stadtportal.kernel.trust.engine.places import register as register_sealed_place
from stadtportal.kernel.trust.engine.resealing import Resealed, reseal_everything
from stadtportal.kernel.trust.engine.sealing import fingerprint, key_id_of, seal, unseal
from stadtportal.kernel.trust.forms import FactForm
from stadtportal.kernel.trust.models import PersonalManager
from stadtportal.kernel.trust.queries.access import AccessView, LookProof, count_access, list_access, prove_look
from stadtportal.kernel.trust.queries.held import count_held
from stadtportal.kernel.trust.queries.keeping import newest_export, newest_run
from stadtportal.kernel.trust.queries.kinds import Due, Kind, find_kind, list_due, list_kinds
from stadtportal.kernel.trust.queries.log import (
    ChainHead,
    SignedCheckpoint,
    chain_head,
    latest_checkpoint,
    proof_bundle,
)
from stadtportal.kernel.trust.queries.looks import Look
from stadtportal.kernel.trust.queries.notices import NoticeView, get_notice, list_notices
from stadtportal.kernel.trust.queries.own_data import ConsentView, FactView, HandoverView
from stadtportal.kernel.trust.queries.rights import RightView, get_right, list_rights
from stadtportal.kernel.trust.queries.verifying import Verified
from stadtportal.kernel.trust.queries.verifying import verify_log as _verify_log
from stadtportal.kernel.trust.rules import ForeignRow, Reading, UnaccountedRead
from stadtportal.kernel.trust.rules.erasing import until_words
from stadtportal.kernel.trust.rules.facts import KINDS, BadFact, FactKept, FactKind, Source, check_phone
from stadtportal.kernel.trust.rules.keeping import (
    ARTICLE_TITLES,
    EXPORT_KEPT,
    UNDER_WAY,
    Article,
    ClockView,
    ExportState,
    end_of_limitation,
)
from stadtportal.kernel.trust.rules.looks import DayOfLooks, LookFilter, body_of
from stadtportal.kernel.trust.rules.sharing import (
    ConsentMissing,
    NothingToShare,
    Purpose,
    Receiver,
    SharingStopped,
)

__all__ = [
    "ARTICLE_TITLES",
    "EXPORT_KEPT",
    "KINDS",
    "AccessView",
    "AccountGone",
    "AlreadyAnswered",
    "AlreadyReleased",
    "Article",
    "BadFact",
    "Breach",
    "ChainHead",
    "CheckpointError",
    "ClockView",
    "ConsentMissing",
    "ConsentView",
    "DayOfLooks",
    "Due",
    "Erasure",
    "ExportView",
    "FactForm",
    "FactKept",
    "FactKind",
    "FactView",
    "FingerprintField",
    "ForeignRow",
    "HandoverView",
    "JournalBroken",
    "KeyView",
    "Kind",
    "KindErased",
    "Look",
    "LookFilter",
    "LookProof",
    "Missing",
    "NobodyConcerned",
    "NothingToShare",
    "NoticeView",
    "Offer",
    "PersonalManager",
    "Purpose",
    "Reading",
    "Receiver",
    "Resealed",
    "RightView",
    "Sealed",
    "SealedPlace",
    "SealedTextField",
    "SealingError",
    "SharingStopped",
    "SignedCheckpoint",
    "Source",
    "UnaccountedRead",
    "Verified",
    "accept_clock",
    "acting",
    "add_key",
    "add_right",
    "answer_right",
    "body_of",
    "chain_head",
    "change_fact",
    "check_phone",
    "count_access",
    "count_held",
    "count_own_looks",
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
    "get_fact",
    "get_kind",
    "get_look",
    "get_notice",
    "get_receipt",
    "get_right",
    "give_consent",
    "hold",
    "keep_fact",
    "key_id_of",
    "latest_checkpoint",
    "list_access",
    "list_due",
    "list_keys",
    "list_kinds",
    "list_notices",
    "list_own_consents",
    "list_own_facts",
    "list_own_handovers",
    "list_own_looks",
    "list_rights",
    "look_names",
    "looks_picture",
    "mandate_for",
    "offer_prefill",
    "open_export",
    "own",
    "preview_erasure",
    "proof_bundle",
    "prove_look",
    "pseudonym",
    "reading",
    "record_fact",
    "register_sealed_place",
    "release_notice",
    "remove_fact",
    "renew_consent",
    "replay_erasures",
    "reseal_everything",
    "resume_sharing",
    "retire_key",
    "seal",
    "sequence",
    "sharing_stopped_at",
    "start_export",
    "stop_sharing",
    "system",
    "take_portion",
    "tell_erased",
    "thin_out_checkpoints",
    "unseal",
    "until_words",
    "use_fact",
    "verify_log",
    "withdraw_consent",
    "write_export",
]


def verify_log(*, against: str = "", progress: Progress = silent) -> Verified:
    """Check the whole log with the key that lies outside the database; see :func:`queries.verifying.verify_log`."""
    verifier = Verifier(settings.LOG_ORIGIN, signing_key().public_key())
    return _verify_log(verifier=verifier, against=against, progress=progress)


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


def get_clock() -> ClockView | None:
    """Return the newest run of the clock."""
    run = newest_run()
    return ClockView(at=run.at, rows=run.rows, refusal=run.refusal) if run else None
