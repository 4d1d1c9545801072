"""What all of the API has in common: JSON whatever happens, no cookies, other sites, a limit, what areas add."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import clear_url_caches, path, set_urlconf
from ninja import Router
from ninja.security import HttpBearer

from stadtportal.kernel.contracts import Area, NotFound, RuleBroken
from stadtportal.kernel.search import api as search
from stadtportal.project import api as wiring

pytestmark = pytest.mark.django_db

SENTENCE = "Diese Adresse gibt es hier nicht. Was es gibt, steht in /api/v1/openapi.json."
KEY = "right"
router = Router()


class _Key(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> str | None:  # noqa: ARG002 -- ninja's signature.
        return token if token == KEY else None


class Taken(RuleBroken):
    """What the probe refuses."""


@router.get("/things/{number}/")
def thing(request: HttpRequest, number: int) -> dict[str, int]:  # noqa: ARG001 -- ninja's signature.
    if number == 404:
        raise NotFound("Dieses Ding gibt es nicht.")
    if number == 409:
        raise Taken("Das Ding ist vergeben.", field="number")
    return {"number": number}


@router.get("/secret/", auth=_Key())
def secret(request: HttpRequest) -> dict[str, bool]:  # noqa: ARG001 -- ninja's signature.
    return {"secret": True}


def area(rest: str) -> Area:
    return Area(slug="probe", title="Probe", icon="info", mounts={}, rest=rest)


@pytest.fixture
def probe() -> Iterator[Client]:
    """A browser of a portal whose only area is the probe."""
    module = ModuleType("probe_urls")
    built = wiring.build([area(f"{__name__}:router")], namespace="probe_api")
    vars(module)["urlpatterns"] = [path("api/v1/", built.urls)]
    with override_settings(ROOT_URLCONF=module):
        clear_url_caches()
        set_urlconf(None)
        yield Client()
    clear_url_caches()


def body_of(answer: Any) -> dict[str, Any]:  # noqa: ANN401 -- the test client's answer.
    assert answer["Content-Type"] == "application/json"
    body: dict[str, Any] = json.loads(answer.content)
    return body


def test_what_does_not_exist_is_said_in_json(client: Client) -> None:
    for url in ("/api/v1/nichts/", "/api/", "/api/v1/", "/api/v2/search/"):
        answer = client.get(url, headers={"accept": "text/html"})
        assert (answer.status_code, body_of(answer)) == (404, {"error": SENTENCE})
        assert answer["Cache-Control"] == "no-store"


def test_pages_keep_their_own_errors(client: Client) -> None:
    answer = client.get("/nichts/", headers={"accept": "text/html"})
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "Access-Control-Allow-Origin" not in answer


def test_other_methods_are_refused_with_those_there_are(client: Client) -> None:
    for method in ("post", "put", "patch", "delete", "options"):
        answer = getattr(client, method)("/api/v1/search/")
        assert (answer.status_code, answer["Allow"]) == (405, "GET")
        assert "Methode" in body_of(answer)["error"]
        assert "Access-Control-Allow-Origin" not in answer


def test_head_is_answered_like_get_without_a_body(client: Client) -> None:
    answer = client.head("/api/v1/suggest/")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"", "application/json")


def test_an_address_without_its_last_stroke_leads_to_it(client: Client) -> None:
    answer = client.get("/api/v1/search?q=yoga")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/search/?q=yoga")


def test_a_fault_of_ours_is_said_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    for fault, status in ((RuntimeError("inner secret"), 500), (OperationalError("gone"), 503)):
        monkeypatch.setattr(search, "suggest", _raising(fault))
        answer = client.get("/api/v1/suggest/", headers={"accept": "text/html"})
        assert answer.status_code == status
        assert list(body_of(answer)) == ["error"]
        assert b"secret" not in answer.content
    assert answer["Retry-After"] == "60"


def _raising(fault: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise fault

    return fail


def test_other_sites_may_read_what_is_public_and_cookies_say_nothing(client: Client) -> None:
    client.cookies["sitzung"] = "irgendetwas"
    answer = client.get("/api/v1/suggest/", headers={"origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Vary" not in answer
    assert answer.cookies == {}
    refused = client.get("/api/v1/search/", {"limit": "0"})
    assert (refused.status_code, refused["Access-Control-Allow-Origin"]) == (422, "*")


def test_one_network_is_answered_so_often_a_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (wiring.MOST_REQUESTS, wiring.PER_SECONDS) == (300, 60)
    monkeypatch.setattr(wiring, "MOST_REQUESTS", 2)

    def asked_from(address: str) -> Any:  # noqa: ANN401 -- the test client's answer.
        return client.get("/api/v1/suggest/", REMOTE_ADDR=address)

    assert [asked_from("203.0.113.7").status_code for _ in range(3)] == [200, 200, 429]
    refused = asked_from("203.0.113.7")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert body_of(refused)["error"].startswith("Das waren zu viele")
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert asked_from("203.0.113.8").status_code == 200
    # One household holds all addresses of such a block.
    assert [asked_from(f"2001:db8:1:2::{number}").status_code for number in (1, 2, 3)] == [200, 200, 429]
    assert asked_from("2001:db8:1:3::1").status_code == 200
    # An IPv4 address is one also where the server writes it as IPv6.
    assert [asked_from(f"::ffff:192.0.2.{number}").status_code for number in (1, 2, 3)] == [200, 200, 200]
    assert [asked_from("192.0.2.1").status_code for _ in range(2)] == [200, 429]
    # A program on this machine is not counted; who cannot be told apart is counted together.
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert [asked_from(address).status_code for _ in range(3)] == [200, 200, 200]
    assert [asked_from("").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("proxies", "headers"),
    [
        (1, {}),
        (1, {"x-forwarded-for": "127.0.0.1"}),
        (1, {"x-forwarded-for": "203.0.113.1, 127.0.0.1"}),
        (1, {"x-forwarded-for": "203.0.113.9"}),
        (1, {"x-forwarded-for": "unknown"}),
        (0, {"x-forwarded-for": "203.0.113.9"}),
        (0, {"forwarded": "for=203.0.113.9"}),
        (0, {"x-real-ip": "203.0.113.9"}),
        (0, {"via": "1.1 proxy"}),
    ],
)
def test_a_proxy_on_this_machine_does_not_hide_everybody(
    client: Client, monkeypatch: pytest.MonkeyPatch, proxies: int, headers: dict[str, str]
) -> None:
    monkeypatch.setattr(wiring, "MOST_REQUESTS", 2)
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        answers = [client.get("/api/v1/suggest/", headers=headers, REMOTE_ADDR="127.0.0.1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_visitors_behind_a_proxy_are_counted_apart(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "MOST_REQUESTS", 1)
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        for number in range(3):
            headers = {"x-forwarded-for": f"198.51.100.1, 203.0.113.{number}"}
            answer = client.get("/api/v1/suggest/", headers=headers, REMOTE_ADDR="127.0.0.1")
            assert answer.status_code == 200


def test_an_area_adds_its_router_under_its_own_name(probe: Client) -> None:
    answer = probe.get("/api/v1/probe/things/7/")
    assert (answer.status_code, body_of(answer)) == (200, {"number": 7})
    document = json.loads(probe.get("/api/v1/openapi.json").content)
    assert sorted(document["paths"]) == [
        "/api/v1/probe/secret/",
        "/api/v1/probe/things/{number}/",
        "/api/v1/search/",
        "/api/v1/suggest/",
    ]


def test_an_areas_refusal_keeps_its_status_and_sentence(probe: Client) -> None:
    gone, taken, odd = (probe.get(f"/api/v1/probe/things/{number}/") for number in ("404", "409", "x"))
    assert (gone.status_code, body_of(gone)) == (404, {"error": "Dieses Ding gibt es nicht."})
    assert (taken.status_code, body_of(taken)) == (409, {"error": "Das Ding ist vergeben.", "field": "number"})
    assert (odd.status_code, body_of(odd)["error"]) == (422, "„number“ muss eine ganze Zahl sein.")


def test_what_needs_a_key_is_not_for_other_sites_and_not_kept(probe: Client) -> None:
    refused = probe.get("/api/v1/probe/secret/")
    assert (refused.status_code, body_of(refused)) == (401, {"error": "Dafür ist eine Anmeldung nötig."})
    let_in = probe.get("/api/v1/probe/secret/", headers={"authorization": f"Bearer {KEY}"})
    assert (let_in.status_code, json.loads(let_in.content)) == (200, {"secret": True})
    for answer in (refused, let_in):
        assert "Access-Control-Allow-Origin" not in answer
        assert "public" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "rest", ["nowhere:router", f"{__name__}:nothing", f"{__name__}.nothing", f"{__name__}:SENTENCE"]
)
def test_an_area_whose_router_is_missing_is_refused_by_name(rest: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="area 'probe' names"):
        wiring.build([area(rest)], namespace="never")


def test_both_ways_to_write_the_path_of_a_router_work() -> None:
    for number, rest in enumerate((f"{__name__}:router", f"{__name__}.router")):
        built = wiring.build([area(rest)], namespace=f"both{number}")
        assert [prefix for prefix, _ in built._routers] == ["", "", "/probe/"]
