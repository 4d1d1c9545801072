"""Which opening hours mean "open now". City knows how to read them and tells search how at start-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

OpeningCheck = Callable[[str, datetime], bool]
_checks: list[OpeningCheck] = []


def set_opening_check(check: OpeningCheck) -> None:
    """Tell search how to read opening hours; ``check`` answers whether they mean open at a time."""
    _checks[:] = [check]
    _is_open.cache_clear()


def is_open(hours: str, *, now: datetime) -> bool:
    """Tell whether these opening hours mean open at ``now``, to the minute; false when nobody can read them."""
    return _is_open(hours, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=20_000)
def _is_open(hours: str, minute: datetime) -> bool:
    return bool(_checks) and _checks[0](hours, minute)
