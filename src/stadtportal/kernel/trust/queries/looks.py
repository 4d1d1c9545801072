"""A person's own access log, filtered and counted by day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from stadtportal.kernel.trust.models import AccessEvent
from stadtportal.kernel.trust.rules.looks import LookFilter

_BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person's data. ``id`` is its number in the log, ``seq`` that among this person's. ``at`` is UTC."""

    id: int
    seq: int
    at: datetime
    actor_name: str
    purpose: str
    legal_basis: str
    fields: tuple[str, ...]
    case_reference: str


def _look(event: AccessEvent) -> Look:
    return Look(
        id=event.pk,
        seq=event.subj_seq,
        at=event.at,
        actor_name=event.actor_name,
        purpose=event.purpose,
        legal_basis=event.legal_basis,
        fields=tuple(event.fields),
        case_reference=event.case_reference,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=_BERLIN)


def _filtered(person_id: UUID, asked: LookFilter) -> QuerySet[AccessEvent]:
    rows = AccessEvent.objects.filter(subject_id=person_id)
    if asked.who:
        rows = rows.filter(actor_name=asked.who)
    if asked.purpose:
        rows = rows.filter(purpose=asked.purpose)
    if asked.since:
        rows = rows.filter(at__gte=_start(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_start(asked.until + timedelta(days=1)))
    return rows


def list_looks(*, person_id: UUID, asked: LookFilter, limit: int, offset: int) -> list[Look]:
    """Return who looked at this person's data, newest first."""
    rows = _filtered(person_id, asked).order_by("-subj_seq")[offset : offset + limit]
    return [_look(event) for event in rows]


def count_looks(*, person_id: UUID, asked: LookFilter) -> int:
    """Count those looks."""
    return _filtered(person_id, asked).count()


def find_look(*, person_id: UUID, look_id: int) -> Look | None:
    """Return one look at this person's data, if it was at theirs."""
    event = AccessEvent.objects.filter(subject_id=person_id, pk=look_id).first()
    return _look(event) if event else None


def count_by_day(*, person_id: UUID, since: date) -> dict[date, int]:
    """Count the looks of each day in Berlin from ``since`` on."""
    rows = (
        _filtered(person_id, LookFilter(since=since))
        .annotate(day=TruncDate("at", tzinfo=_BERLIN))
        .values_list("day")
        .annotate(looks=Count("pk"))
        .order_by("day")
    )
    return dict(rows)


def list_names(*, person_id: UUID) -> tuple[list[str], list[str]]:
    """Return who ever looked, and what for, in alphabetical order."""
    rows = AccessEvent.objects.filter(subject_id=person_id).order_by()
    return (
        sorted(rows.values_list("actor_name", flat=True).distinct()),
        sorted(rows.values_list("purpose", flat=True).distinct()),
    )
