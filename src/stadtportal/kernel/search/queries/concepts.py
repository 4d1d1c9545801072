"""Which concepts of the glossary a question is near to in meaning."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from django.db import connection

from stadtportal.kernel.search.engine.classifier import NOTHING_LEARNT, Classifier
from stadtportal.kernel.search.models import LearntConcepts
from stadtportal.kernel.search.rules.weights import WEIGHTS

_NEAREST = """
SELECT concept, german, -(vector <#> %(meaning)s::halfvec) FROM search_expression WHERE german = {german}
ORDER BY vector <#> %(meaning)s::halfvec LIMIT 12
"""
_NEAREST_GERMAN = _NEAREST.format(german="true")
_NEAREST_OF_ALL = f"({_NEAREST_GERMAN}) UNION ALL ({_NEAREST.format(german='false')})"
#: A glossary changes with a new version of the portal: so many seconds later is soon enough.
_LOOK_AGAIN_S = 60.0


def list_near_concepts(meaning: str, *, foreign: float) -> list[tuple[str, float]]:
    """Return the concepts of the glossary nearest in meaning, the nearest first, with their nearness.

    That is the cosine of the nearest expression and, weighed, how likely the concept is. ``foreign`` tells how surely
    the question is in another language than German, 0 to 1: so much expressions of other languages count. To a German
    question they are noise.
    """
    found: dict[str, float] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST_OF_ALL if foreign else _NEAREST_GERMAN, {"meaning": meaning})
        for concept, german, nearness in cursor.fetchall():
            found[concept] = max(float(nearness) * (1.0 if german else foreign), found.get(concept, 0.0))
    likely = _learnt().likely(json.loads(meaning))
    # No expression of a concept that is only likely is nearer than those found.
    farthest = min(found.values(), default=0.0)
    both = {one: found.get(one, farthest) + WEIGHTS.likely * likely.get(one, 0.0) for one in (*found, *likely)}
    return sorted(both.items(), key=lambda pair: -pair[1])


@dataclass(slots=True)
class _Kept:
    """What this process last read."""

    classifier: Classifier = NOTHING_LEARNT
    version: str = ""
    looked_at: float = float("-inf")


_kept = _Kept()


def _learnt() -> Classifier:
    """Return what was learnt last; read again when another process has learnt anew."""
    now = time.monotonic()
    if now - _kept.looked_at >= _LOOK_AGAIN_S:
        _kept.looked_at = now
        version = LearntConcepts.objects.values_list("version", flat=True).first() or ""
        if version != _kept.version:
            row = LearntConcepts.objects.filter(version=version).first()
            _kept.classifier = Classifier.from_bytes(bytes(row.body)) if row else NOTHING_LEARNT
            _kept.version = version
    return _kept.classifier
