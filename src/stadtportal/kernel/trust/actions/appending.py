"""Writing events for what nobody read but somebody received."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from stadtportal.kernel.trust.models import AccessEvent


def append_events(subjects: Sequence[UUID], *, at: datetime, **said: Any) -> None:  # noqa: ANN401 -- fields of an event.
    """Write one event for each person, inside the transaction of whoever calls."""
    AccessEvent.objects.bulk_create(AccessEvent(subject_id=subject, at=at, **said) for subject in subjects)
