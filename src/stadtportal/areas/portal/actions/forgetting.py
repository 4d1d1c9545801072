"""Erasing questions about looks."""

from datetime import datetime
from uuid import UUID

from stadtportal.areas.portal.models import Question
from stadtportal.kernel.contracts import Erased


def erase(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase what a person asked, and the answers."""
    return Erased(Question.objects.filter(person_id=person_id).delete()[0])


def expire(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Erase questions answered before ``before``; return the rows gone."""
    return Question.objects.filter(answered_at__lt=before).delete()[0]
