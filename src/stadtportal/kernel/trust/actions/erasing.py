"""Erasing a person: one transaction, written down outside the database before it commits."""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from stadtportal.kernel.contracts import Erased, Kept, NotFound, Progress, silent
from stadtportal.kernel.trust.actions import system
from stadtportal.kernel.trust.actions.exporting import remove_files
from stadtportal.kernel.trust.engine.journal import Journal
from stadtportal.kernel.trust.models import ExportJob, LegalHold
from stadtportal.kernel.trust.queries.kinds import call, list_for_erasure
from stadtportal.kernel.trust.rules.erasing import farewell, until_words

logger = logging.getLogger(__name__)
#: An erasure that meets a booking of the same person begins anew so often.
TRIES = 3
#: An erasure that began this long ago and is not done was cut off; a younger one may still be running.
CUT_OFF = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class KindErased:
    """What happened, or would happen, to one kind of data."""

    title: str
    rows: int
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did, or would do."""

    kinds: tuple[KindErased, ...]

    @property
    def rows(self) -> int:
        """Return how many rows go."""
        return sum(kind.rows for kind in self.kinds)

    @property
    def kept(self) -> tuple[Kept, ...]:
        """Return what stays."""
        return tuple(kept for kind in self.kinds for kept in kind.kept)


class _RolledBack(Exception):  # noqa: N818 -- never leaves this module.
    """Ends the dry run."""


def journal() -> Journal:
    """Return the journal of erasures of this portal."""
    return Journal(Path(settings.PORTAL_DATA))


def preview_erasure(*, person_id: UUID, now: datetime) -> Erasure:
    """Do everything an erasure does and take it back: so the dry run cannot promise anything else than what happens.

    Raises ``NotFound`` when the account does not exist.
    """
    erasure: Erasure | None = None
    with suppress(_RolledBack), transaction.atomic():
        erasure, _files = _erase(person_id, now=now)
        raise _RolledBack
    if erasure is None:  # pragma: no cover -- the block either sets it or raises.
        raise AssertionError
    return erasure


def erase_person(*, person_id: UUID, now: datetime) -> Erasure:
    """Erase a person for good. Raises ``NotFound`` when the account is gone, ``JournalBroken`` when it cannot be noted.

    The journal says ``begun`` before anything is written to the database. From then on the erasure takes place, even if
    the machine dies in the middle: :func:`finish_erasures` carries it out again. Only a failure that provably left the
    account standing is noted as ``void``.
    """
    book = journal()
    noted = book.begin(person_id, now=now)
    try:
        erasure, files = _erase_patiently(person_id, now=now)
    except Exception:
        with suppress(DatabaseError, OSError):
            if _exists(person_id):
                book.void(noted, book.hash_of(person_id), now=now)
        raise
    _clean_up(book, noted, person_id, files=files, now=now)
    return erasure


def finish_erasures(*, now: datetime) -> int:
    """Carry out what a crash cut off; return how many that were. Those still running are left alone."""
    book = journal()
    began = {entry.id: datetime.fromisoformat(entry.at) for entry in book.read()}
    cut_off = {noted: person for noted, person in book.unfinished().items() if began[noted] + CUT_OFF <= now}
    if not cut_off:
        return 0
    hashes = {person: noted for noted, person in cut_off.items()}
    found = {hashed: person_id for person_id in _all_ids() if (hashed := book.hash_of(person_id)) in hashes}
    for hashed, noted in hashes.items():
        files: list[str] = []
        if person_id := found.get(hashed):
            with suppress(NotFound), transaction.atomic():
                _erasure, files = _erase(person_id, now=now)
        remove_files(files)
        book.finish(noted, hashed, now=now)
    return len(cut_off)


def replay_erasures(*, now: datetime, progress: Progress = silent) -> int:
    """Erase whoever the journal names and an old backup brought back; return how many. Raises ``JournalBroken``."""
    book = journal()
    erased = book.erased()
    returned = [person_id for person_id in _all_ids() if book.hash_of(person_id) in erased] if erased else []
    for number, person_id in enumerate(returned):
        progress(number, len(returned), "Löschungen werden nachgeholt")
        with transaction.atomic():
            _erasure, files = _erase(person_id, now=now)
        remove_files(files)
    return len(returned)


def tell_erased(*, email: str, name: str, erasure: Erasure) -> bool:
    """Mail somebody that their account is gone and what stays; return whether the mail left.

    It is sent at once and not queued: nothing about the person may wait in the database any more.
    """
    lines = [f"- {kept.what}, {until_words(kept)}: {kept.law}" for kept in erasure.kept]
    try:
        EmailMessage(
            subject="Ihr Konto ist gelöscht",
            body=farewell(name=name, kept=lines),
            to=[email],
        ).send()
    except (smtplib.SMTPException, OSError):
        logger.exception("The mail about an erasure could not be sent")
        return False
    return True


def hold(*, title: str, law: str, until: date, facts: dict[str, Any], now: datetime) -> Kept:
    """Keep what a law demands of somebody who is being erased, apart from everything else, until its day."""
    LegalHold.objects.create(title=title, law=law, until=until, facts=facts, created_at=now)
    return Kept(title, law, until)


def _erase_patiently(person_id: UUID, *, now: datetime) -> tuple[Erasure, list[str]]:
    """Erase in a transaction of its own; begin again when something was written about the person meanwhile."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return _erase(person_id, now=now)
        except (IntegrityError, OperationalError):
            if attempt == TRIES:
                raise
    raise AssertionError  # pragma: no cover -- the loop returns or raises.


def _erase(person_id: UUID, *, now: datetime) -> tuple[Erasure, list[str]]:
    """Erase in the caller's transaction; return what happened, and the archives to delete once it has committed."""
    with system("Konto löschen"):
        # One erasure at a time. The weaker lock lets a booking that holds a date's lock finish; areas wait there.
        account = get_user_model()._base_manager.select_for_update(no_key=True).filter(pk=person_id)  # noqa: SLF001 -- Django's documented name of the plain manager.
        if not account.values_list("pk").first():
            sentence = "Dieses Konto gibt es nicht mehr."
            raise NotFound(sentence)
        files = [job.file for job in ExportJob.objects.select_for_update().filter(person_id=person_id)]
        kinds = []
        for kind in list_for_erasure():
            erased: Erased = call(kind.data.erase, person_id, now=now)
            kinds.append(KindErased(kind.data.title, erased.rows, erased.kept))
        return Erasure(tuple(reversed(kinds))), files


def _clean_up(book: Journal, noted: str, person_id: UUID, *, files: list[str], now: datetime) -> None:
    """Delete the archives and note the end. What fails here is made good by the next sweep and the next start."""
    try:
        remove_files(files)
        book.finish(noted, book.hash_of(person_id), now=now)
    except OSError:
        logger.exception("Erasure %s is committed; its end could not be noted", noted)


def _exists(person_id: UUID) -> bool:
    return get_user_model()._base_manager.filter(pk=person_id).exists()  # noqa: SLF001 -- as below.


def _all_ids() -> Iterator[UUID]:
    people = get_user_model()._base_manager  # noqa: SLF001 -- as below.
    return people.values_list("pk", flat=True).order_by("pk").iterator(chunk_size=10_000)
