"""Notices of a breach as operators see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.trust.models import BreachNotice
from stadtportal.kernel.trust.queries import breach
from stadtportal.kernel.trust.queries.kinds import find_kind


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of a breach as operators see it; ``sent`` of ``concerned`` people have got it."""

    id: int
    kind_title: str
    since: datetime
    until: datetime
    subject: str
    body: str
    drafted_by_id: UUID | None
    drafted_by_name: str
    drafted_at: datetime
    released_by_name: str
    released_at: datetime | None
    finished_at: datetime | None
    sent: int
    concerned: int


def get_notice(notice_id: int) -> NoticeView:
    """Return a notice. Raises ``NotFound``."""
    notice = breach.find_notice(notice_id)
    if notice is None:
        sentence = "Diesen Hinweis gibt es nicht."
        raise NotFound(sentence)
    return _notice_view(notice)


def list_notices(*, limit: int = 50) -> list[NoticeView]:
    """Return the newest notices."""
    return [_notice_view(notice) for notice in breach.list_notices(limit=limit)]


def _notice_view(notice: BreachNotice) -> NoticeView:
    sent, concerned = breach.count_addressees(notice.pk)
    kind = find_kind(notice.kind)
    return NoticeView(
        id=notice.pk,
        kind_title=kind.data.title if kind else notice.kind,
        since=notice.since,
        until=notice.until,
        subject=notice.subject,
        body=notice.body,
        drafted_by_id=notice.drafted_by_id,
        drafted_by_name=notice.drafted_by_name,
        drafted_at=notice.drafted_at,
        released_by_name=notice.released_by_name,
        released_at=notice.released_at,
        finished_at=notice.finished_at,
        sent=sent,
        concerned=concerned,
    )
