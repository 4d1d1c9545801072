"""Answers that are the same for everybody and may be a minute old are kept in memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_all: list[Kept[object]] = []


class Kept(Generic[T]):
    """One answer, made by ``make`` and kept for ``seconds``. Empty answers are not kept."""

    def __init__(self, make: Callable[[], T], *, seconds: float = 60.0) -> None:
        self._make = make
        self._seconds = seconds
        self._kept: tuple[float, T] | None = None
        _all.append(self)  # type: ignore[arg-type]  # only ``forget`` is called on these.

    def get(self) -> T:
        """Return the answer, made anew when it is too old."""
        now = time.monotonic()
        if self._kept is None or now - self._kept[0] > self._seconds:
            answer = self._make()
            self._kept = (now, answer) if answer else None
            return answer
        return self._kept[1]

    def forget(self) -> None:
        """Make the answer anew next time."""
        self._kept = None


def forget_all() -> None:
    """Forget every kept answer of this process."""
    for kept in _all:
        kept.forget()
