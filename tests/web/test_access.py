"""Who may come in: nobody meets a closed door without being told where the open one is."""

from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from stadtportal.kernel.contracts import VISITOR, Actor, Grant, NotAllowed, Role
from stadtportal.kernel.web.api import TooManyRequests, rate_limit, require_role, require_sign_in
from stadtportal.kernel.web.models import RateWindow

pytestmark = pytest.mark.urls("tests.web.urls")

RESIDENT = Actor(person_id=uuid4(), shown_as="Lena")
STAFF = Actor(person_id=uuid4(), grants=frozenset({Grant(Role.PROVIDER_STAFF, 7)}))


def ask(path: str, actor: Actor, **headers: str) -> HttpRequest:
    request = RequestFactory(headers=headers).get(path)
    request.actor = actor  # type: ignore[attr-defined]  # The people package sets it on every request.
    return request


@require_sign_in
def mine(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- a view's signature.
    return HttpResponse("mein")


@require_role("provider_staff", Role.CASE_WORKER)
def desk(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- a view's signature.
    return HttpResponse("arbeitsplatz")


def test_signing_in_leads_back_to_the_same_place() -> None:
    answer = mine(ask("/mein/?seite=2", VISITOR))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto/anmelden/?next=%2Fmein%2F%3Fseite%3D2")
    assert mine(ask("/mein/", RESIDENT)).status_code == 200


def test_a_fragment_sends_the_whole_page_to_sign_in() -> None:
    answer = mine(ask("/mein/", VISITOR, **{"HX-Request": "true"}))
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/konto/anmelden/?next=%2Fmein%2F")


def test_a_role_opens_the_desk_and_nothing_else_does() -> None:
    assert desk(ask("/arbeitsplatz/", STAFF)).status_code == 200
    assert desk(ask("/arbeitsplatz/", VISITOR)).status_code == 302
    with pytest.raises(NotAllowed, match="Ihr Konto hat sie nicht"):
        desk(ask("/arbeitsplatz/", RESIDENT))


def test_a_role_that_does_not_exist_is_a_fault_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="janitor"):
        require_role("janitor")


@pytest.mark.django_db
def test_the_attempt_after_the_last_is_refused_and_others_are_not() -> None:
    for _ in range(3):
        rate_limit("lena@example.org", name="code", limit=3, per_seconds=600)
    with pytest.raises(TooManyRequests, match="Bitte warten Sie 10 Minuten") as refusal:
        rate_limit("lena@example.org", name="code", limit=3, per_seconds=600)
    assert 595 <= refusal.value.retry_after <= 600
    rate_limit("studio@example.org", name="code", limit=3, per_seconds=600)
    rate_limit("lena@example.org", name="password", limit=3, per_seconds=600)


@pytest.mark.django_db
def test_a_limit_forgets_when_its_window_is_over() -> None:
    rate_limit("lena@example.org", name="code", limit=1, per_seconds=0)
    rate_limit("lena@example.org", name="code", limit=1, per_seconds=0)
    rate_limit("studio@example.org", name="code", limit=1, per_seconds=600)
    assert RateWindow.objects.count() == 1


@pytest.mark.django_db
def test_a_limit_keeps_no_name_and_no_address() -> None:
    rate_limit(ask("/", VISITOR), name="search", limit=1, per_seconds=60)
    rate_limit("lena@example.org", name="code", limit=1, per_seconds=60)
    keys = list(RateWindow.objects.values_list("key", flat=True))
    assert [len(key) for key in keys] == [64, 64]
    assert not any("lena" in key or "127.0.0.1" in key for key in keys)


@pytest.mark.django_db
def test_only_sending_is_counted(client: Client) -> None:
    assert [client.get("/begrenzt/").status_code for _ in range(4)] == [200] * 4
    assert [client.post("/begrenzt/").status_code for _ in range(4)] == [200, 200, 429, 429]
