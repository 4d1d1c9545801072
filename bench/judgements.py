"""Read the judged queries in ``judged/`` and work out which entry of an index is worth how much to each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "judged"
#: From this grade on an entry counts as relevant for recall and reciprocal rank.
RELEVANT = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the index as judgements see it; ``open_on`` answers for a weekday (``Sa``)."""

    id: str
    kind: str
    title: str
    category: str
    district: str
    address: str
    tags: frozenset[str]
    open_on: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Judged:
    """One query with the grade of every entry that is worth something."""

    query: str
    kind: str
    language: str
    grades: Mapping[str, int]
    held_out: bool


def read_judged(items: Sequence[Item]) -> list[Judged]:
    """Read all files. Raises ``SystemExit`` for a query without any relevant entry in the index."""
    judged = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
            grades = _grades(raw["grades"], items)
            if max(grades.values(), default=0) < RELEVANT:
                raise SystemExit(f"{path.name}: {raw['query']!r} has no relevant entry in this index")
            judged.append(
                Judged(raw["query"], raw["kind"], raw.get("language", "de"), grades, held_out=is_held_out(raw["query"]))
            )
    return judged


def is_held_out(query: str) -> bool:
    """Tell whether a query belongs to the half that tuning must not see."""
    return hashlib.sha256(query.encode()).digest()[0] % 2 == 1


def _grades(raw: Mapping[int, Mapping[str, Any]], items: Iterable[Item]) -> dict[str, int]:
    tests = [(int(grade), _tests(wanted)) for grade, wanted in sorted(raw.items(), reverse=True)]
    grades = {}
    for item in items:
        for grade, any_of in tests:
            if any(test(item) for test in any_of):
                grades[item.id] = grade
                break
    return grades


def _tests(wanted: Mapping[str, Any]) -> list[Callable[[Item], bool]]:
    return [_test(name, value) for name, value in wanted.items()]


def _test(name: str, value: Any) -> Callable[[Item], bool]:  # noqa: ANN401 -- whatever the file holds.
    if name == "all":
        every = [test for one in (value if isinstance(value, list) else [value]) for test in _tests(one)]
        return lambda item: all(test(item) for test in every)
    if name in {"dldb", "leika", "office", "name", "course", "street"}:
        return _name_test(name, re.compile(value))
    if name in {"ids", "category", "tags"}:
        chosen = frozenset(map(str, value if isinstance(value, list) else [value]))
        return {
            "ids": lambda item: item.id in chosen,
            "category": lambda item: item.category in chosen,
            "tags": lambda item: bool(chosen & item.tags),
        }[name]
    simple: dict[str, Callable[[Item], bool]] = {
        "buergerbuero": lambda item: item.category == "buergerbuero" and item.id.startswith("buergerbueros:"),
        "district": lambda item: item.district == value,
        "city": lambda item: (
            item.id.startswith("osm:") == (value == "aachen") or (value == "stuttgart" and bool(item.district))
        ),
        "open": lambda item: item.open_on(str(value)),
    }
    return simple[name]


def _name_test(name: str, pattern: re.Pattern[str]) -> Callable[[Item], bool]:
    kinds: dict[str, Callable[[Item], bool]] = {
        "dldb": lambda item: item.id.startswith("dldb:") and item.kind == "service",
        "leika": lambda item: item.id.startswith("leika:"),
        "office": lambda item: item.id.startswith("dldb:") and item.kind == "place",
        "name": lambda item: item.kind == "place",
        "course": lambda item: item.kind == "course",
    }
    if name == "street":
        return lambda item: bool(pattern.search(item.address))
    of_kind = kinds[name]
    return lambda item: of_kind(item) and bool(pattern.search(item.title))
