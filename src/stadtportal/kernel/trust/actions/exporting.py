"""Handing a person everything the portal keeps about them, as one archive."""

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.template.loader import render_to_string

from stadtportal.kernel.contracts import Actor, NotFound, Progress, RuleBroken
from stadtportal.kernel.documents import api as documents
from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.trust.actions import own, system
from stadtportal.kernel.trust.actions.appending import append_events
from stadtportal.kernel.trust.engine.archive import Part, write_archive
from stadtportal.kernel.trust.models import ExportJob
from stadtportal.kernel.trust.queries.kinds import Kind, call, list_kinds
from stadtportal.kernel.trust.rules.keeping import EXPORT_KEPT, UNDER_WAY, ExportState
from stadtportal.kernel.trust.rules.readable import readable

EXPORT = jobs.JobName("trust.export")
logger = logging.getLogger(__name__)
#: The steps of an export besides reading each kind: the page, the PDF, the archive.
_LAST_STEPS = 3
#: A file of no export that is older than this belongs to nobody; a younger one may be about to be published.
_ABANDONED = timedelta(hours=1)


class ExportGone(Exception):  # noqa: N818 -- names what happened: the account was erased meanwhile.
    """The account or its export was erased while the export ran; nothing of it remains."""


class AccountGone(RuleBroken):
    """The account was erased a moment ago."""

    status = 410


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that is not in the archive, and why."""

    title: str
    reason: str


def exports_folder() -> Path:
    """Return the folder of finished archives, which nobody but the portal's account can enter."""
    folder = Path(settings.PORTAL_DATA) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def start_export(*, person_id: UUID, now: datetime) -> int:
    """Queue an export and return its id; one that is under way is that one. An older archive is deleted.

    Raises ``AccountGone`` when the account is being erased at this moment.
    """
    with transaction.atomic(), own(Actor(person_id=person_id)):
        # The lock of an erasure: an export asked for meanwhile waits here and then finds nobody.
        account = get_user_model()._base_manager.select_for_update(no_key=True).filter(pk=person_id)  # noqa: SLF001 -- Django's documented name of the plain manager.
        if not account.values_list("pk").first():
            sentence = "Dieses Konto wurde gerade gelöscht. Einen Export gibt es deshalb nicht mehr."
            raise AccountGone(sentence)
        running = ExportJob.objects.filter(person_id=person_id, state__in=UNDER_WAY).first()
        if running is not None:
            return running.pk
        old = list(ExportJob.objects.select_for_update().filter(person_id=person_id))
        job = ExportJob.objects.create(person_id=person_id, asked_at=now, state=ExportState.WAITING)
        ExportJob.objects.filter(pk__in=[one.pk for one in old]).delete()
        jobs.defer(EXPORT, job_id=job.pk)
        transaction.on_commit(lambda: remove_files(one.file for one in old))
    return job.pk


def run_export(*, job_id: int, now: datetime) -> None:
    """Do a queued export; once it is done, nothing. Raises ``ExportGone``; no half file is ever left."""
    with system("Export ausführen"):
        job = ExportJob.objects.filter(pk=job_id).first()
    if job is None or job.state not in UNDER_WAY:
        return
    actor = Actor(person_id=job.person_id)
    jobs_row = ExportJob.objects.filter(pk=job_id)

    def progress(done: int, total: int | None, what: str) -> None:
        if not jobs_row.update(state=ExportState.RUNNING, done=done, total=total or 0, what=what):
            raise ExportGone

    name = f"{secrets.token_hex(16)}.zip"
    unfinished = exports_folder() / f"{name}.part"
    try:
        missing = write_export(person_id=job.person_id, target=unfinished, now=now, progress=progress)
        with transaction.atomic(), own(actor):
            locked = jobs_row.select_for_update().first()
            if locked is None or locked.state not in UNDER_WAY:
                raise ExportGone
            size = unfinished.stat().st_size
            unfinished.rename(exports_folder() / name)
            jobs_row.update(
                state=ExportState.PARTIAL if missing else ExportState.DONE,
                file=name,
                size=size,
                finished_at=now,
                problems=[[one.title, one.reason] for one in missing],
                what="",
            )
    except OSError:
        logger.exception("Export %s could not be written", job_id)
        jobs_row.update(state=ExportState.FAILED, finished_at=now, what="")
    finally:
        unfinished.unlink(missing_ok=True)


def write_export(
    *,
    person_id: UUID,
    target: Path,
    now: datetime,
    progress: Progress,
    only: Callable[[Kind], bool] = lambda _kind: True,
) -> list[Missing]:
    """Write everything about one person to ``target``, readable by the portal's account only; return what is missing.

    A kind that cannot be read leaves its place with the reason; the rest is complete. Raises ``OSError`` when the file
    cannot be written, and whatever ``progress`` raises.
    """
    kinds = [kind for kind in list_kinds() if kind.data.export and only(kind)]
    total = len(kinds) + _LAST_STEPS
    with tempfile.TemporaryDirectory(dir=exports_folder()) as made:
        folder = Path(made)
        parts = []
        for number, kind in enumerate(kinds):
            progress(number, total, kind.data.title)
            parts.append(_read(kind, person_id=person_id, lines=folder / f"{number}.jsonl"))
        missing = [Missing(part.title, part.problem) for part in parts if part.problem]
        progress(len(kinds), total, "Seite zum Lesen")
        extra = {"lesen.html": _page(parts, now=now), "lesen.css": render_to_string("trust/export.css").encode()}
        progress(len(kinds) + 1, total, "PDF zum Lesen")
        try:
            extra["lesen.pdf"] = _pdf(parts, now=now)
        except Exception:  # noqa: BLE001 -- the archive is worth having without it.
            missing.append(Missing("PDF zum Lesen", _reason("lesen.pdf")))
        progress(len(kinds) + 2, total, "Archiv")
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        write_archive(target, parts=parts, extra=extra, made_at=now)
        progress(total, total, "Fertig")
    return missing


