"""Who looked at my data."""

from uuid import UUID

from stadtportal.kernel.trust.models import AccessEvent


def list_events(*, person_id: UUID, limit: int = 50, offset: int = 0) -> list[AccessEvent]:
    """Return who looked at this person's data, newest first."""
    rows = AccessEvent.objects.filter(subject_id=person_id).order_by("-at", "-id")
    return list(rows[offset : offset + limit])


def count_events(*, person_id: UUID) -> int:
    """Count who looked at this person's data."""
    return AccessEvent.objects.filter(subject_id=person_id).count()
