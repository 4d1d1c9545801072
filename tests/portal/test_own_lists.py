"""One's own lists ask the database as often for three things as for one."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stadtportal.areas.courses import api as courses
from stadtportal.areas.courses.queries import desk
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.people.models import Person
from tests.courses.conftest import new_actor, offer_course

pytestmark = pytest.mark.django_db


def book_and_be_seen(actor: Actor, *, now: datetime) -> dict[str, str]:
    """Book a course of its own, which opens a case and sends a message; then staff look at the participants."""
    course = offer_course(now=now)
    courses.book(actor=actor, order=course.order(), now=now)
    staff = new_actor(organisation_id=course.course.organisation_id)
    desk.list_participants(actor=staff, session_id=course.sessions[0].pk, now=now)
    return {"title": course.course.title, "staff": staff.shown_as}


@pytest.mark.parametrize(
    ("path", "line", "queries_made"),
    [
        ("/mein/", "Gebucht: {title}", 9),
        ("/mein/vorgaenge/", "{title}", 6),
        ("/mein/postfach/", "Gebucht: {title}", 6),
        ("/mein/kalender/", "{title}", 6),
        ("/mein/daten/", "{staff}", 12),
        ("/mein/daten/zugriffe/", "{staff}", 10),
    ],
)
def test_own_lists_ask_as_often_for_three_as_for_one(
    client: Client, path: str, line: str, queries_made: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now, actor = datetime.now(UTC), new_actor()
    assert actor.person_id
    client.force_login(Person.objects.get(pk=actor.person_id))
    facts = [book_and_be_seen(actor, now=now)]
    client.get(path)
    with django_assert_num_queries(queries_made):
        client.get(path)
    facts += [book_and_be_seen(actor, now=now) for _number in range(2)]
    with django_assert_num_queries(queries_made):
        page = client.get(path).content.decode()
    assert [line.format(**one) in page for one in facts] == [True] * 3
