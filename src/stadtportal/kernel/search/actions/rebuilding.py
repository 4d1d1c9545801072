"""Rebuilding the whole index from the areas while it is being read and written."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from stadtportal.kernel.contracts import Progress, registry, silent
from stadtportal.kernel.search.actions.writing import BATCH, WRITERS_LOCK, batches, write_batch
from stadtportal.kernel.search.models import Entry, Rebuild, Removal
from stadtportal.kernel.search.queries.counts import forget_counts
from stadtportal.kernel.search.rules.text import clean

_VOCABULARY = """
DELETE FROM search_word;
INSERT INTO search_word (word, key, entries)
SELECT word, unaccent(word), ndoc
FROM ts_stat($$
    SELECT to_tsvector('simple', concat_ws(' ', title, words, category_title, organisation)) FROM search_entry
$$)
WHERE length(word) BETWEEN 3 AND 60 AND word ~ '^[[:alpha:]]+$';
"""
_PLACES = """
INSERT INTO search_word (word, key, entries)
SELECT word, unaccent(word), 1 FROM unnest(%s::text[]) AS place(word)
WHERE length(word) BETWEEN 3 AND 60 AND word ~ '^[[:alpha:]]+$'
    AND NOT EXISTS (SELECT 1 FROM search_word AS known WHERE known.word = place.word)
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
        stale, _ = Entry.objects.filter(generation__lt=generation).delete()
        Rebuild.objects.filter(pk__lte=generation, finished_at=None).update(finished_at=timezone.now())
        Removal.objects.all().delete()
    refresh_vocabulary()
    _tidy()
    forget_counts()
    progress(done, done, f"{stale} veraltete Einträge entfernt")
    return Entry.objects.count()


def refresh_vocabulary() -> None:
    """Count the words of all titles, categories, organisations and place names anew: they correct what is mistyped."""
    places = {word.lower() for place in registry.place_names() for word in clean(place.name).words}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_VOCABULARY)
        cursor.execute(_PLACES, [sorted(places)])


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
        cursor.execute("ANALYZE search_entry, search_word")
