"""Count an attempt against a rate limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from stadtportal.kernel.contracts import Erased
from stadtportal.kernel.web.models import RateWindow

# One statement counts, so that attempts at the same moment are all counted.
_COUNT = """
    INSERT INTO web_ratewindow AS present (key, hits, expires_at) VALUES (%(key)s, 1, %(expires_at)s)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN present.expires_at <= %(now)s THEN 1 ELSE present.hits + 1 END,
        expires_at = CASE WHEN present.expires_at <= %(now)s THEN excluded.expires_at ELSE present.expires_at END
    RETURNING hits, expires_at
"""


@dataclass(frozen=True, slots=True)
class Count:
    """How often the key was seen in this window, and when the window ends."""

    hits: int
    expires_at: datetime


def count_attempt(*, key: str, per_seconds: int, now: datetime) -> Count:
    """Count one attempt and return where it stands. A new window also sweeps out some that are over."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {"key": key, "now": now, "expires_at": now + timedelta(seconds=per_seconds)},
        )
        hits, expires_at = cursor.fetchone()
        if hits == 1:
            over = RateWindow.objects.filter(expires_at__lte=now).order_by("expires_at")
            keys = over.select_for_update(skip_locked=True).values("key")[:50]
            RateWindow.objects.filter(key__in=keys).delete()
    return Count(hits=hits, expires_at=expires_at)


def export_windows(_person_id: UUID) -> Iterator[Mapping[str, Any]]:
    """Yield nothing: a window is kept under a keyed hash that does not say whose it is (Art. 11 GDPR)."""
    return iter(())


def oldest_window(_person_id: UUID) -> datetime | None:
    """Return nothing, for the same reason."""
    return None


def erase_windows(_person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase nothing: which windows were the person's cannot be told; they end within a day by themselves."""
    return Erased(0)


def expire_windows(_before: datetime, *, now: datetime) -> int:
    """Erase the windows that are over."""
    return RateWindow.objects.filter(expires_at__lte=now).delete()[0]
