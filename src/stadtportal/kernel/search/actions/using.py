"""Counting how often something is opened: a number a day for each entry, nothing about who opened it."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, timedelta
from threading import Lock

from django.db import connection

_WRITTEN_EVERY_S = 30.0
_COUNTED_DAYS = 90

_counted: Counter[tuple[str, str, str, date]] = Counter()
_lock = Lock()
_written_at = time.monotonic()

_WRITE = """
INSERT INTO search_use (area, kind, key, day, count)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::int[]) ORDER BY 1, 2, 3, 4
ON CONFLICT (area, kind, key, day) DO UPDATE SET count = search_use.count + excluded.count
"""
_SUM = """
WITH forgotten AS (DELETE FROM search_use WHERE day < %(since)s),
summed AS (SELECT area, kind, key, sum(count)::int AS n FROM search_use WHERE day >= %(since)s GROUP BY 1, 2, 3)
UPDATE search_entry AS e SET uses = coalesce(s.n, 0)
FROM search_entry AS old LEFT JOIN summed AS s USING (area, kind, key)
WHERE e.id = old.id AND e.uses <> coalesce(s.n, 0)
"""


def count_use(*, area: str, kind: str, key: str, today: date) -> None:
    """Note that the page of an entry was opened. Written every half minute; a process that dies loses those since."""
    global _written_at  # noqa: PLW0603 -- one clock per process.
    with _lock:
        _counted[area, kind, key, today] += 1
        if time.monotonic() - _written_at < _WRITTEN_EVERY_S:
            return
        _written_at = time.monotonic()
    write_uses()


def write_uses() -> None:
    """Write what this process has counted."""
    with _lock:
        counted = dict(_counted)
        _counted.clear()
    if counted:
        columns = [list(column) for column in zip(*counted, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [*columns, list(counted.values())])


def sum_uses(*, today: date) -> int:
    """Sum up the last 90 days for ranking and forget older ones; return how many entries changed."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM, {"since": today - timedelta(days=_COUNTED_DAYS)})
        return int(cursor.rowcount)
