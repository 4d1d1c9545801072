"""Looking cases up. All of these need an open reading."""

from uuid import UUID

from stadtportal.kernel.cases.models import Case, CaseEvent


def list_cases(*, person_id: UUID, final: bool | None, limit: int, offset: int) -> list[Case]:
    """Return a person's cases, last changed first; ``final`` filters by whether they are over."""
    rows = Case.objects.filter(person_id=person_id)
    if final is not None:
        rows = rows.filter(final=final)
    return list(rows.order_by("final", "-updated_at", "-id")[offset : offset + limit])


def count_cases(*, person_id: UUID, final: bool | None) -> int:
    """Count a person's cases."""
    rows = Case.objects.filter(person_id=person_id)
    return (rows if final is None else rows.filter(final=final)).count()


def find_case(*, person_id: UUID, reference: str) -> Case | None:
    """Return a person's case with that reference, if it is theirs."""
    return Case.objects.filter(person_id=person_id, reference=reference).first()


def list_case_events(*, case: Case) -> list[CaseEvent]:
    """Return a case's history in order."""
    return list(case.events.order_by("at", "id"))
