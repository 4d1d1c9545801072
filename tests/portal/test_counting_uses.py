"""Opened pages are counted for the ranking: how often, never by whom."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from stadtportal.areas.townhall import actions as townhall
from stadtportal.kernel.city import api as city
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.search.actions import using
from tests.courses.conftest import new_actor, offer_course
from tests.townhall.conftest import service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    using._counted.clear()


def uses() -> list[tuple[str, str, str, int]]:
    using.write_uses()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT area, kind, key, count FROM search_use WHERE day = %s ORDER BY 1", [timezone.localdate()]
        )
        rows: list[tuple[str, str, str, int]] = cursor.fetchall()
    return rows


@pytest.fixture
def reisepass(tmp_path: Path) -> None:
    """Let the town hall have one service."""
    file = tmp_path / "katalog.ndjson"
    file.write_text(json.dumps(service(1, "Reisepass")), encoding="utf-8")
    townhall.import_dldb(file)


@pytest.mark.usefixtures("reisepass")
def test_each_opening_of_a_page_counts_once(client: Client) -> None:
    course = offer_course(now=datetime.now(UTC)).course
    city.put_place(slug="haus", name="Haus", point=(48.78, 9.18))
    for _ in range(3):
        assert client.get("/orte/haus/").status_code == 200
    assert client.get(f"/kurse/{course.slug}/").status_code == 200
    assert client.get("/rathaus/reisepass-1/").status_code == 200
    assert client.get("/orte/anderswo/").status_code == 404
    assert uses() == [
        ("courses", "course", course.slug, 1),
        ("directory", "place", "haus", 3),
        ("townhall", "service", "reisepass-1", 1),
    ]


@pytest.mark.usefixtures("reisepass")
def test_neither_machines_that_ask_for_the_head_nor_staff_are_counted(client: Client) -> None:
    course = offer_course(now=datetime.now(UTC)).course
    city.put_place(slug="haus", name="Haus", point=(48.78, 9.18))
    staff = new_actor(organisation_id=course.organisation_id)
    paths = ("/orte/haus/", f"/kurse/{course.slug}/", "/rathaus/reisepass-1/")
    assert [client.head(path).status_code for path in paths] == [200, 200, 200]
    assert staff.person_id
    client.force_login(Person.objects.get(pk=staff.person_id))
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    assert uses() == []


def test_nothing_is_kept_about_who_opened_a_page() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'search_use' ORDER BY 1")
        assert [name for (name,) in cursor.fetchall()] == ["area", "count", "day", "id", "key", "kind"]
