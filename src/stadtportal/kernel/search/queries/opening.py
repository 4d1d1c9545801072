"""Which opening hours mean open. City knows how to read them and tells search how at start-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

#: ``(hours, begins, ends) -> bool``: open at some moment from one time to the other; both equal ask for that moment.
OpeningCheck = Callable[[str, datetime, datetime], bool]
_checks: list[OpeningCheck] = []


def set_opening_check(check: OpeningCheck) -> None:
    """Tell search how to read opening hours; ``check`` answers whether they mean open within a time."""
    _checks[:] = [check]
    _is_open.cache_clear()


def is_open(hours: str, *, begins: datetime, ends: datetime) -> bool:
    """Tell whether these opening hours mean open within the time, to the minute; false when nobody can read them."""
    return _is_open(hours, begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0))


@lru_cache(maxsize=20_000)
def _is_open(hours: str, begins: datetime, ends: datetime) -> bool:
    return bool(_checks) and _checks[0](hours, begins, ends)