def export_for_operator(
    *, person_id: UUID, target: Path, operator: str, now: datetime, progress: Progress
) -> list[Missing]:
    """Write the archive for an operator who hands it over on paper or a stick; the person sees that it was made."""
    with transaction.atomic():
        append_events(
            [person_id],
            at=now,
            actor_id=None,
            actor_name=f"Betrieb des Portals (Terminal, {operator})",
            purpose="Auskunft an Sie erstellen",
            legal_basis="Art. 15 DSGVO",
            fields=["Alle Daten"],
            case_reference="",
            reason="",
        )
    return write_export(person_id=person_id, target=target, now=now, progress=progress)


def _read(kind: Kind, *, person_id: UUID, lines: Path) -> Part:
    """Read one kind; a failure of one area does not take the others along."""
    data = kind.data
    part = Part(
        name=kind.slug,
        title=data.title,
        about={
            "area": kind.owner_title,
            "purpose": data.purpose,
            "legal_basis": data.legal_basis,
            "retention": data.retention_words,
            "recipients": data.recipients,
        },
        words=data.words,
        lines=lines,
    )
    try:
        with transaction.atomic(), own(Actor(person_id=person_id)):
            things: Iterable[dict[str, Any]] = call(data.export, person_id)
            part.fill(things)
    except OSError:
        raise
    except Exception:  # noqa: BLE001 -- whatever one area does wrong is said in its place, not hidden.
        part.problem = _reason(kind.slug)
    return part


def _reason(what: str) -> str:
    """Log the error being handled and return a sentence with the mark under which the operators find it."""
    mark = secrets.token_hex(4)
    logger.exception("Export: %s failed (%s)", what, mark)  # noqa: LOG004 -- called by handlers only.
    return (
        "Dieser Teil ließ sich gerade nicht lesen. Bitte fordern Sie den Export später noch einmal an. Bleibt es "
        f"dabei, nennen Sie uns die Kennung {mark}."
    )


def _things(part: Part) -> Iterator[list[tuple[str, str]]]:
    for thing in part.things():
        yield readable(thing, part.words)


def _page(parts: Sequence[Part], *, now: datetime) -> bytes:
    sections = ({"part": part, "things": _things(part)} for part in parts)
    return render_to_string("trust/export.html", {"sections": sections, "parts": parts, "now": now}).encode()


def _pdf(parts: Sequence[Part], *, now: datetime) -> bytes:
    return documents.pdf_report(
        title="Ihre Daten im Stadtportal",
        intro="Alles, was das Stadtportal über Sie gespeichert hat, nach Art. 15 und Art. 20 DSGVO.",
        sections=[
            documents.ReportSection(
                title=part.title,
                intro=f"{part.about['purpose']}. Rechtsgrundlage: {part.about['legal_basis']}.",
                empty=part.problem or "Hierzu ist nichts gespeichert.",
                things=list(_things(part)),
            )
            for part in parts
        ],
        now=now,
    )


def open_export(*, actor: Actor, job_id: int, now: datetime) -> tuple[Path, datetime]:
    """Return the archive of one's own finished export and when it was made. Raises ``NotFound`` for all else."""
    sentence = "Diesen Export gibt es nicht mehr. Sie können jederzeit einen neuen anfordern."
    if actor.person_id is None:
        raise NotFound(sentence)
    with own(actor):
        job = ExportJob.objects.filter(pk=job_id, person_id=actor.person_id).first()
    if job is None or job.finished_at is None or not job.file or now > job.finished_at + EXPORT_KEPT:
        raise NotFound(sentence)
    path = exports_folder() / job.file
    if not path.exists():
        raise NotFound(sentence)
    return path, job.finished_at


def remove_files(names: Iterable[str]) -> None:
    """Delete archives by name; those already gone do not matter."""
    for name in names:
        if name:
            (exports_folder() / name).unlink(missing_ok=True)


def sweep_exports(*, now: datetime) -> int:
    """Delete archives past their time, and files that belong to no export; return how many files went."""
    with transaction.atomic():
        ExportJob.objects.filter(finished_at__lt=now - EXPORT_KEPT).delete()
    known = set(ExportJob.objects.exclude(file="").values_list("file", flat=True).iterator())
    gone = 0
    for path in exports_folder().iterdir():
        age = now.timestamp() - path.stat().st_mtime
        if path.name not in known and age > _ABANDONED.total_seconds():
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            gone += 1
    return gone
