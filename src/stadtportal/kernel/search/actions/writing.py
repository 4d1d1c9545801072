"""Putting entries in and taking them out, one or a hundred thousand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.search.engine.terms import terms_of
from stadtportal.kernel.search.models import Entry, Rebuild, Removal
from stadtportal.kernel.search.rules.meaning import meaning_text
from stadtportal.kernel.search.rules.question import on_earth
from stadtportal.kernel.search.rules.text import folded, normalised, storable

#: Every writer shares this advisory lock; a rebuild takes it alone for the moment in which it begins.
WRITERS_LOCK = 0x5EA2C4
#: Encodes the meaning of whatever waits for it.
ENCODE = jobs.JobName("search.encode")
#: Rows per statement: large enough to be quick, small enough to stay within a few megabytes.
BATCH = 1000
#: More dates than these of one entry are not kept for searching.
MOST_DAYS = 400
LONGEST_VOCABULARY_WORD = 40

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
    "languages": "text[]",
    "days": "date[]",
    "meaning_key": "text",
}
_NAMES = ", ".join(_COLUMNS)
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS, "generation", "names", "vector"))
_PUT = f"""
WITH draft AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(drafts)s::jsonb) AS draft({_TYPED}, names text, vector text)
)
INSERT INTO search_entry ({_NAMES}, uses, generation, names, vector)
SELECT {_NAMES}, 0, %(generation)s, names::tsvector, vector::tsvector
FROM draft
WHERE NOT %(rebuilding)s OR NOT EXISTS (
    SELECT 1 FROM search_removal AS removed
    WHERE removed.area = draft.area AND removed.kind = draft.kind AND removed.key = draft.key
)
ON CONFLICT (area, kind, key) DO UPDATE SET {_CHANGES}
WHERE NOT %(rebuilding)s OR search_entry.generation < excluded.generation
RETURNING id
"""  # noqa: S608 -- built from the column names above alone; every value is a parameter.
_WORDS = """
INSERT INTO search_word (word, key, entries, "foreign")
SELECT word, key, 1, false FROM unnest(%s::text[], %s::text[]) AS new(word, key)
WHERE NOT EXISTS (SELECT 1 FROM search_word AS known WHERE known.word = new.word)
"""
_UNENCODED = """
INSERT INTO search_unencoded (entry_id)
SELECT e.id FROM search_entry AS e LEFT JOIN search_meaning AS m ON m.entry_id = e.id
WHERE e.id = ANY(%s) AND m.key IS DISTINCT FROM e.meaning_key
ON CONFLICT DO NOTHING
"""


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
        _, removed = Entry.objects.filter(area=area, kind=kind, key__in=keys).delete()
    return removed.get("search.Entry", 0)


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
    rows = {(draft.area, draft.kind, draft.key): draft for draft in drafts}
    # Rows are locked in one order everywhere, so two writers wait for each other but never in a circle.
    words: dict[str, None] = {}
    ordered = [_row(rows[key], words) for key in sorted(rows)]
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            {
                "drafts": json.dumps(ordered, ensure_ascii=False),
                "generation": generation,
                "rebuilding": rebuilding,
            },
        )
        written = [number for (number,) in cursor.fetchall()]
        spelt = [word for word in words if vocabulary_word(word)]
        cursor.execute(_WORDS, [spelt, [folded(word) for word in spelt]])
        cursor.execute(_UNENCODED, [written])
        if cursor.rowcount:
            jobs.defer(ENCODE)
    return len(ordered) if rebuilding else len(written)


def vocabulary_word(word: str) -> bool:
    """Tell whether a word is one that people may mistype: letters only, neither very short nor endless."""
    return word.isalpha() and 2 < len(word) <= LONGEST_VOCABULARY_WORD  # noqa: PLR2004 -- "Ohr" is the shortest.


def batches(drafts: Iterable[EntryDraft], size: int) -> Iterator[list[EntryDraft]]:
    """Cut drafts into lists of at most ``size``."""
    source = iter(drafts)
    while batch := list(islice(source, size)):
        yield batch


def _row(draft: EntryDraft, words: dict[str, None]) -> dict[str, Any]:
    """Return one draft as the statement reads it, and note its words. Lengths are cut to what an index can hold."""
    title = storable(draft.title).strip()[:300]
    if not title or not draft.url.startswith("/") or not draft.key:
        message = f"entry {draft.area}:{draft.kind}:{draft.key} needs a title, a key and an address of the portal"
        raise ValueError(message)
    if draft.point is not None and not on_earth(*draft.point):
        message = f"entry {draft.area}:{draft.kind}:{draft.key} lies at {draft.point}, which is not on earth"
        raise ValueError(message)
    latitude, longitude = draft.point or (None, None)
    texts = {
        "title": title,
        "summary": storable(draft.summary)[:1000],
        "words": storable(draft.words)[:10_000],
        "body": storable(draft.body)[:100_000],
        "category_title": storable(draft.category_title)[:200],
        "address": storable(draft.address)[:300],
        "organisation": storable(draft.organisation)[:300],
    }
    terms = terms_of(texts, tags=draft.tags)
    words.update(dict.fromkeys(terms.words))
    meaning = meaning_text(title=title, category_title=texts["category_title"], summary=texts["summary"])
    return texts | {
        "area": draft.area,
        "kind": draft.kind,
        "key": draft.key,
        "title_key": normalised(title),
        "url": draft.url,
        "category": draft.category[:100],
        "district": draft.district[:100],
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
        "languages": list(draft.languages),
        "days": [day.isoformat() for day in draft.days[:MOST_DAYS]],
        "meaning_key": hashlib.sha1(meaning.encode(), usedforsecurity=False).hexdigest(),
        "names": terms.names,
        "vector": terms.vector,
    }
