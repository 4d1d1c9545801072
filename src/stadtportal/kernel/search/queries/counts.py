"""Counts of the last minute, in this process: nobody notices when they are a little late."""

from __future__ import annotations

import time

_GOOD_FOR_S = 60.0
_MOST_KEPT = 20_000
_kept: dict[str, tuple[float, int]] = {}


def get_count(key: str) -> int | None:
    """Return the count of these conditions, or ``None`` when it has to be made anew."""
    kept = _kept.get(key)
    return kept[1] if kept and time.monotonic() - kept[0] < _GOOD_FOR_S else None


def keep_count(key: str, *, count: int) -> None:
    """Keep a count for a minute."""
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[key] = (time.monotonic(), count)


def forget_counts() -> None:
    """Count anew next time, after a rebuild."""
    _kept.clear()
