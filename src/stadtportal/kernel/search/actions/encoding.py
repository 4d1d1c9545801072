"""Encoding meaning in the background: entries that wait for it, and the glossary when it has changed."""

from __future__ import annotations

from django.db import connection, transaction

from stadtportal.kernel.contracts import Progress, silent
from stadtportal.kernel.search.engine.classifier import Numbers, as_numbers, train
from stadtportal.kernel.search.engine.encoder import as_literal, encode
from stadtportal.kernel.search.engine.glossary import get_glossary
from stadtportal.kernel.search.models import Entry, Expression, LearntConcepts
from stadtportal.kernel.search.rules.meaning import meaning_text

#: Entries per transaction: a second's work, so that what changes is found by meaning soon.
BATCH = 500
_GLOSSARY_LOCK = 0x5EA2C5

# Materialised: a plan may run a subquery with LIMIT several times and take more.
_TAKE = """
WITH taken AS MATERIALIZED (
    SELECT entry_id FROM search_unencoded ORDER BY entry_id LIMIT %s FOR UPDATE SKIP LOCKED
)
DELETE FROM search_unencoded WHERE entry_id IN (SELECT entry_id FROM taken) RETURNING entry_id
"""
_KEEP = """
INSERT INTO search_meaning (entry_id, key, vector)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[]::halfvec[])
ON CONFLICT (entry_id) DO UPDATE SET key = excluded.key, vector = excluded.vector
"""


def encode_pending(progress: Progress = silent) -> int:
    """Encode whatever waits, a batch per transaction; return how many entries that were. May run beside itself."""
    done = 0
    while count := _encode_batch():
        done += count
        progress(done, None, "Bedeutungen")
    return done


def _encode_batch() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        numbers = [number for (number,) in cursor.fetchall()]
        rows = list(
            Entry.objects.filter(pk__in=numbers).values_list("pk", "meaning_key", "title", "category_title", "summary")
        )
        texts = [meaning_text(title=title, category_title=kind, summary=text) for _, _, title, kind, text in rows]
        # Many places bear one name: each text is encoded once.
        distinct = list(dict.fromkeys(texts))
        vectors = dict(zip(distinct, map(as_literal, encode(distinct)), strict=True))
        if rows:
            cursor.execute(
                _KEEP, [[row[0] for row in rows], [row[1] for row in rows], [vectors[text] for text in texts]]
            )
    return len(numbers)


def encode_glossary(progress: Progress = silent) -> int:
    """Encode the glossary and learn from it if it has changed since; return how many expressions were written."""
    glossary = get_glossary()
    version = glossary.version
    if LearntConcepts.objects.filter(version=version).exists():
        return 0
    pairs = list(glossary.expressions())
    parts: list[Numbers] = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_GLOSSARY_LOCK])
            (mine,) = cursor.fetchone()
        # Whoever else is at it does it for all; waiting for them would hold up every other job.
        if not mine or LearntConcepts.objects.filter(version=version).exists():
            return 0
        Expression.objects.all().delete()
        for start in range(0, len(pairs), BATCH):
            batch = pairs[start : start + BATCH]
            encoded = encode([text for _, text, _ in batch])
            Expression.objects.bulk_create(
                Expression(concept=concept, text=text, german=german, version=version, vector=vector)
                for (concept, text, german), vector in zip(batch, encoded, strict=True)
            )
            parts.append(as_numbers(encoded))
            progress(start + len(batch), len(pairs), "Wortschatz")
        learnt = train(parts, [concept for concept, _, _ in pairs], progress)
        LearntConcepts.objects.all().delete()
        LearntConcepts.objects.create(version=version, body=learnt.to_bytes())
    return len(pairs)
