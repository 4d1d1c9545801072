"""The pages of courses as people use them, without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadtportal.areas.courses import api
from stadtportal.areas.courses.models import Booking, Session
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.people.models import Person

from .conftest import Offer, Offered, new_actor

Resident = Callable[[], Actor]


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.person_id is not None
    client.force_login(Person.objects.get(pk=actor.person_id))


def form_of(course: Offered, **changes: object) -> dict[str, str]:
    """Return what the page for checking sends."""
    order = course.order(**changes)
    form = {
        "session": str(order.session_id),
        "party_size": str(order.party_size),
        "price": str(order.price_id),
        "key": order.key,
        "shown_cents": str(order.shown_cents),
    }
    return form | ({"waiting_ok": "on"} if order.waiting_ok else {})


def text_of(response: Any) -> str:  # noqa: ANN401 -- the test client's response has no public type.
    """Return a page's words without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_visitor_finds_chooses_signs_in_checks_and_books(client: Client, offer: Offer, resident: Resident) -> None:
    course, lena = offer(capacities=[3]), resident()
    listed = client.get("/kurse/")
    assert f'href="/kurse/{course.course.slug}/"' in listed.content.decode()
    page = client.get(f"/kurse/{course.course.slug}/")
    assert "Noch 3 von 3 Plätzen frei" in text_of(page)
    assert "§ 312g Absatz 2 Nummer 9 BGB" in text_of(page)
    assert f'href="/kurse/{course.course.slug}/buchen/"' in page.content.decode()
    form = client.get(f"/kurse/{course.course.slug}/buchen/", {"session": course.sessions[0].pk})
    key = form.context["form"]["key"].value()
    assert len(key) >= 20
    chosen = {
        "session": str(course.sessions[0].pk),
        "party_size": "2",
        "price": str(course.prices[1].pk),
        "key": str(key),
    }
    asked = client.get(f"/kurse/{course.course.slug}/buchen/pruefen/", chosen)
    assert asked.status_code == 302
    [back] = parse_qs(urlsplit(asked["Location"]).query)["next"]
    # Whoever has no account yet opens one and comes back to the same place too.
    sign_in_page = client.get(asked["Location"]).content.decode().replace("&amp;", "&")
    [sign_up] = set(re.findall(r'href="(/konto/anlegen/[^"]*next=[^"]*)"', sign_in_page))
    assert parse_qs(urlsplit(sign_up).query)["next"] == [back]
    sign_in(client, lena)
    check = client.get(back)
    assert "Gesamtpreis: 12,00 €" in text_of(check)
    assert "Zahlungspflichtig bestellen" in text_of(check)
    assert "Bonuscard" in text_of(check)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', check.content.decode()))
    sent.pop("csrfmiddlewaretoken")
    assert sent == chosen | {"shown_cents": "1200"}
    for _click in range(2):
        done = client.post(f"/kurse/{course.course.slug}/buchen/", sent)
        assert done.status_code == 303
    assert Booking.objects.count() == 1
    confirmation = client.get(done["Location"])
    assert confirmation.status_code == 200
    assert "Ihre 2 Plätze sind gebucht" in text_of(confirmation)
    assert "Sie sind hier schon angemeldet" in text_of(client.get(f"/kurse/{course.course.slug}/"))


def test_a_free_course_has_another_order_button(client: Client, offer: Offer, resident: Resident) -> None:
    course = offer(prices=[api.NewPrice("Kostenlos", 0)])
    sign_in(client, resident())
    check = client.get(
        f"/kurse/{course.course.slug}/buchen/pruefen/",
        form_of(course),
    )
    assert "Verbindlich buchen" in text_of(check)
    assert "estellen" not in text_of(check)


def test_signed_out_on_the_way_everything_is_kept(client: Client, offer: Offer) -> None:
    course = offer()
    answer = client.post(f"/kurse/{course.course.slug}/buchen/", form_of(course, key="my-key"))
    assert answer.status_code == 303
    [back] = parse_qs(urlsplit(answer["Location"]).query)["next"]
    assert urlsplit(back).path == f"/kurse/{course.course.slug}/buchen/pruefen/"
    assert parse_qs(urlsplit(back).query)["key"] == ["my-key"]
    assert Booking.objects.count() == 0


