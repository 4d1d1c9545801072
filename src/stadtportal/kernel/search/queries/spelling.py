"""Finding what somebody meant when a question had no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

_MOST_TITLES = 10

# A short word shares few trigrams with its misspelling ("joga"), so words of that length are compared one by one.
# Of two words equally far away the one that sounds the same comes first ("joga": "yoga" before "doga"). A word of
# which nothing is left, such as "der", counts as known.
_WORDS = """
SELECT asked.word,
    numnode(search_question(asked.word)) = 0
        OR EXISTS (SELECT 1 FROM search_entry WHERE vector @@ search_question(asked.word)) AS known,
    meant.word
FROM unnest(%(words)s::text[]) WITH ORDINALITY AS asked(word, position)
CROSS JOIN LATERAL (SELECT lower(unaccent(asked.word)) AS key) AS folded
LEFT JOIN LATERAL (
    SELECT near.word, levenshtein(near.key, folded.key) AS distance, near.entries
    FROM (
        SELECT word, key, entries FROM search_word
        WHERE key %% folded.key AND length(folded.key) > 5
        UNION ALL
        SELECT word, key, entries FROM search_word
        WHERE length(folded.key) BETWEEN 3 AND 5
            AND length(key) BETWEEN length(folded.key) - 1 AND length(folded.key) + 1
    ) AS near
    WHERE levenshtein_less_equal(near.key, folded.key, 3)
        <= CASE WHEN length(folded.key) <= 5 THEN 1 WHEN length(folded.key) <= 10 THEN 2 ELSE 3 END
    ORDER BY distance, translate(near.key, 'jyvcz', 'iifks') = translate(folded.key, 'jyvcz', 'iifks') DESC,
        entries DESC, word
    LIMIT 1
) AS meant ON true
ORDER BY asked.position
"""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One word of a question: whether any entry has it, and the nearest word of the vocabulary, if there is one."""

    word: str
    known: bool
    meant: str = ""


def find_spelling(words: Sequence[str]) -> tuple[Spelling, ...]:
    """Return for each word whether it leads anywhere and which word was probably meant."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"words": list(words)})
        rows: list[tuple[str, bool, str | None]] = cursor.fetchall()
    # A word may fold to its own entry of the vocabulary, for instance one of a place name: then it is spelt right.
    return tuple(Spelling(word, known, meant if meant and meant != word.lower() else "") for word, known, meant in rows)


def list_similar_titles(text_key: str) -> list[str]:
    """Return the normalised titles most like ``text_key`` by their trigrams, best first."""
    parameters: dict[str, Any] = {"text": text_key, "limit": _MOST_TITLES}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (similarity(title_key, %(text)s), title_key) title_key FROM search_entry"
            " WHERE title_key %% %(text)s"
            " ORDER BY similarity(title_key, %(text)s) DESC, title_key LIMIT %(limit)s",
            parameters,
        )
        return [title for (title,) in cursor.fetchall()]
