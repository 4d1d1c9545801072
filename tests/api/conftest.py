"""The small town of the search tests, asked over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.search.conftest import gazetteer, opening_check, town

__all__ = ["gazetteer", "opening_check", "town"]

Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def ask() -> Ask:
    """Return a function that asks a path below ``/api/v1/`` and gives the status and the JSON answered."""
    client = Client()

    def get(path: str, **fields: str) -> tuple[int, dict[str, Any]]:
        answer = client.get(f"/api/v1/{path}", fields)
        assert answer["Content-Type"] == "application/json"
        return answer.status_code, json.loads(answer.content)

    return get
