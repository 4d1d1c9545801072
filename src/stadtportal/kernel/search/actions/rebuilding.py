"""Rebuilding the whole index from the areas while it is being read and written."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from stadtportal.kernel.contracts import Progress, registry, silent
from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.search.actions.writing import (
    BATCH,
    ENCODE,
    WRITERS_LOCK,
    batches,
    vocabulary_word,
    write_batch,
)
from stadtportal.kernel.search.engine.glossary import get_glossary
from stadtportal.kernel.search.models import Entry, Rebuild, Removal
from stadtportal.kernel.search.queries.counts import forget_counts
from stadtportal.kernel.search.rules.text import folded, words_of

_COUNTING_LOCK = 0x5EA2C6
# Every lexeme stands once in an entry, so that counting lexemes counts entries.
_LEXEMES = """
DELETE FROM search_lexeme;
INSERT INTO search_lexeme (lexeme, entries) SELECT word, ndoc FROM ts_stat('SELECT vector FROM search_entry');
"""
_COUNT_WORDS = """
SELECT word, ndoc FROM ts_stat($$
    SELECT to_tsvector('simple', concat_ws(' ', title, words, category_title, organisation, address)) FROM search_entry
$$)
"""
_VOCABULARY = """
DELETE FROM search_word;
INSERT INTO search_word (word, key, entries, "foreign")
SELECT * FROM unnest(%s::text[], %s::text[], %s::int[], %s::bool[])
"""


def rebuild(progress: Progress = silent) -> int:
    """Write every entry of every area anew and drop what no area knows any more; return how many there are.

    Nobody waits: old entries answer until their successor is written, each batch commits by itself, and what is
    put or removed meanwhile stays as it is. Raises whatever an area raises; then nothing stale was dropped.
    """
    generation = _begin()
    done = 0
    for area in registry.areas():
        for batch in batches(area.entries(), BATCH):
            with transaction.atomic():
                done += write_batch(batch, generation=generation, rebuilding=True)
            progress(done, None, area.title)
    with transaction.atomic():
        _, stale = Entry.objects.filter(generation__lt=generation).delete()
        Rebuild.objects.filter(pk__lte=generation, finished_at=None).update(finished_at=timezone.now())
        Removal.objects.all().delete()
        jobs.defer(ENCODE)
    refresh_vocabulary()
    _tidy()
    forget_counts()
    progress(done, done, f"{stale.get('search.Entry', 0)} veraltete Einträge entfernt")
    return Entry.objects.count()


def refresh_vocabulary() -> None:
    """Count lexemes and words anew: of entries, of place names, and those of the glossary. They weigh and correct."""
    said = get_glossary().vocabulary()
    places = {word.lower() for place in registry.place_names() for word in words_of(place.name)}
    with transaction.atomic(), connection.cursor() as cursor:
        # Two imports may end at once: one counts after the other.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING_LOCK])
        cursor.execute(_LEXEMES)
        cursor.execute(_COUNT_WORDS)
        counted = dict.fromkeys((*places, *said), 1) | dict(cursor.fetchall())
        words = sorted(word for word in counted if vocabulary_word(word))
        foreign = [said.get(word, False) and counted[word] == 1 and word not in places for word in words]
        cursor.execute(
            _VOCABULARY, [words, [folded(word) for word in words], [counted[word] for word in words], foreign]
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_lexeme, search_word")


def _begin() -> int:
    """Open a generation once no writer is at work; writers that come later belong to it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        return Rebuild.objects.create(started_at=timezone.now()).pk


def _tidy() -> None:
    """Work the index's waiting list in and count values anew, so that the first search is as quick as the next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_entry_words')")
        cursor.execute("ANALYZE search_entry, search_meaning")
