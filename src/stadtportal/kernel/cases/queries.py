"""Looking cases up. All of these need an open reading."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from stadtportal.kernel.cases.models import Case, CaseEvent


def list_cases(*, person_id: UUID, final: bool | None, areas: frozenset[str], limit: int, offset: int) -> list[Case]:
    """Return a person's cases, last changed first; ``final`` filters by whether they are over, empty ``areas`` not."""
    rows = Case.objects.filter(person_id=person_id)
    if areas:
        rows = rows.filter(area__in=areas)
    if final is not None:
        rows = rows.filter(final=final)
    return list(rows.order_by("final", "-updated_at", "-id")[offset : offset + limit])


def count_cases(*, person_id: UUID, final: bool | None, areas: frozenset[str]) -> int:
    """Count a person's cases, in these areas or, without any, in all of them."""
    rows = Case.objects.filter(person_id=person_id)
    if areas:
        rows = rows.filter(area__in=areas)
    return (rows if final is None else rows.filter(final=final)).count()


def find_case(*, person_id: UUID, reference: str) -> Case | None:
    """Return a person's case with that reference, if it is theirs."""
    return Case.objects.filter(person_id=person_id, reference=reference).first()


def list_case_events(*, case: Case) -> list[CaseEvent]:
    """Return a case's history in order."""
    return list(case.events.order_by("at", "id"))


def export(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield a person's cases with their history, oldest first."""
    rows = Case.objects.filter(person_id=person_id).order_by("id").prefetch_related("events")
    for case in rows.iterator(chunk_size=500):
        yield {
            "reference": case.reference,
            "area": case.area,
            "kind": case.kind,
            "title": case.title,
            "status": case.status,
            "final": case.final,
            "next_step": case.next_step,
            "next_at": case.next_at.isoformat() if case.next_at else None,
            "undo_until_at": case.undo_until_at.isoformat() if case.undo_until_at else None,
            "opened_at": case.opened_at.isoformat(),
            "updated_at": case.updated_at.isoformat(),
            "history": [
                {
                    "at": event.at.isoformat(),
                    "status": event.status,
                    "sentence": event.sentence,
                    "by": event.actor_name,
                }
                for event in sorted(case.events.all(), key=lambda event: (event.at, event.pk))
            ],
        }


def oldest(person_id: UUID) -> datetime | None:
    """Return when the first of a person's finished cases ended."""
    case = Case.objects.filter(person_id=person_id, final=True).order_by("updated_at").first()
    return case.updated_at if case else None