def test_a_course_that_filled_meanwhile_offers_the_waiting_list(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(capacities=[1])
    form = form_of(course)
    api.book(actor=resident(), order=course.order(), now=now)
    sign_in(client, resident())
    late = client.post(f"/kurse/{course.course.slug}/buchen/", form)
    assert late.status_code == 409
    assert "Der Kurs ist inzwischen ausgebucht." in text_of(late)
    assert 'name="waiting_ok" value="on"' in late.content.decode()
    assert f'name="key" value="{form["key"]}"' in late.content.decode()
    done = client.post(f"/kurse/{course.course.slug}/buchen/", form | {"waiting_ok": "on"})
    assert done.status_code == 303
    assert "Sie stehen auf der Warteliste" in text_of(client.get(done["Location"]))
    assert "Ausgebucht" in text_of(client.get(f"/kurse/{course.course.slug}/"))


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"party_size": "-1"}, 400, "Bitte melden Sie mindestens eine Person an."),
        ({"party_size": "0"}, 400, "Bitte melden Sie mindestens eine Person an."),
        ({"party_size": "999999999999999999999"}, 400, "Sie können höchstens 6 Personen"),
        ({"party_size": "zwei"}, 400, "in Ziffern"),
        ({"party_size": ""}, 400, "für wie viele Personen"),
        ({"session": "99999999"}, 400, "Diesen Termin können Sie nicht buchen."),
        ({"session": "morgen"}, 400, "Diesen Termin können Sie nicht buchen."),
        ({"session": ""}, 400, "Bitte wählen Sie einen Termin."),
        ({"price": "99999999"}, 400, "Diesen Preis gibt es nicht."),
        ({"price": "9" * 40}, 400, "Diesen Preis gibt es nicht."),
        ({"price": "\x00"}, 400, "Diesen Preis gibt es nicht."),
        ({"key": ""}, 400, "Bitte"),
        ({"key": "x" * 500}, 400, "Bitte"),
        ({"shown_cents": "1"}, 409, "Der Preis hat sich geändert"),
        ({"shown_cents": "nichts"}, 409, "noch einmal"),
    ],
)
def test_bad_input_is_answered_in_words_and_books_nothing(
    client: Client, offer: Offer, resident: Resident, changes: dict[str, str], status: int, sentence: str
) -> None:
    course = offer(capacities=[6])
    sign_in(client, resident())
    answer = client.post(f"/kurse/{course.course.slug}/buchen/", form_of(course) | changes)
    assert (answer.status_code, sentence in text_of(answer)) == (status, True)
    assert (Booking.objects.count(), course.taken()) == (0, [0])
    if "shown_cents" not in changes and "key" not in changes:
        asked = client.get(f"/kurse/{course.course.slug}/buchen/pruefen/", form_of(course) | changes)
        assert (asked.status_code, sentence in text_of(asked)) == (400, True)


