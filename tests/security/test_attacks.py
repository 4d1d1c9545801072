"""What somebody with bad intentions tries, and does not get."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.postgres.aggregates import ArrayAgg
from django.core import mail
from django.core.cache import cache
from django.db.models import Count, Min, Sum
from django.test import Client, RequestFactory

from stadtportal.areas.courses import api as courses
from stadtportal.areas.courses.models import BookedSession, Booking
from stadtportal.kernel.contracts import Actor, CalendarEvent
from stadtportal.kernel.documents import api as documents
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web
from tests.courses.conftest import new_actor, offer_course

pytestmark = pytest.mark.django_db

CODE_PAGE = "/konto/anmelden/code/eingeben/"
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
    "/\t/evil.example",
    " //evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "ftp://testserver/",
)


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:  # noqa: ARG001 -- the cache is a table.
    cache.clear()


@pytest.fixture
def ben() -> Person:
    """Somebody whose account others would like to have."""
    made = people.create_person(
        email="ben@example.org", given_name="Ben", family_name="Bei", email_verified=True, example=True
    )
    return Person.objects.get(pk=made.id)


@pytest.fixture
def booked() -> tuple[Actor, str]:
    """Somebody with a booking, and its reference."""
    now = datetime.now(UTC)
    actor = new_actor()
    return actor, courses.book(actor=actor, order=offer_course(now=now).order(), now=now).reference


def signed_in(actor: Actor) -> Client:
    client = Client(headers={"accept": "text/html"})
    assert actor.person_id is not None
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def the_code() -> str:
    return next(line for line in str(mail.outbox[-1].body).splitlines() if line.isdecimal())


def test_guesses_at_a_code_sent_all_at_once_are_counted_all(ben: Person) -> None:
    """Guesses sent at the same moment all read a session that knows of none before them, as here."""
    client = Client()
    client.post("/konto/anmelden/code/", {"email": ben.email})
    code = the_code()
    untouched = dict(client.session.items())
    wrong = "000000" if code != "000000" else "111111"
    statuses = []
    for guess in [*[wrong] * 12, code]:
        session = client.session
        session.update(untouched)
        session.save()
        statuses.append(client.post(CODE_PAGE, {"code": guess}).status_code)
    assert statuses == [*[200] * 12, 429]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("page", "more"),
    [
        ("/konto/anmelden/code/", {}),
        ("/konto/passwort/vergessen/", {}),
        ("/konto/anlegen/", {"given_name": "Gewinn", "family_name": "Spiel"}),
    ],
)
def test_nobody_floods_somebodys_mailbox(ben: Person, page: str, more: dict[str, str], known: bool) -> None:  # noqa: FBT001 -- a parameter.
    """Each request comes from another address and so is the first one the engine sees."""
    address = ben.email if known else "fremd@example.org"
    statuses = []
    for number in range(8):
        cache.clear()
        client = Client(REMOTE_ADDR=f"192.0.2.{number + 1}")
        statuses.append(client.post(page, {"email": address.upper() if number % 2 else address, **more}).status_code)
    assert statuses == [*[302] * 6, 429, 429]
    assert [message.to for message in mail.outbox] == [[address]] * 6


def test_notices_about_ones_own_account_come_however_many_codes_were_asked_for(ben: Person) -> None:
    for number in range(7):
        cache.clear()
        Client(REMOTE_ADDR=f"192.0.2.{number + 1}").post("/konto/anmelden/code/", {"email": ben.email})
    client = Client()
    client.force_login(ben)
    answer = client.post(
        "/konto/passwort/festlegen/", {"password1": "Neckar-und-Weinberg-7", "password2": "Neckar-und-Weinberg-7"}
    )
    assert answer.status_code == 302
    assert "Passwort" in mail.outbox[-1].subject


def test_a_visitor_behind_a_proxy_is_counted_by_what_the_proxy_wrote(settings: object) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]  # pytest-django's fixture.

    def come(forwarded: str) -> None:
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
        web.rate_limit(request, name="proxy", limit=2, per_seconds=60)

    come("198.51.100.1, 203.0.113.9")
    come("198.51.100.2, 203.0.113.9")
    with pytest.raises(web.TooManyRequests):
        come("198.51.100.3, 203.0.113.9")
    come("203.0.113.10")


def test_a_visitor_without_a_proxy_cannot_say_to_be_somebody_else() -> None:
    def come(forwarded: str) -> None:
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="203.0.113.7")
        web.rate_limit(request, name="direct", limit=2, per_seconds=60)

    come("198.51.100.1")
    come("198.51.100.2")
    with pytest.raises(web.TooManyRequests):
        come("198.51.100.3")


def test_pages_and_files_of_people_are_kept_by_no_browser_and_no_proxy(booked: tuple[Actor, str]) -> None:
    actor, reference = booked
    client = signed_in(actor)
    paths = [
        "/",
        "/mein/",
        "/mein/daten/",
        "/mein/kalender.ics",
        "/mein/gibt-es-nicht/",
        f"/kurse/buchung/{reference}/",
    ]
    paths += [f"/kurse/buchung/{reference}/termine.ics", f"/kurse/buchung/{reference}/bestaetigung.pdf"]
    kept = {path: client.get(path).headers["Cache-Control"] for path in paths}
    assert {path: (how, "no-store" in how, "private" in how) for path, how in kept.items()} == {
        path: (how, True, True) for path, how in kept.items()
    }
    assert Client().get("/").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/suche/karte.json").headers["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_and_out_never_leads_to_another_site(ben: Person, target: str) -> None:
    client = Client()
    client.force_login(ben)
    assert client.get("/konto/anmelden/", {"next": target})["Location"] == "/mein/"
    assert client.post("/konto/abmelden/", {"next": target})["Location"] == "/"
    people.create_person(
        email="lena@example.org", given_name="Lena", family_name="Beispiel", email_verified=True, example=True
    )
    assert client.post("/demo/anmelden/", {"person": "lena@example.org", "next": target})["Location"] == "/mein/"


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/"])
def test_the_way_back_from_an_error_page_stays_on_the_portal(path: str) -> None:
    answer = Client().get(
        "/gibt-es-nicht/", headers={"accept": "text/html", "referer": f"http://testserver{path}", "host": "testserver"}
    )
    assert answer.status_code == 404
    assert "evil.example" not in answer.content.decode()


def test_signing_in_gives_a_new_session(ben: Person) -> None:
    client = Client()
    client.post("/konto/anmelden/code/", {"email": ben.email})
    before = client.session.session_key
    client.post(CODE_PAGE, {"code": the_code()})
    assert client.session["_auth_user_id"] == str(ben.pk)
    assert client.session.session_key != before


def test_the_demo_signs_in_nobody_who_is_real() -> None:
    people.create_person(email="lena@example.org", given_name="Lena", family_name="Echt", email_verified=True)
    client = Client()
    assert client.post("/demo/anmelden/", {"person": "lena@example.org"}).status_code == 403
    assert "_auth_user_id" not in client.session


def test_names_hide_and_reverse_nothing(ben: Person) -> None:
    client = Client()
    client.force_login(ben)
    client.post("/konto/name/", {"given_name": "Mi\u202eleh\u200bcim", "family_name": "نیم\u200cفاصله"})
    ben.refresh_from_db()
    assert (ben.given_name, ben.family_name) == ("Milehcim", "نیم\u200cفاصله")


WAYS_AROUND: tuple[Callable[[], object], ...] = (
    lambda: list(BookedSession.objects.select_related("booking__person")),
    lambda: BookedSession.objects.get().booking,
    lambda: list(Booking.objects.raw("SELECT * FROM courses_booking")),
    lambda: Booking.objects.aggregate(whose=Min("person__email")),
    lambda: Booking.objects.aggregate(whose=ArrayAgg("person__email")),
    lambda: Booking.objects.values("person__email")[0],
    lambda: Booking.objects.in_bulk(None),
    lambda: Booking.objects.order_by("-id").last(),
    lambda: list(Booking.objects.dates("created_at", "day")),
)


@pytest.mark.parametrize("way", WAYS_AROUND)
def test_no_way_around_the_access_log_is_open(booked: tuple[Actor, str], way: Callable[[], object]) -> None:
    assert booked
    with pytest.raises(trust.UnaccountedRead):
        way()


def test_rows_fetched_by_way_of_others_are_in_the_access_log(booked: tuple[Actor, str]) -> None:
    actor, _reference = booked
    with trust.reading(actor=new_actor(), purpose="Liste", legal_basis="Art. 6 Abs. 1 b DSGVO", fields=("Name",)):
        assert [place.booking.party_size for place in BookedSession.objects.select_related("booking")] == [1]
    assert [event.purpose for event in trust.list_access(actor=actor)] == ["Liste"]
    with trust.own(new_actor()), pytest.raises(trust.ForeignRow):
        BookedSession.objects.select_related("booking").get()
    assert Booking.objects.aggregate(parties=Count("pk"), seats=Sum("party_size")) == {"parties": 1, "seats": 1}


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_title_adds_no_property_to_a_calendar(line_break: str) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    evil = f"Yoga{line_break}ATTENDEE:mailto:evil@example.org"
    event = CalendarEvent(
        uid="1@stadtportal",
        title=evil,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        location=evil,
        description=evil,
        url="http://localhost/",
    )
    for line in documents.calendar_file([event], now=now).decode().splitlines():
        assert not line.startswith("ATTENDEE")


def test_a_browser_left_open_gives_nobody_the_account(ben: Person) -> None:
    """Somebody who has a password is asked for it before the account goes with another address."""
    password = "Neckar-und-Weinberg-7"  # noqa: S105 -- of a person who exists in tests only.
    ben.set_password(password)
    ben.save()
    client = Client()
    client.post("/konto/anmelden/", {"login": ben.email, "password": password})
    another = {"action_add": "", "email": "dieb@example.org"}
    assert client.post("/konto/e-mail/", another)["Location"].startswith("/konto/bestaetigen/")
    assert mail.outbox == []
    client.post("/konto/bestaetigen/", {"password": password})
    assert client.post("/konto/e-mail/", another)["Location"] == "/konto/e-mail/bestaetigen/"
