"""Every page carries the headers that keep strangers out, and leaves no cookie with visitors."""

import pytest
from django.test import Client

from stadtportal.kernel.web.engine.policy import content_security_policy

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


@pytest.mark.django_db
@pytest.mark.urls("tests.web.urls")
def test_a_page_says_what_it_may_load(client: Client) -> None:
    headers = client.get("/probe/").headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
    assert headers["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
@pytest.mark.urls("tests.web.urls")
def test_strict_transport_is_asked_for_only_where_it_is_spoken(client: Client) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


@pytest.mark.django_db
@pytest.mark.urls("tests.web.urls")
def test_a_visitor_gets_no_cookie(client: Client) -> None:
    assert client.get("/healthz").cookies == {}
    assert client.get("/fehler/404/").cookies == {}


def test_an_operators_map_server_may_be_asked_for_tiles_only() -> None:
    policy = dict(
        part.split(" ", 1) for part in content_security_policy("https://tiles.example/style.json").split("; ")
    )
    assert policy["connect-src"] == "'self' https://tiles.example"
    assert policy["img-src"] == "'self' data: https://tiles.example"
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in content_security_policy("https://tiles.example/style.json")
    assert content_security_policy("") == content_security_policy("/eigene/karte.json") == POLICY
