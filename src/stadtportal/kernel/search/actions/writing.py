"""Putting entries in and taking them out, one or a hundred thousand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.search.models import Entry, Rebuild, Removal
from stadtportal.kernel.search.rules.question import on_earth
from stadtportal.kernel.search.rules.text import normalised, storable

#: Every writer shares this advisory lock; a rebuild takes it alone for the moment in which it begins.
WRITERS_LOCK = 0x5EA2C4
#: Rows per statement: large enough to be quick, small enough to stay within a few megabytes.
BATCH = 1000

# Columns of the table in the order of the statement below, with the type each has in the JSON handed over.
_COLUMNS = {
    "area": "text",
    "kind": "text",
    "key": "text",
    "title": "text",
    "title_key": "text",
    "url": "text",
    "summary": "text",
    "words": "text",
    "body": "text",
    "category": "text",
    "category_title": "text",
    "district": "text",
    "address": "text",
    "organisation": "text",
    "lat": "float8",
    "lon": "float8",
    "opening_hours": "text",
    "next_at": "timestamptz",
    "price_cents": "int",
    "audience": "text[]",
    "accessible": "bool",
    "source_id": "text",
    "label": "text",
    "weight": "int",
}
_NAMES = ", ".join(_COLUMNS)
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS, "generation", "names", "vector"))
_PUT = f"""
WITH draft AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%(drafts)s::jsonb) AS draft({_TYPED})),
vocabulary AS (
    INSERT INTO search_word (word, key, entries)
    SELECT lexeme, unaccent(lexeme), count(*)
    FROM draft, unnest(to_tsvector('simple', concat_ws(' ', title, words, category_title, organisation)))
    WHERE length(lexeme) BETWEEN 3 AND 60 AND lexeme ~ '^[[:alpha:]]+$'
    GROUP BY lexeme
    HAVING NOT EXISTS (SELECT 1 FROM search_word WHERE search_word.word = lexeme)
)
INSERT INTO search_entry ({_NAMES}, generation, names, vector)
SELECT {_NAMES}, %(generation)s, search_stems(title),
    setweight(search_stems(title), 'A')
    || setweight(search_stems(concat_ws(' ', words, category_title, organisation)), 'B')
    || setweight(search_stems(concat_ws(' ', summary, address)), 'C')
    || setweight(search_stems(body), 'D')
FROM draft
WHERE NOT %(rebuilding)s OR NOT EXISTS (
    SELECT 1 FROM search_removal AS removed
    WHERE removed.area = draft.area AND removed.kind = draft.kind AND removed.key = draft.key
)
ON CONFLICT (area, kind, key) DO UPDATE SET {_CHANGES}
WHERE NOT %(rebuilding)s OR search_entry.generation < excluded.generation
"""  # noqa: S608 -- built from the column names above alone; every value is a parameter.


def put(*drafts: EntryDraft) -> int:
    """Write entries in the caller's transaction, new and changed ones alike; return how many were written.

    Of two drafts with one key the later counts. Raises ``ValueError`` for a draft without a title, with an
    address outside the portal, or with a point that is not on earth.
    """
    if not drafts:
        return 0
    with transaction.atomic():
        generation = join_writers()
        return sum(write_batch(batch, generation=generation, rebuilding=False) for batch in batches(drafts, BATCH))


def remove(*, area: str, kind: str, keys: Sequence[str]) -> int:
    """Take entries out in the caller's transaction; return how many were there."""
    if not keys:
        return 0
    with transaction.atomic():
        join_writers()
        if Rebuild.objects.filter(finished_at=None).exists():
            Removal.objects.bulk_create(Removal(area=area, kind=kind, key=key) for key in keys)
        removed, _ = Entry.objects.filter(area=area, kind=kind, key__in=keys).delete()
    return removed


def join_writers() -> int:
    """Hold off the beginning of a rebuild until this transaction ends; return the current generation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITERS_LOCK])
        # A statement of its own: its snapshot must be younger than the lock.
        cursor.execute("SELECT coalesce(max(id), 0) FROM search_rebuild")
        (generation,) = cursor.fetchone()
    return int(generation)


def write_batch(drafts: Sequence[EntryDraft], *, generation: int, rebuilding: bool) -> int:
    """Write one batch. A rebuild leaves alone what was written or removed since it began."""
    rows = {(draft.area, draft.kind, draft.key): _row(draft) for draft in drafts}
    # Rows are locked in one order everywhere, so two writers wait for each other but never in a circle.
    ordered = [rows[key] for key in sorted(rows)]
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            {
                "drafts": json.dumps(ordered, ensure_ascii=False),
                "generation": generation,
                "rebuilding": rebuilding,
            },
        )
        if rebuilding:
            return len(ordered)
        return int(cursor.rowcount)


def batches(drafts: Iterable[EntryDraft], size: int) -> Iterator[list[EntryDraft]]:
    """Cut drafts into lists of at most ``size``."""
    source = iter(drafts)
    while batch := list(islice(source, size)):
        yield batch


def _row(draft: EntryDraft) -> dict[str, Any]:
    """Return one draft as the statement reads it. Lengths are cut to what an index can hold."""
    title = storable(draft.title).strip()[:300]
    if not title or not draft.url.startswith("/") or not draft.key:
        message = f"entry {draft.area}:{draft.kind}:{draft.key} needs a title, a key and an address of the portal"
        raise ValueError(message)
    if draft.point is not None and not on_earth(*draft.point):
        message = f"entry {draft.area}:{draft.kind}:{draft.key} lies at {draft.point}, which is not on earth"
        raise ValueError(message)
    latitude, longitude = draft.point or (None, None)
    return {
        "area": draft.area,
        "kind": draft.kind,
        "key": draft.key,
        "title": title,
        "title_key": normalised(title),
        "url": draft.url,
        "summary": storable(draft.summary)[:1000],
        "words": storable(draft.words)[:10_000],
        "body": storable(draft.body)[:100_000],
        "category": draft.category[:100],
        "category_title": storable(draft.category_title)[:200],
        "district": draft.district[:100],
        "address": storable(draft.address)[:300],
        "organisation": storable(draft.organisation)[:300],
        "lat": latitude,
        "lon": longitude,
        "opening_hours": storable(draft.opening_hours)[:2000],
        "next_at": draft.next_at.isoformat() if draft.next_at else None,
        "price_cents": draft.price_cents,
        "audience": [storable(word) for word in draft.audience],
        "accessible": draft.accessible,
        "source_id": draft.source_id,
        "label": storable(draft.label),
        "weight": draft.weight,
    }
