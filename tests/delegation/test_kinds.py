"""For each kind of delegation the whole way, page by page, as people go it without JavaScript."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from stadtportal.areas.courses.models import Booking
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import Actor, AssuranceLevel
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.actions.answering import send_invitation
from stadtportal.kernel.people.models import Delegation, Person
from stadtportal.kernel.people.queries.delegation import find_mandate
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.models import AccessEvent
from tests.courses.conftest import Offered, offer_course
from tests.delegation.conftest import account_of, acting, address, browser, new_person

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, **data: str) -> str:
    """Send a form and return the page it leads to."""
    return client.post(path, data, follow=True).content.decode()


def newest(principal: str) -> int:
    return Delegation.objects.filter(principal__family_name__startswith=principal).latest("pk").pk


def order(course: Offered, **changes: str) -> dict[str, str]:
    facts = course.order(ages_ok=True)
    return {
        "session": str(facts.session_id),
        "party_size": "1",
        "price": str(facts.price_id),
        "shown_cents": str(facts.shown_cents),
        "key": facts.key,
        "ages_ok": "on",
    } | changes


def test_a_parent_enters_a_child_books_a_course_for_it_and_is_named_everywhere(lena: Actor, now: datetime) -> None:
    course = offer_course(now=now, min_age=6, max_age=12)
    client = browser(lena)
    born = now.date().replace(year=now.year - 9, month=1, day=1)
    page = post(
        client, "/mein/vertretung/kind/",
        given_name="Mika", family_name="Beispiel", birth_date=born.isoformat(), custody="on",
    )  # fmt: skip
    assert "Handeln für Mika Beispiel" in page
    page = post(client, f"/mein/vertretung/{newest('Beispiel')}/handeln/")
    assert "Übersicht für Mika Beispiel" in page
    for path in ("/", "/kurse/", "/mein/vorgaenge/"):
        shown = client.get(path).content.decode()
        assert re.search(r'class="acting-banner".*Lena Muster handelt für <strong>Mika Beispiel</strong>', shown), path
        assert "Vertretung beenden" in shown
    review = client.get(f"/kurse/{course.course.slug}/buchen/pruefen/", order(course))
    if review.status_code == 200:
        assert "Lena Muster für Mika Beispiel" in review.content.decode()
    assert client.post(f"/kurse/{course.course.slug}/buchen/", order(course)).status_code == 303

    mika = Person.objects.get(given_name="Mika")
    with trust.system("Test"):
        assert [booking.person_id for booking in Booking.objects.all()] == [mika.pk]
    (case,) = cases.list_cases(actor=Actor(person_id=mika.pk))
    assert case.agent_name == "Lena Muster"
    (event,) = cases.list_case_events(actor=Actor(person_id=mika.pk), reference=case.reference)
    assert event.actor_name == "Lena Muster für Mika Beispiel"
    page = client.get(f"/mein/vorgaenge/{case.reference}/").content.decode()
    assert "In Vertretung begonnen von Lena Muster" in page
    assert cases.list_cases(actor=lena) == []


def test_the_log_of_the_child_says_exactly_what_the_parent_saw_and_the_parent_can_read_it(
    lena: Actor, child: int, now: datetime
) -> None:
    mika = Person.objects.get(given_name="Mika")
    inbox.send(person_id=mika.pk, subject="Sportfest", body="Am Samstag.", now=now)
    client = acting(lena, child)
    client.get("/mein/postfach/")
    events = [(one.subject_id, one.actor_id, one.actor_name, one.purpose, one.legal_basis, one.fields)
              for one in AccessEvent.objects.all()]  # fmt: skip
    assert events == [
        (mika.pk, lena.person_id, "Lena Muster", f"Handeln in Vertretung (Elterliche Sorge Nr. {child})",
         "Elterliche Sorge, § 1629 BGB", ["Nachrichten"]),
    ]  # fmt: skip
    client.post("/konto/vertretung/beenden/")
    page = client.get(f"/mein/vertretung/{child}/zugriffe/").content.decode()
    assert f"Elterliche Sorge Nr. {child}" in page


def test_a_course_is_held_against_the_age_of_the_child(lena: Actor, child: int, now: datetime) -> None:
    client = acting(lena, child)
    for ages, status in (({"min_age": 16}, 409), ({"max_age": 8}, 409), ({"min_age": 9, "max_age": 9}, 303)):
        course = offer_course(now=now, first_at=now + timedelta(hours=30), **ages)
        answer = client.post(f"/kurse/{course.course.slug}/buchen/", order(course))
        born = people.find_birth_date(Person.objects.get(given_name="Mika").pk)
        assert born is not None
        if people.age_on(born, course.sessions[0].starts_at.date()) == 9:
            assert answer.status_code == status
            assert ("Mika Muster ist am ersten Tag 9 Jahre alt" in answer.content.decode()) is (status == 409)


def test_both_parents_act_for_one_child_once_the_other_agrees(lena: Actor, tim: Actor, child: int) -> None:
    page = post(browser(lena), f"/mein/vertretung/{child}/teilen/", email=address(tim))
    assert "Die Einladung ist unterwegs" in page
    number = newest("Muster")
    his = browser(tim)
    assert his.post(f"/mein/vertretung/{number}/handeln/").status_code == 404
    assert "Angenommen" in post(his, f"/mein/vertretung/{number}/annehmen/")
    assert "Übersicht für Mika Muster" in post(his, f"/mein/vertretung/{number}/handeln/")
    assert [one.subject for one in inbox.list_messages(actor=lena)] == ["Tim Muster kann jetzt für Mika Muster handeln"]


def test_an_adult_invites_the_other_agrees_and_either_ends_it_and_both_are_told(
    lena: Actor, tim: Actor, later: date, now: datetime
) -> None:
    form = {"email": address(lena).upper(), "may_act": "act", "last_day": later.isoformat()}
    assert "Die Einladung ist unterwegs" in post(browser(tim), "/mein/vertretung/einladen/", **form)
    number = newest("Muster")
    send_invitation(delegation_id=number, now=now)
    (told,) = inbox.list_messages(actor=lena)
    assert told.subject == "Einladung: für jemanden handeln"
    assert "Tim Muster möchte" in told.body
    hers = browser(lena)
    assert "Einladungen an Sie" in hers.get("/mein/vertretung/").content.decode()
    post(hers, f"/mein/vertretung/{number}/annehmen/")
    assert "Übersicht für Tim Muster" in post(hers, f"/mein/vertretung/{number}/handeln/")
    assert "Beenden?" not in post(browser(tim), f"/mein/vertretung/{number}/beenden/")
    assert "handelt für" not in hers.get("/mein/").content.decode()
    subject = "Lena Muster handelt nicht mehr für Tim Muster"
    for one in (lena, tim):
        assert subject in [message.subject for message in inbox.list_messages(actor=one)]


def test_a_carer_acts_once_a_clerk_has_seen_the_certificate_and_as_long_as_it_says(
    lena: Actor, clerk: Actor, later: date, today: date, now: datetime
) -> None:
    hers = browser(lena)
    post(hers, "/mein/vertretung/betreuung/", given_name="Otto", family_name="Alt", birth_date="1940-02-29",
         register_entry="AG Stuttgart, 12 XVII 3/26")  # fmt: skip
    number = newest("Alt")
    assert hers.post(f"/mein/vertretung/{number}/handeln/").status_code == 404
    desk = browser(clerk)
    page = desk.get("/arbeitsplatz/vertretungen/").content.decode()
    assert "Lena Muster für Otto Alt" in page
    assert "12 XVII 3/26" in page
    assert "Arbeitsplatz" in desk.get("/arbeitsplatz/").content.decode()
    path = f"/arbeitsplatz/vertretungen/{number}/bestaetigen/"
    assert desk.post(path, {"evidence": "ok", "last_day": later.isoformat()}).status_code == 422
    post(desk, path, evidence="Betreuerausweis AG Stuttgart 3.5.2026", last_day=later.isoformat())
    assert "Übersicht für Otto Alt" in post(hers, f"/mein/vertretung/{number}/handeln/")
    row = Delegation.objects.get(pk=number)
    assert (row.evidence, row.principal_accepted_by_id) == ("Betreuerausweis AG Stuttgart 3.5.2026", clerk.person_id)
    agent = account_of(lena)
    assert find_mandate(delegation_id=number, agent=agent, now=row.expires_at) is None
    mandate = find_mandate(delegation_id=number, agent=agent, now=row.expires_at - timedelta(seconds=1))
    assert mandate is not None
    assert mandate.level is AssuranceLevel.SUBSTANTIAL
    assert people.get_held(actor=lena, delegation_id=number, now=now).last_day == later
    assert (later - today).days == 90
    seen = AccessEvent.objects.filter(purpose="Vertretung prüfen", actor_id=clerk.person_id)
    assert {event.subject_id for event in seen} == {lena.person_id, row.principal_id}


def test_what_a_clerk_refuses_is_forgotten_and_the_reason_is_told(lena: Actor, clerk: Actor, today: date,
                                                                  now: datetime) -> None:  # fmt: skip
    number = people.request_organisation(actor=lena, name="Luftschloss AG", register_entry="?", today=today, now=now)
    post(browser(clerk), f"/arbeitsplatz/vertretungen/{number}/ablehnen/", evidence="Kein Registerauszug vorgelegt")
    assert not Person.objects.filter(family_name="Luftschloss AG").exists()
    (told,) = inbox.list_messages(actor=lena)
    assert "Kein Registerauszug vorgelegt" in told.body


def test_a_club_lets_others_act_no_further_and_no_longer_and_all_ends_with_its_representative(
    lena: Actor, tim: Actor, club: int, later: date
) -> None:
    path = f"/mein/vertretung/{club}/weitergeben/"
    form = {"email": address(tim), "may_act": "look", "areas": "courses", "last_day": later.isoformat()}
    too_long = form | {"last_day": (later + timedelta(days=1)).isoformat()}
    answer = browser(lena).post(path, too_long)
    assert answer.status_code == 422
    assert "So lange gilt Ihre eigene Vertretung nicht." in answer.content.decode()
    assert "Die Einladung ist unterwegs" in post(browser(lena), path, **form)
    number = newest("Turnverein")
    his = browser(tim)
    post(his, f"/mein/vertretung/{number}/annehmen/")
    assert his.get(f"/mein/vertretung/{number}/weitergeben/").status_code == 200
    again = form | {"email": address(new_person("Omar"))}
    refused = his.post(f"/mein/vertretung/{number}/weitergeben/", again)
    assert refused.status_code == 422
    assert "Weitergeben kann sie nur" in refused.content.decode()
    assert "(nur ansehen)" in post(his, f"/mein/vertretung/{number}/handeln/")
    post(browser(lena), f"/mein/vertretung/{club}/beenden/")
    assert "handelt für" not in his.get("/").content.decode()
    assert "Lena Muster handelt nicht mehr" in inbox.list_messages(actor=lena)[0].subject
    assert "Tim Muster handelt nicht mehr" in inbox.list_messages(actor=tim)[0].subject


def test_mail_for_somebody_who_does_not_sign_in_goes_to_those_who_act_for_them(
    lena: Actor, child: int, now: datetime
) -> None:
    from stadtportal.kernel.inbox.actions import mail as send_mail

    assert child
    mika = Person.objects.get(given_name="Mika")
    number = inbox.send(person_id=mika.pk, subject="Sportfest", body="Am Samstag.", now=now)
    with trust.system("Test"):
        assert send_mail(message_id=number, now=now)
        assert not send_mail(message_id=number, now=now)
    (sent,) = mail.outbox
    assert (sent.to, sent.bcc) == ([], [address(lena)])
    assert "diese Nachricht ist für Mika Muster" in str(sent.body)


def test_an_address_without_account_gets_a_mail_that_does_not_name_the_child(
    lena: Actor, child: int, now: datetime
) -> None:
    number = people.share_child(actor=lena, delegation_id=child, email="neu@example.org", now=now)
    assert send_invitation(delegation_id=number, now=now)
    (sent,) = mail.outbox
    assert sent.to == ["neu@example.org"]
    assert "für ein Kind" in str(sent.body)
    assert "Mika" not in str(sent.body)
    people.end(actor=lena, delegation_id=number, now=now)
    assert not send_invitation(delegation_id=number, now=now)


def test_the_city_ends_what_a_court_has_ended_and_both_sides_and_those_below_are_told(
    lena: Actor, tim: Actor, clerk: Actor, club: int, later: date, today: date, now: datetime
) -> None:
    below = people.pass_on(
        actor=lena, delegation_id=club, email=address(tim), scope=people.Scope(), last_day=later, today=today, now=now
    )
    people.accept(actor=tim, delegation_id=below, now=now)
    hers, his = acting(lena, club), acting(tim, below)
    form = {"number": str(club), "evidence": "Löschung im Register vom 5.6.2026"}
    assert "Beide Seiten sind benachrichtigt" in post(browser(clerk), "/arbeitsplatz/vertretungen/beenden/", **form)
    for client in (hers, his):
        assert "handelt für" not in client.get("/mein/").content.decode()
    row = Delegation.objects.get(pk=club)
    assert (row.ended_how, row.ended_by_id) == ("revoked", clerk.person_id)
    assert row.evidence == "Registerauszug VR 1234 vom 3.5.2026 Beendet: Löschung im Register vom 5.6.2026"
    assert "Der Grund: Löschung im Register vom 5.6.2026" in inbox.list_messages(actor=lena)[0].body
    assert inbox.list_messages(actor=tim)[0].subject.startswith("Tim Muster handelt nicht mehr")
    seen = AccessEvent.objects.filter(purpose="Vertretung beenden", actor_id=clerk.person_id)
    assert {event.subject_id for event in seen} == {lena.person_id, row.principal_id}
    assert browser(clerk).post("/arbeitsplatz/vertretungen/beenden/", form).status_code == 404
