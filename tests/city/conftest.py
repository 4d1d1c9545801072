"""A tiny city and tiny files of OpenStreetMap data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PACK = Path(__file__).parent / "pack"
WriteLines = Callable[..., Path]


@pytest.fixture
def pack() -> Path:
    """The folder of the tiny city pack."""
    return PACK


@pytest.fixture
def tiny_city(db: None, pack: Path) -> None:  # noqa: ARG001 -- asking for the database is its use.
    """Load the tiny city."""
    from stadtportal.kernel.city import api

    api.load_city(folder=pack)


@pytest.fixture
def write_lines(tmp_path: Path) -> WriteLines:
    """Write objects as NDJSON and return the file."""

    def write(*objects: dict[str, Any], name: str = "orte.ndjson") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
        return path

    return write


def node(number: int, *, lat: object = 48.785, lon: object = 9.185, **tags: str) -> dict[str, Any]:
    """Return one line of NDJSON; ``__`` in a keyword stands for the colon of a tag."""
    return {
        "id": f"node/{number}",
        "lat": lat,
        "lon": lon,
        "tags": {key.replace("__", ":"): value for key, value in tags.items()},
    }
