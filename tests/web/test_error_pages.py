"""Whatever goes wrong, people get a calm page in German that says so and leads on."""

import re

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client

from stadtportal.kernel.contracts import Actor, FrameSlot, registry
from tests.web.urls import CLOSED_PORT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def heading(page: str) -> str:
    found = re.findall(r"<h1>(.*?)</h1>", page)
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize(
    ("how", "status", "title"),
    [
        ("400", 400, "Diese Anfrage können wir nicht lesen"),
        ("403", 403, "Diese Seite ist nicht für Ihr Konto freigegeben"),
        ("404", 404, "Diese Seite gibt es nicht"),
        ("gone", 404, "Diese Seite gibt es nicht"),
        ("409", 409, "Das hat nicht geklappt"),
        ("429", 429, "Zu viele Versuche in kurzer Zeit"),
        ("500", 500, "Bei uns ist ein Fehler aufgetreten"),
        ("503", 503, "Gerade nicht erreichbar"),
    ],
)
def test_each_error_has_its_page_and_a_way_on(visitor: Client, how: str, status: int, title: str) -> None:
    answer = visitor.get(f"/fehler/{how}/")
    page = answer.content.decode()
    assert (answer.status_code, heading(page)) == (status, title)
    assert 'href="/"' in page
    assert "115" in page
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_refusal_is_shown_in_its_own_words(visitor: Client) -> None:
    assert "Der Kurs ist inzwischen voll." in visitor.get("/fehler/409/").content.decode()
    assert "Diesen Kurs gibt es nicht mehr." in visitor.get("/fehler/gone/").content.decode()


def test_a_refusal_leads_back_to_the_page_before(visitor: Client) -> None:
    came_from = {"Referer": "http://testserver/kurse/yoga/?seite=2", "Host": "testserver"}
    assert 'href="/kurse/yoga/?seite=2"' in visitor.get("/fehler/409/", headers=came_from).content.decode()
    stranger = {"Referer": "http://elsewhere.example/kurse/", "Host": "testserver"}
    assert "Zurück zur Seite davor" not in visitor.get("/fehler/409/", headers=stranger).content.decode()


def test_who_tries_too_often_is_told_how_long_to_wait(visitor: Client) -> None:
    answer = visitor.get("/fehler/429/")
    assert answer.headers["Retry-After"] == "120"
    assert "Bitte warten Sie 2 Minuten." in answer.content.decode()


def test_a_database_that_is_away_is_said_calmly(visitor: Client) -> None:
    answer = visitor.get("/fehler/503/")
    assert "Es wurde nichts gebucht und nichts geändert." in answer.content.decode()
    assert answer.headers["Retry-After"] == "60"


def test_error_pages_of_the_last_resort_ask_no_database(
    visitor: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture is a context manager.
        assert visitor.get("/fehler/500/").status_code == 500
        assert visitor.get("/fehler/503/").status_code == 503


def test_programs_get_a_problem_document(visitor: Client) -> None:
    answer = visitor.get("/fehler/409/", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "status": 409,
        "title": "Das hat nicht geklappt",
        "detail": "Der Kurs ist inzwischen voll.",
    }


def test_an_unknown_address_offers_the_search(visitor: Client) -> None:
    answer = visitor.get("/gibt-es-nicht/")
    assert answer.status_code == 404
    assert '<input id="fehler-suche" name="q" type="search"' in answer.content.decode()


def test_a_form_from_another_sitting_is_refused_with_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/probe/", {"name": "Lena"})
    assert (answer.status_code, heading(answer.content.decode())) == (403, "Dieses Formular ist abgelaufen")
    assert "Es wurde nichts gespeichert." in answer.content.decode()


def test_machines_learn_whether_the_portal_can_work(visitor: Client) -> None:
    assert (visitor.get("/healthz").status_code, visitor.get("/healthz").content) == (200, b"ok\n")
    assert (visitor.get("/readyz").status_code, visitor.get("/readyz").content) == (200, b"database: ok\n")
    working = connections["default"]
    connections["default"] = DatabaseWrapper(CLOSED_PORT, "default")
    try:
        answer = visitor.get("/readyz")
        assert (answer.status_code, answer.content) == (503, b"database: OperationalError\n")
        assert visitor.get("/healthz").status_code == 200
    finally:
        connections["default"] = working


def test_search_engines_are_kept_from_private_pages(visitor: Client) -> None:
    lines = visitor.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /mein/" in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_a_broken_part_of_the_frame_does_not_break_the_error_page(visitor: Client) -> None:
    def broken(_actor: Actor) -> dict[str, str]:
        raise ZeroDivisionError

    slot = FrameSlot(place="banner", template="web/error.html", context=broken)
    registry.add_frame_slot(slot)
    try:
        answer = visitor.get("/fehler/409/")
    finally:
        registry._frame_slots.remove(slot)
    assert (answer.status_code, heading(answer.content.decode())) == (409, "Das hat nicht geklappt")
    assert "Der Kurs ist inzwischen voll." in answer.content.decode()
