"""The provider's desk: own courses only, and every look at people is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadtportal.areas.courses import api
from stadtportal.areas.courses.models import Session
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.trust import api as trust

from .conftest import Offer, new_actor
from .test_pages import sign_in, text_of

Resident = Callable[[], Actor]


def test_staff_see_who_takes_part_and_everybody_shown_sees_that(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    course, lena, ali = offer(capacities=[2]), resident(), resident()
    staff = new_actor(organisation_id=course.course.organisation_id)
    api.book(actor=lena, order=course.order(party_size=2), now=now)
    api.book(actor=ali, order=course.order(waiting_ok=True), now=now)
    sign_in(client, staff)
    page = client.get(f"/arbeitsplatz/kurse/termin/{course.sessions[0].pk}/")
    shown = text_of(page)
    assert page.status_code == 200
    assert shown.index(lena.shown_as) < shown.index("Wer wartet, der Reihe nach") < shown.index(ali.shown_as)
    for person in (lena, ali):
        [look] = trust.list_access(actor=person)
        assert (look.actor_name, look.purpose, look.legal_basis, look.fields) == (
            f"{staff.shown_as} (Studio)",
            "Teilnahmeliste führen",
            "Art. 6 Abs. 1 b DSGVO",
            ("Name", "E-Mail", "Personenzahl", "Preiskategorie"),
        )
    # Lists of courses and dates name nobody, so they leave no trace.
    client.get("/arbeitsplatz/kurse/")
    client.get(f"/arbeitsplatz/kurse/{course.course.pk}/")
    assert trust.count_access(lena.person_id) == 1 if lena.person_id else False


def test_others_come_no_further_than_the_door(client: Client, offer: Offer, resident: Resident) -> None:
    course, other = offer(), offer(organisation="andere")
    session = course.sessions[0].pk
    pages = [
        f"/arbeitsplatz/kurse/{course.course.pk}/",
        f"/arbeitsplatz/kurse/termin/{session}/",
        f"/arbeitsplatz/kurse/termin/{session}/absagen/",
        f"/arbeitsplatz/kurse/termin/{session}/plaetze/",
    ]
    assert [client.get(url).status_code for url in ["/arbeitsplatz/kurse/", *pages]] == [302] * 5
    sign_in(client, resident())
    assert [client.get(url).status_code for url in ["/arbeitsplatz/kurse/", *pages]] == [403] * 5
    sign_in(client, new_actor(organisation_id=other.course.organisation_id))
    listed = client.get("/arbeitsplatz/kurse/")
    assert course.course.title not in text_of(listed)
    assert other.course.title in text_of(listed)
    assert [client.get(url).status_code for url in pages] == [404] * 4
    assert client.post(pages[2], {"reason": ""}).status_code == 404
    assert client.post(pages[3], {"capacity": "9"}).status_code == 404
    kept = Session.objects.get(pk=session)
    assert (kept.cancelled_at, kept.capacity) == (None, 2)


def test_staff_call_a_date_off_and_change_the_room(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(capacities=[1, 1])
    first, second = course.sessions
    for session in (first, first, second):
        api.book(actor=resident(), order=course.order(session_id=session.pk, waiting_ok=True), now=now)
    sign_in(client, new_actor(organisation_id=course.course.organisation_id))
    url = f"/arbeitsplatz/kurse/termin/{first.pk}/plaetze/"
    for capacity, sentence in {
        "0": "mindestens einen Platz",
        "-5": "mindestens einen Platz",
        "9999999999": "höchstens 5000",
        "viele": "in Ziffern",
        "": "Bitte geben Sie die Zahl der Plätze an.",
    }.items():
        answer = client.post(url, {"capacity": capacity})
        assert (answer.status_code, sentence in text_of(answer)) == (400, True)
    done = client.post(url, {"capacity": "2"}, follow=True)
    assert "1 Buchung ist nachgerückt" in text_of(done)
    assert course.taken() == [2, 1]
    called_off = client.post(f"/arbeitsplatz/kurse/termin/{second.pk}/absagen/", {"reason": "Krank"}, follow=True)
    assert "Wir haben die Person benachrichtigt, die gebucht hatte." in text_of(called_off)
    assert client.post(f"/arbeitsplatz/kurse/termin/{second.pk}/absagen/", {"reason": ""}).status_code == 409
    assert course.taken() == [2, 0]
    assert client.get("/arbeitsplatz/kurse/termin/99999999/absagen/").status_code == 404


def test_the_desk_costs_the_same_queries_for_one_and_three(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(capacities=[9])
    sign_in(client, new_actor(organisation_id=course.course.organisation_id))
    api.book(actor=resident(), order=course.order(), now=now)
    pages = ["/arbeitsplatz/kurse/", f"/arbeitsplatz/kurse/termin/{course.sessions[0].pk}/"]
    for url in pages:
        client.get(url)

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    before = [count(url) for url in pages]
    for _number in range(2):
        offer(capacities=[9, 9])
        api.book(actor=resident(), order=course.order(), now=now)
    for url in pages:
        client.get(url)  # Nobody has looked at the new ones before: their logs begin.
    assert [count(url) for url in pages] == before
