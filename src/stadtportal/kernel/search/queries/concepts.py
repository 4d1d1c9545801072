"""Which concepts of the glossary a question is near to in meaning."""

from __future__ import annotations

import json
from functools import lru_cache

from django.db import connection

from stadtportal.kernel.search.engine.classifier import NOTHING_LEARNT, Classifier
from stadtportal.kernel.search.models import LearntConcepts
from stadtportal.kernel.search.rules.weights import WEIGHTS

_NEAREST = """
SELECT concept, german, -(vector <#> %(meaning)s::halfvec), (SELECT max(version) FROM search_learntconcepts)
FROM search_expression WHERE german = {german}
ORDER BY vector <#> %(meaning)s::halfvec LIMIT 12
"""
_NEAREST_GERMAN = _NEAREST.format(german="true")
_NEAREST_OF_ALL = f"({_NEAREST_GERMAN}) UNION ALL ({_NEAREST.format(german='false')})"


def list_near_concepts(meaning: str, *, foreign: float) -> list[tuple[str, float]]:
    """Return the concepts of the glossary nearest in meaning, the nearest first, with their nearness.

    That is the cosine of the nearest expression and, weighed, how likely the concept is. ``foreign`` tells how surely
    the question is in another language than German, 0 to 1: so much expressions of other languages count. To a German
    question they are noise.
    """
    found: dict[str, float] = {}
    learnt = ""
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST_OF_ALL if foreign else _NEAREST_GERMAN, {"meaning": meaning})
        for concept, german, nearness, version in cursor.fetchall():
            found[concept] = max(float(nearness) * (1.0 if german else foreign), found.get(concept, 0.0))
            learnt = version or ""
    likely = _classifier(learnt).likely(json.loads(meaning))
    # No expression of a concept that is only likely is nearer than those found.
    farthest = min(found.values(), default=0.0)
    both = {one: found.get(one, farthest) + WEIGHTS.likely * likely.get(one, 0.0) for one in (*found, *likely)}
    return sorted(both.items(), key=lambda pair: -pair[1])


@lru_cache(maxsize=1)
def _classifier(version: str) -> Classifier:
    """Return what was learnt from that version of the glossary, read once per process."""
    row = LearntConcepts.objects.filter(version=version).first()
    return Classifier.from_bytes(bytes(row.body)) if row else NOTHING_LEARNT
