"""The city's names as search keeps them: read from the registry, good for some minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from stadtportal.kernel.contracts import registry
from stadtportal.kernel.search.engine.german import is_ordinary
from stadtportal.kernel.search.rules.places import PlaceIndex, index_places

_GOOD_FOR_S = 300.0


@dataclass
class _Kept:
    index: PlaceIndex = field(default_factory=dict)
    read_at: float | None = None


_kept = _Kept()


def get_place_index() -> PlaceIndex:
    """Return the city's names by their normalised form, read anew every few minutes, sooner while there are none."""
    now = time.monotonic()
    if _kept.read_at is None or not _kept.index or now - _kept.read_at > _GOOD_FOR_S:
        _kept.index, _kept.read_at = index_places(registry.place_names(), ordinary=is_ordinary), now
    return _kept.index


def forget_places() -> None:
    """Read the names anew at the next question, because they have changed."""
    _kept.read_at = None
