"""One's own questions about looks as the export writes them, and when their time begins."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from stadtportal.areas.portal.models import Question


def export(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield what a person asked about looks, and the answers, oldest first."""
    for question in Question.objects.filter(person_id=person_id).order_by("asked_at", "pk").iterator():
        yield {
            "case": question.case_reference,
            "look": question.look_id,
            "about": question.about,
            "text": question.text,
            "asked_at": question.asked_at.isoformat(),
            "answer": question.answer,
            "answered_by": question.answered_by,
            "answered_at": question.answered_at.isoformat() if question.answered_at else None,
        }


def oldest(person_id: UUID) -> datetime | None:
    """Return when the first of a person's answered questions was answered."""
    question = Question.objects.filter(person_id=person_id, answered_at__isnull=False).order_by("answered_at").first()
    return question.answered_at if question else None
