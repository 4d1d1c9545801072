"""While somebody acts for another: what stays shut, what a scope keeps out, and when it ends."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stadtportal.areas.courses import api as courses
from stadtportal.kernel.contracts import Actor, FrameSlot, Role, registry
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people import urls
from stadtportal.kernel.people.models import Delegation, Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import BERLIN
from tests.courses.conftest import offer_course
from tests.delegation.conftest import Grant, account_of, acting, address, browser, new_person

pytestmark = pytest.mark.django_db

LOOK = people.Scope(may_act=False)
OTHER_AREA = people.Scope(frozenset({"courses"}))
STATED = ("/mein/daten/", "/mein/daten/ausfuhr/", "/mein/vertretung/", "/mein/vertretung/einladen/", "/arbeitsplatz/")


def filled(pattern: str) -> dict[str, int | str]:
    """Return something for each hole of an address."""
    return {name: 1 if kind == "int" else "x" for kind, name in re.findall(r"<(\w+):(\w+)>", pattern)}


def test_every_account_page_is_shut_while_acting_but_signing_out_and_stopping(
    lena: Actor, tim: Actor, grant: Grant
) -> None:
    client = acting(lena, grant(tim, lena))
    for pattern in urls.urlpatterns:
        if not pattern.name or pattern.name in {"account_logout", "account_stop_acting"}:
            continue
        path = reverse(pattern.name, kwargs=filled(str(pattern.pattern)))
        assert client.get(path).status_code == 403, path
        assert client.post(path).status_code == 403, path
    assert client.get(reverse("account_logout")).status_code == 200


@pytest.mark.parametrize("path", STATED)
def test_ones_own_data_delegations_and_workplace_are_shut_while_acting(
    lena: Actor, tim: Actor, grant: Grant, path: str
) -> None:
    client = acting(lena, grant(tim, lena))
    answer = client.get(path)
    assert answer.status_code in {403, 404}
    if answer.status_code == 403:
        assert "Vertretung beenden" in answer.content.decode()
    assert client.post(path).status_code in {403, 404}


def test_nobody_brings_a_role_along_or_gains_one(clerk: Actor, grant: Grant) -> None:
    other = new_person("Ada", role=Role.OPERATOR)
    client = acting(clerk, grant(other, clerk))
    actor = client.get("/mein/").wsgi_request.actor  # type: ignore[attr-defined]  # set by the middleware.
    assert (actor.grants, actor.agent_id, actor.person_id) == (frozenset(), clerk.person_id, other.person_id)
    assert client.get("/arbeitsplatz/vertretungen/").status_code == 403


def test_who_may_only_look_changes_nothing_and_reads_no_message_away(
    lena: Actor, tim: Actor, grant: Grant, now: datetime
) -> None:
    assert tim.person_id is not None
    course = offer_course(now=now)
    reference = courses.book(actor=tim, order=course.order(), now=now).reference
    client = acting(lena, grant(tim, lena, LOOK))
    assert client.get(f"/mein/vorgaenge/{reference}/").status_code == 200
    assert client.post(f"/kurse/buchung/{reference}/stornieren/").status_code in {403, 404}
    assert client.post(reverse("courses:cancel", args=[reference])).status_code == 403
    message = inbox.list_messages(actor=tim)[0]
    assert client.get(f"/mein/postfach/{message.id}/").status_code == 200
    assert inbox.list_messages(actor=tim)[0].read_at is None


def test_a_scope_of_areas_keeps_out_of_all_others_and_of_the_inbox(
    lena: Actor, tim: Actor, grant: Grant, now: datetime
) -> None:
    course = offer_course(now=now)
    reference = courses.book(actor=tim, order=course.order(), now=now).reference
    inside = acting(lena, grant(tim, lena, OTHER_AREA))
    assert inside.get(f"/mein/vorgaenge/{reference}/").status_code == 200
    assert "Gebucht" in inside.get("/mein/vorgaenge/").content.decode()
    for path in ("/mein/postfach/", f"/mein/postfach/{inbox.list_messages(actor=tim)[0].id}/"):
        assert inside.get(path).status_code == 403
    assert "Postfach" not in inside.get("/mein/").content.decode()


def test_a_scope_of_an_area_that_is_not_loaded_opens_no_other(lena: Actor, tim: Actor, now: datetime) -> None:
    course = offer_course(now=now)
    reference = courses.book(actor=tim, order=course.order(), now=now).reference
    row = Delegation.objects.create(
        principal=account_of(tim),
        agent=account_of(lena),
        kind="adult",
        areas=["elsewhere"],
        starts_at=now,
        expires_at=now + timedelta(days=1),
        proposed_at=now,
        principal_accepted_at=now,
        agent_accepted_at=now,
    )
    outside = acting(lena, row.pk)
    assert outside.get(f"/mein/vorgaenge/{reference}/").status_code == 404
    assert outside.get("/kurse/").status_code == 403
    assert course.course.title not in outside.get("/mein/kalender/").content.decode()
    assert outside.get("/").status_code == 200
    assert outside.get("/orte/halle/").status_code == 200


def test_ending_it_ends_acting_in_all_sessions_with_the_next_request(
    lena: Actor, tim: Actor, grant: Grant, now: datetime
) -> None:
    number = grant(tim, lena)
    sessions = [acting(lena, number), acting(lena, number)]
    people.end(actor=tim, delegation_id=number, now=now)
    course = offer_course(now=now)
    order = course.order()
    form = {"session": order.session_id, "party_size": 1, "price": order.price_id, "key": "k", "shown_cents": 1200}
    answer = sessions[0].post(f"/kurse/{course.course.slug}/buchen/", form)
    assert answer.status_code == 403
    assert "Es wurde nichts gespeichert" in answer.content.decode()
    assert course.taken() == [0]
    page = sessions[1].get("/mein/").content.decode()
    assert "Die Vertretung ist beendet" in page
    assert "Guten Tag, Lena Muster" in page


def test_it_ends_by_itself_at_the_end_of_its_last_day(lena: Actor, tim: Actor, now: datetime) -> None:
    then = now - timedelta(days=10)
    last_day = then.date() + timedelta(days=5)
    facts = {"scope": people.Scope(), "last_day": last_day, "today": then.date(), "now": then}
    number = people.invite(actor=tim, email=address(lena), **facts)  # type: ignore[arg-type]  # by name.
    people.accept(actor=lena, delegation_id=number, now=then)
    client = browser(lena)
    session = client.session
    session["acting_by"] = number
    session.save()
    assert "Guten Tag, Lena Muster" in client.get("/mein/").content.decode()
    assert client.post(f"/mein/vertretung/{number}/handeln/").status_code == 404
    row = Delegation.objects.get(pk=number)
    assert row.expires_at.astimezone(BERLIN).isoformat()[:19] == f"{last_day + timedelta(days=1)}T00:00:00"
    # Room for a new one: the old one is noted as run out, at the time at which it did.
    facts |= {"last_day": now.date() + timedelta(days=5), "today": now.date(), "now": now}
    again = people.invite(actor=tim, email=address(lena), **facts)  # type: ignore[arg-type]  # as above.
    people.accept(actor=lena, delegation_id=again, now=now)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_how) == (row.expires_at, "expired")


def test_a_closed_account_is_acted_for_no_more(lena: Actor, tim: Actor, grant: Grant) -> None:
    client = acting(lena, grant(tim, lena))
    Person.objects.filter(pk=account_of(tim).pk).update(is_active=False)
    assert "Guten Tag, Lena Muster" in client.get("/mein/").content.decode()


def token_of(page: bytes) -> str:
    return page.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def test_a_form_opened_before_switching_is_sent_in_no_other_name(lena: Actor, tim: Actor, grant: Grant) -> None:
    number = grant(tim, lena)
    client = browser(lena, checks_forms=True)
    old = token_of(client.get("/konto/name/").content)
    page = client.get("/mein/vertretung/").content
    assert (
        client.post(f"/mein/vertretung/{number}/handeln/", {"csrfmiddlewaretoken": token_of(page)}).status_code == 302
    )
    banner = token_of(client.get("/mein/").content)
    assert client.post("/konto/vertretung/beenden/", {"csrfmiddlewaretoken": old}).status_code == 403
    assert client.post("/konto/vertretung/beenden/", {"csrfmiddlewaretoken": banner}).status_code == 302
    assert "Guten Tag, Lena Muster" in client.get("/mein/").content.decode()
    assert client.post("/konto/vertretung/beenden/", {"csrfmiddlewaretoken": banner}).status_code == 403


def test_a_loop_of_delegations_gives_nobody_more_than_each_of_them(lena: Actor, tim: Actor, grant: Grant) -> None:
    """Lena for Tim, Tim for Lena, Tim for Omar: acting for Tim, Lena reaches neither Omar nor anything of her own."""
    omar = new_person("Omar")
    first, back, further = grant(tim, lena), grant(lena, tim), grant(omar, tim)
    client = acting(lena, first)
    for number in (back, further, first):
        assert client.post(f"/mein/vertretung/{number}/handeln/").status_code == 403
    client.post("/konto/vertretung/beenden/")
    for number in (back, further):
        assert client.post(f"/mein/vertretung/{number}/handeln/").status_code == 404


def test_a_session_with_a_strange_number_acts_for_nobody(lena: Actor, tim: Actor, grant: Grant) -> None:
    omar = new_person("Omar")
    number = grant(omar, tim)
    client = browser(lena)
    for strange in (number, 0, -1, 10**12):
        session = client.session
        session["acting_by"] = strange
        session.save()
        assert "Guten Tag, Lena Muster" in client.get("/mein/").content.decode()
        assert "acting_by" not in client.session


def test_signing_out_ends_acting(lena: Actor, tim: Actor, grant: Grant) -> None:
    client = acting(lena, grant(tim, lena))
    assert client.post(reverse("account_logout")).status_code == 302
    client.force_login(account_of(lena))
    assert "Guten Tag, Lena Muster" in client.get("/mein/").content.decode()
    assert Session.objects.count() == 1


def statements(client: Client, path: str) -> list[str]:
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        client.get(path)
    return [one["sql"] for one in caught.captured_queries]


def test_it_costs_one_query_while_acting_and_none_otherwise(lena: Actor, tim: Actor, grant: Grant) -> None:
    number = grant(tim, lena)
    mine, acted = statements(browser(lena), "/kurse/"), statements(acting(lena, number), "/kurse/")
    assert [one for one in mine if "people_delegation" in one] == []
    assert len([one for one in acted if "people_delegation" in one]) == 1
    assert len(acted) == len(mine) + 1


@pytest.mark.usefixtures("child")
def test_nobody_signs_in_as_a_child_or_a_club() -> None:
    mika = Person.objects.get(given_name="Mika")
    assert not mika.email
    assert not mika.has_usable_password()
    client = Client()
    assert client.post("/konto/anmelden/", {"login": "", "password": "x"}).status_code == 200
    client.force_login(mika)
    assert client.get("/mein/").status_code == 302
    assert people.actor_for(mika.pk).person_id is None


def test_acting_reads_nobody_else(lena: Actor, tim: Actor, grant: Grant, now: datetime) -> None:
    omar = new_person("Omar")
    reference = courses.book(actor=omar, order=offer_course(now=now).order(), now=now).reference
    own = courses.book(actor=lena, order=offer_course(now=now).order(), now=now).reference
    client = acting(lena, grant(tim, lena))
    for one in (reference, own):
        assert client.get(f"/mein/vorgaenge/{one}/").status_code == 404
        assert client.get(reverse("courses:booking", args=[one])).status_code == 404
    assert trust.list_access(actor=omar) == []


def test_whatever_is_done_within_a_request_knows_the_mandate_and_nothing_after_it(
    lena: Actor, tim: Actor, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    tims = account_of(tim).pk
    seen: list[str] = []

    def note(_actor: Actor) -> None:
        mandate = trust.mandate_for(tims)
        seen.append(mandate.shown_as if mandate else "")

    monkeypatch.setattr(registry, "_frame_slots", [*registry._frame_slots, FrameSlot("banner", "", note)])
    client = acting(lena, grant(tim, lena))
    client.get("/")
    assert trust.mandate_for(tims) is None
    client.post("/konto/vertretung/beenden/")
    client.get("/")
    assert seen == ["Lena Muster für Tim Muster", ""]
