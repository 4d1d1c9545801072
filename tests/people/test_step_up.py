"""A page that needs more than a basic sign-in asks for it, and leads back with everything kept."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from stadtportal.kernel.contracts import Actor, AssuranceLevel
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.web.api import kept_step_up, require_level

from .test_bundid import attributes_of, connect, hidden, level_in, through_bundid
from .test_pages import check_policy, check_words

pytestmark = pytest.mark.django_db
PAGE = "/konto/nachweis/angaben/"


def test_a_visitor_signs_in_first(client: Client) -> None:
    answer = client.get(PAGE)
    assert answer["Location"] == f"/konto/anmelden/?{urlencode({'next': PAGE})}"


def test_a_page_asks_for_more_and_leads_back(as_lena: Client) -> None:
    connect(as_lena)
    as_lena.get("/konto/abmelden/")
    weak = Client()
    weak.get(through_bundid(weak, level="1"))
    answer = weak.get(f"{PAGE}?von=hier")
    assert answer["Location"].startswith("/konto/nachweis/anheben/?t=")
    asking = weak.get(answer["Location"])
    assert asking.status_code == 200
    page = asking.content.decode()
    check_words("step up", page)
    check_policy("step up", page)
    assert "Hier stehen Geburtsdatum und Anschrift." in page
    assert "<strong>Substanziell</strong>" in page
    assert "im Bürgerbüro" in page
    target = hidden(page, "next")
    back = weak.get(through_bundid(weak, next_=target))
    assert back["Location"] == target
    assert weak.get(target)["Location"] == f"{PAGE}?von=hier"
    shown = weak.get(f"{PAGE}?von=hier").content.decode()
    check_words(PAGE, shown)
    assert "14.05.1992" in shown
    assert "Beispielweg 7" in shown


def test_a_form_that_was_being_sent_is_kept_and_sent_afterwards(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    weak = Client()
    weak.get(through_bundid(weak, level="1"))
    answer = weak.post(f"{PAGE}loeschen/", {"source": "bundid", "nachricht": 'Ä "und" <b>&amp;'})
    where = answer["Location"]
    assert "Ihre Angaben bleiben erhalten" in weak.get(where).content.decode()
    assert attributes_of(lena)
    weak.get(through_bundid(weak, next_=where))
    page = weak.get(where).content.decode()
    assert "Ihre Angaben sind noch da" in page
    assert re.findall(r'<form method="post" action="([^"]+)"', page) == [f"{PAGE}loeschen/"]
    fields = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
        if name != "csrfmiddlewaretoken"
    }
    assert fields == {"source": "bundid", "nachricht": 'Ä "und" <b>&amp;'}
    weak.post(f"{PAGE}loeschen/", fields)
    assert attributes_of(lena) == {}


def test_other_packages_read_the_surest_statement_of_each_attribute(as_lena: Client, lena: Person) -> None:
    actor = people.actor_for(lena.pk)
    own = [(one.title, one.value, one.level, one.source_code) for one in people.list_surest(actor)]
    assert own == [
        ("Vorname", "Lena", AssuranceLevel.BASIC, "self"),
        ("Nachname", "Muster", AssuranceLevel.BASIC, "self"),
    ]
    connect(as_lena)
    surest = {one.name: (one.value, one.level, one.source) for one in people.list_surest(actor)}
    assert surest["family_name"] == ("Beispiel", AssuranceLevel.SUBSTANTIAL, "BundID")
    assert list(surest)[:4] == ["given_name", "family_name", "birth_name", "birth_date"]


def test_what_is_not_kept_any_more_is_said(as_lena: Client) -> None:
    answer = as_lena.get("/konto/nachweis/anheben/", {"t": "unbekannt"}, follow=True)
    assert "nicht mehr vorgemerkt" in answer.content.decode()


def test_a_raised_sign_in_is_basic_again_after_two_hours(as_lena: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(as_lena)
    assert level_in(as_lena) is AssuranceLevel.SUBSTANTIAL
    now = timezone.now()

    def later(hours: float) -> None:
        def clock() -> datetime:
            return now + timedelta(hours=hours)

        monkeypatch.setattr("stadtportal.kernel.people.middleware.timezone.now", clock)

    later(1.9)
    assert level_in(as_lena) is AssuranceLevel.SUBSTANTIAL
    later(2.1)
    assert level_in(as_lena) is AssuranceLevel.BASIC


def asked(request: HttpRequest, session: SessionStore, level: AssuranceLevel = AssuranceLevel.BASIC) -> HttpResponse:
    request.session = session
    request.actor = Actor(person_id=uuid4(), level=level)  # type: ignore[attr-defined]  # as the middleware does.

    @require_level(AssuranceLevel.HIGH, reason="Grund")
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("offen")

    answer = view(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_five_tabs_may_ask_at_the_same_time_and_a_sixth_takes_the_oldest_place() -> None:
    session = SessionStore()
    tokens = []
    for number in range(6):
        answer = asked(RequestFactory().get(f"/seite/{number}/?x=1"), session)
        tokens.append(answer["Location"].partition("t=")[2])
    request: Any = RequestFactory().get("/")
    request.session = session
    kept = [kept_step_up(request, token) for token in tokens]
    assert [one.path if one else None for one in kept] == [None, *(f"/seite/{number}/?x=1" for number in range(1, 6))]
    assert {one.level for one in kept if one} == {AssuranceLevel.HIGH}


def test_files_and_endless_texts_are_not_kept_and_that_is_known() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    session = SessionStore()
    file = SimpleUploadedFile("a.txt", b"x")
    for data, kept_fields in (({"a": "b", "f": file}, (("a", "b"),)), ({"a": "x" * 70_000}, ())):
        token = asked(RequestFactory().post("/seite/", data), session)["Location"].partition("t=")[2]
        request: Any = RequestFactory().get("/")
        request.session = session
        kept = kept_step_up(request, token)
        assert kept is not None
        assert (kept.complete, kept.fields, kept.path) == (False, kept_fields, "/seite/")


def test_htmx_loads_the_whole_page_and_the_right_level_lets_in() -> None:
    session = SessionStore()
    answer = asked(RequestFactory().get("/seite/", headers={"HX-Request": "true"}), session)
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/konto/nachweis/anheben/?t=")
    assert asked(RequestFactory().get("/seite/"), session, AssuranceLevel.HIGH).content == b"offen"
