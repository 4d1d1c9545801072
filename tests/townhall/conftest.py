"""Small made-up catalogues, and the tiny city of the city's own tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stadtportal.kernel.city import api as city
from tests.city.conftest import PACK

WriteFile = Callable[..., Path]


@pytest.fixture
def tiny_city(db: None) -> None:  # noqa: ARG001 -- asking for the database is its use.
    """Load the tiny city."""
    city.load_city(folder=PACK)


@pytest.fixture
def write_lines(tmp_path: Path) -> WriteFile:
    """Write objects as NDJSON and return the file."""

    def write(*objects: object, name: str = "katalog.ndjson") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
        return path

    return write


@pytest.fixture
def write_bytes(tmp_path: Path) -> WriteFile:
    """Write bytes and return the file."""

    def write(content: bytes, name: str = "katalog.json") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def service(number: int = 1, name: str = "Pass", **values: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON value.
    """Return one service as catalogues write it."""
    return {"id": str(number), "name": name, "description": "", "leika": None, "locations": []} | values


def office(number: int = 7, name: str = "Passamt", **values: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above.
    """Return one office as catalogues write it."""
    address = {"street": "Marktplatz", "house_number": "1", "postal_code": "80331", "city": "München"}
    geo = {"lat": "48.137", "lon": "11.575"}
    return {"id": str(number), "name": f"{name} (X-1)", "displayName": name, "address": address, "geo": geo} | values


def row(key: str = "99012001000000", name: str = "Abbruchgenehmigung", **values: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above.
    """Return one row of the federal catalogue."""
    return {"leika": key, "name": name, "themenfeld": "Bauen & Wohnen", "lebenslage": "Hausbau"} | values
