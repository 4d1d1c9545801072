"""The OpenAPI document is valid, and what it says is what is answered: tried by schemathesis through WSGI."""

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from stadtportal.project.wsgi import application

pytestmark = pytest.mark.django_db

OPERATIONS = ("/api/v1/search/", "/api/v1/suggest/")
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SAMPLE, WHOLE = 60, 2000


def document(client: Client) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer["Content-Type"] == "application/json"
    read: dict[str, Any] = json.loads(answer.content)
    return read


def test_the_document_is_valid_and_holds_every_operation(client: Client) -> None:
    read = document(client)
    assert read["openapi"].startswith("3.1.")
    assert tuple(read["paths"]) == OPERATIONS
    schemathesis.openapi.from_dict(read)
    errors = [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(read)]
    assert errors == []


def test_every_operation_says_how_it_refuses(client: Client) -> None:
    read = document(client)
    refusals = {
        operation["responses"]["default"]["content"]["application/json"]["schema"]["$ref"]
        for path in read["paths"].values()
        for operation in path.values()
    }
    assert refusals == {"#/components/schemas/Refusal"}
    names = [one["name"] for one in read["paths"]["/api/v1/search/"]["get"]["parameters"]]
    expected = "q lang area kind category district audience language near radius bounds open_now accessible max_price"
    assert names == [*expected.split(), "from", "to", "sort", "limit", "offset"]
    # Nothing of it is loaded from elsewhere.
    assert "http" not in json.dumps(read)


@pytest.mark.exhaustive
@pytest.mark.django_db(transaction=True)  # A server closes its connection after each answer, open transaction or not.
@pytest.mark.parametrize("path", OPERATIONS)
def test_whatever_is_asked_the_answer_is_as_described(town: None, whole: bool, path: str) -> None:  # noqa: ARG001, FBT001 -- asked about; a fixture.
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operation = schema[path]["GET"]
    answered = []

    @seed(20261123)
    @settings(
        max_examples=WHOLE if whole else SAMPLE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)
        answered.append(answer.status_code)

    ask()
    assert len(answered) >= (WHOLE if whole else SAMPLE)
    assert set(answered) <= {200, 400, 422}
    assert 200 in answered
