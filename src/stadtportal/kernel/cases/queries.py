"""Looking cases up. All of these need an open reading."""

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
