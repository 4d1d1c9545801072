"""How often words occur, and which words of the vocabulary are near to one that does not."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from stadtportal.kernel.search.queries import counts
from stadtportal.kernel.search.rules.spelling import Neighbour
from stadtportal.kernel.search.rules.text import folded

_LOOKED_AT = 50

# What was written since the last count is looked up itself.
_ENTRIES = """
SELECT asked.lexeme, coalesce(known.entries, (
    SELECT count(*) FROM (SELECT 1 FROM search_entry WHERE vector @@ asked.query::tsquery LIMIT 30) AS one
))
FROM unnest(%s::text[], %s::text[]) AS asked(lexeme, query) LEFT JOIN search_lexeme AS known USING (lexeme)
"""
# Two words are one mistake apart when they become the same with one letter left out of each at most; two mistakes in a
# longer word still leave it many of its trigrams.
_NEIGHBOURS = """
SELECT asked.key, near.word, near.key, near.entries, near."foreign"
FROM unnest(%(keys)s::text[]) AS asked(key)
CROSS JOIN LATERAL (
    SELECT word, key, entries, "foreign" FROM (
        SELECT word, key, entries, "foreign" FROM search_word
        WHERE search_deletions(key) && search_deletions(asked.key)
        UNION
        SELECT word, key, entries, "foreign" FROM search_word WHERE key %% asked.key AND length(asked.key) > 5
    ) AS candidate
    WHERE levenshtein_less_equal(key, asked.key, 4) <= 4
    ORDER BY levenshtein_less_equal(key, asked.key, 4), entries DESC
    LIMIT %(most)s
) AS near
"""


def count_entries_with(lexemes: Sequence[str]) -> dict[str, int]:
    """Return how many entries hold each lexeme, as of the last count; new ones are counted up to 30."""
    kept = {lexeme: count for lexeme in lexemes if (count := counts.get_count(f"{lexeme} in how many"))}
    asked = [lexeme for lexeme in dict.fromkeys(lexemes) if lexeme not in kept]
    if asked:
        queries = ["'" + lexeme.replace("'", "''") + "'" for lexeme in asked]
        with connection.cursor() as cursor:
            cursor.execute(_ENTRIES, [asked, queries])
            found: dict[str, int] = dict(cursor.fetchall())
        # What nobody has yet may be written the next moment, and is to be found then.
        for lexeme, count in found.items():
            if count:
                counts.keep_count(f"{lexeme} in how many", count=count)
        kept |= found
    return kept


def list_neighbours(words: Sequence[str]) -> dict[str, list[Neighbour]]:
    """Return for each word those of the vocabulary that are written much the same."""
    keys = {word: folded(word) for word in words}
    found: dict[str, list[Neighbour]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEIGHBOURS, {"keys": sorted({key for key in keys.values() if key}), "most": _LOOKED_AT})
        for asked, word, key, entries, foreign in cursor.fetchall():
            found.setdefault(asked, []).append(Neighbour(word, key, entries, foreign))
    return {word: found.get(key, []) for word, key in keys.items()}