def test_dates_that_passed_or_were_called_off_meanwhile_are_refused(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    course = offer(capacities=[6, 6])
    sign_in(client, resident())
    forms = [form_of(course, session_id=session.pk) for session in course.sessions]
    Session.objects.filter(pk=course.sessions[0].pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
    )
    Session.objects.filter(pk=course.sessions[1].pk).update(cancelled_at=now)
    for form in forms:
        answer = client.post(f"/kurse/{course.course.slug}/buchen/", form)
        assert answer.status_code == 409
        assert "Termin" in text_of(answer)
    assert Booking.objects.count() == 0


def test_unknown_and_unpublished_courses_are_not_found(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    hidden = offer(published_at=now + timedelta(days=1))
    sign_in(client, resident())
    for slug in ("gibt-es-nicht", hidden.course.slug):
        for url in (f"/kurse/{slug}/", f"/kurse/{slug}/buchen/", f"/kurse/{slug}/buchen/pruefen/"):
            assert client.get(url).status_code == 404
        assert client.post(f"/kurse/{slug}/buchen/", form_of(hidden)).status_code == 404
    assert "Yoga" not in text_of(client.get("/kurse/"))


def test_ones_own_booking_with_its_files_and_nobody_elses(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    course, lena = offer(), resident()
    booked = api.book(actor=lena, order=course.order(), now=now)
    url = f"/kurse/buchung/{booked.reference}/"
    files = ["", "termine.ics", "bestaetigung.pdf", "stornieren/"]
    assert [client.get(url + file).status_code for file in files] == [302] * 4
    sign_in(client, resident())
    assert [client.get(url + file).status_code for file in files] == [404] * 4
    assert client.post(f"{url}stornieren/").status_code == 404
    assert client.get("/kurse/buchung/ST-0000-0000-0/").status_code == 404
    sign_in(client, lena)
    calendar = client.get(f"{url}termine.ics")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"SUMMARY:{course.course.title}" in calendar.content.decode()
    pdf = client.get(f"{url}bestaetigung.pdf")
    assert pdf.content.startswith(b"%PDF-")


def test_cancelling_asks_once_and_says_until_when_it_is_free(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    course, lena = offer(), resident()
    booked = api.book(actor=lena, order=course.order(), now=now)
    url = f"/kurse/buchung/{booked.reference}/stornieren/"
    sign_in(client, lena)
    asked = client.get(url)
    assert "Stornieren ist kostenlos bis" in text_of(asked)
    assert course.taken() == [1]
    for _click in range(2):
        assert client.post(url).status_code == 303
    assert course.taken() == [0]
    assert "Diese Buchung ist storniert" in text_of(client.get(f"/kurse/buchung/{booked.reference}/"))


def test_filters_narrow_the_list_and_unknown_values_do_not_break_it(
    client: Client, offer: Offer, resident: Resident, now: datetime
) -> None:
    full, open_one = offer(capacities=[1]), offer(capacities=[2], audience=["Kinder"])
    api.book(actor=resident(), order=full.order(), now=now)

    def listed(**query: str) -> set[str]:
        page = client.get("/kurse/", query)
        assert page.status_code == 200
        return set(re.findall(r'href="/kurse/(kurs-\d+)/"', page.content.decode()))

    both = {full.course.slug, open_one.course.slug}
    assert listed() == both
    assert listed(free_only="on") == {open_one.course.slug}
    assert listed(audience="Kinder") == {open_one.course.slug}
    day = open_one.sessions[0].starts_at.date()
    assert listed(day=day.isoformat()) == both
    assert listed(day=(day + timedelta(days=1)).isoformat()) == set()
    assert listed(weekday=str(day.isoweekday())) == both
    assert listed(weekday=str(day.isoweekday() % 7 + 1)) == set()
    assert listed(weekday="99", category="'; DROP", day="2026-99-99", seite="-4", district="\x00") == both


def test_the_list_narrows_by_category_and_its_parent_and_by_district(client: Client, offer: Offer) -> None:
    from stadtportal.kernel.city.models import Category, District, Place

    sport = Category.objects.create(slug="bewegung", title="Bewegung", plural="Bewegung", sort_name="bewegung")
    Category.objects.create(slug="yoga-kurs", title="Yoga", plural="Yoga", sort_name="yoga", parent=sport)
    course, other = offer(category="yoga-kurs"), offer(category="bewegung")
    Place.objects.filter(slug="halle").update(
        district=District.objects.create(slug="tal", name="Tal", sort_name="tal", number=99, lat=48.8, lon=9.2)
    )

    def listed(**query: str) -> set[str]:
        return set(re.findall(r'href="/kurse/(kurs-\d+)/"', client.get("/kurse/", query).content.decode()))

    both = {course.course.slug, other.course.slug}
    assert listed(category="yoga-kurs") == {course.course.slug}
    assert listed(category="bewegung") == both
    assert listed(district="tal") == both
    page = text_of(client.get("/kurse/"))
    assert [page.count(word) > 0 for word in ("Bewegung", "Yoga", "Tal")] == [True] * 3


def test_lists_cost_the_same_queries_for_one_and_three_courses(client: Client, offer: Offer) -> None:
    offer()
    client.get("/kurse/")

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    one = count("/kurse/")
    courses = [offer(capacities=[2, 2, 2]) for _number in range(2)]
    assert count("/kurse/") == one <= 7
    assert count(f"/kurse/{courses[0].course.slug}/") <= 4


def test_linked_data_is_valid_and_cannot_leave_its_element(client: Client, offer: Offer) -> None:
    course = offer(title="Yoga </script><b>&", capacities=[4])
    page = client.get(f"/kurse/{course.course.slug}/").content.decode()
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(text)
    assert (data["@type"], data["name"]) == ("Course", "Yoga </script><b>&")
    assert data["hasCourseInstance"][0]["remainingAttendeeCapacity"] == 4
    assert [offer["price"] for offer in data["offers"]] == ["12.00", "6.00"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_dies_while_booking_gives_a_calm_page_and_leaves_nothing(
    client: Client, offer: Offer, resident: Resident
) -> None:
    """The server itself ends the connection in the middle of the transaction."""
    course = offer()
    sign_in(client, resident())
    form = form_of(course)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';"
            "CREATE TRIGGER die BEFORE INSERT ON inbox_message EXECUTE FUNCTION die()"
        )
    try:
        answer = client.post(f"/kurse/{course.course.slug}/buchen/", form)
        assert answer.status_code == 503
        assert "Es wurde nichts gebucht" in text_of(answer)
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER die ON inbox_message; DROP FUNCTION die()")
    assert (Booking.objects.count(), course.taken()) == (0, [0])
    assert client.post(f"/kurse/{course.course.slug}/buchen/", form).status_code == 303
    assert course.taken() == [1]


def test_the_front_block_and_what_search_gets(client: Client, offer: Offer, now: datetime) -> None:
    from stadtportal.areas.courses.area import AREA

    course = offer(capacities=[4], first_at=now + timedelta(days=2))
    offer(capacities=[4], first_at=now + timedelta(days=20))
    [block] = AREA.front_blocks
    assert [one.slug for one in block.context("")["courses"]] == [course.course.slug]
    assert block.context("gibt-es-nicht")["courses"] == []
    drafts = {draft.key: draft for draft in AREA.entries()}
    draft = drafts[course.course.slug]
    assert (draft.kind, draft.url, draft.price_cents) == ("course", f"/kurse/{course.course.slug}/", 600)
    assert (draft.next_at, draft.point, draft.organisation) == (course.sessions[0].starts_at, (48.8, 9.2), "Studio")
    assert len(drafts) == 2
    assert new_actor().signed_in
    assert client.get("/kurse/").status_code == 200
