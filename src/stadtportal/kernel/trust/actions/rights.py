"""Requests under Art. 16, 18 and 21 GDPR: written down when they come, answered once."""

from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import NotFound, RuleBroken
from stadtportal.kernel.trust.models import DataRight


class AlreadyAnswered(RuleBroken):
    """Somebody else has answered meanwhile."""


def add_right(*, person_id: UUID, case_reference: str, article: int, statement: str, now: datetime) -> None:
    """Write down what a person asks for, in the transaction that opens the case."""
    DataRight.objects.create(
        person_id=person_id, case_reference=case_reference, article=article, statement=statement, asked_at=now
    )


def answer_right(*, case_reference: str, answer: str, granted: bool, answered_by: str, now: datetime) -> UUID:
    """Answer a request, once; return whose it is. Needs an open reading. Raises ``NotFound``, ``AlreadyAnswered``."""
    right = DataRight.objects.select_for_update().filter(case_reference=case_reference).first()
    if right is None:
        sentence = "Diesen Antrag gibt es nicht."
        raise NotFound(sentence)
    if right.answered_at is not None:
        sentence = "Dieser Antrag ist schon beantwortet."
        raise AlreadyAnswered(sentence)
    right.answer, right.granted, right.answered_by, right.answered_at = answer, granted, answered_by, now
    right.save()
    return right.person_id
