"""Requests under Art. 16, 18 and 21 as the desk sees them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.trust.models import DataRight
from stadtportal.kernel.trust.queries.keeping import find_right, list_open_rights
from stadtportal.kernel.trust.rules.keeping import ARTICLE_TITLES, Article


@dataclass(frozen=True, slots=True)
class RightView:
    """A request under Art. 16, 18 or 21; ``granted`` is ``None`` until it is answered."""

    reference: str
    person_id: UUID
    title: str
    statement: str
    asked_at: datetime
    answer: str
    granted: bool | None
    answered_at: datetime | None
    answered_by: str


def get_right(reference: str) -> RightView:
    """Return the request that belongs to a case. Needs an open reading. Raises ``NotFound``."""
    right = find_right(reference=reference)
    if right is None:
        sentence = "Diesen Antrag gibt es nicht."
        raise NotFound(sentence)
    return _right_view(right)


def list_rights(*, limit: int = 200) -> list[RightView]:
    """Return the requests nobody has answered, oldest first. Needs an open reading."""
    return [_right_view(right) for right in list_open_rights(limit=limit)]


def _right_view(right: DataRight) -> RightView:
    return RightView(
        reference=right.case_reference,
        person_id=right.person_id,
        title=ARTICLE_TITLES[Article(right.article)],
        statement=right.statement,
        asked_at=right.asked_at,
        answer=right.answer,
        granted=right.granted,
        answered_at=right.answered_at,
        answered_by=right.answered_by,
    )
