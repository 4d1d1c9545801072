"""*Meine Daten*: people see who looked, ask about it, keep facts, and decide what is passed on."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from stadtportal.areas.courses import api as courses
from stadtportal.areas.courses.queries import desk
from stadtportal.areas.portal.actions import asking
from stadtportal.areas.portal.queries import own_data
from stadtportal.areas.portal.rules import AlreadyAnswered
from stadtportal.kernel.contracts import Actor, AssuranceLevel, Grant, NotAllowed, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.actions.appending import append_events
from tests.courses.conftest import new_actor, offer_course
from tests.staff import give_second_step

pytestmark = pytest.mark.django_db
CONTACT = trust.Purpose("contact", "Sie anrufen", "1 Jahr")
STUDIO = trust.Receiver(id=7, name="Studio am Park")


@dataclass
class Me:
    """Somebody signed in, with a browser."""

    actor: Actor
    client: Client

    def get(self, path: str) -> str:
        """Return a page's text."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()


def sign_in(actor: Actor) -> Client:
    client = Client(HTTP_HOST="localhost", headers={"accept": "text/html"})
    assert actor.person_id is not None
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


@pytest.fixture
def me(db: None) -> Me:  # noqa: ARG001 -- people are rows.
    actor = new_actor()
    return Me(actor, sign_in(actor))


@pytest.fixture
def clerk(db: None) -> Me:  # noqa: ARG001 -- people are rows.
    actor = new_actor()
    assert actor.person_id is not None
    people.grant_role(person_id=actor.person_id, role=Role.CASE_WORKER)
    give_second_step(actor.person_id)
    actor = Actor(actor.person_id, actor.shown_as, AssuranceLevel.BASIC, frozenset({Grant(Role.CASE_WORKER)}))
    return Me(actor, sign_in(actor))


def was_seen(
    me: Me, *, who: str = "Alex Amt (Bürgerbüro)", purpose: str = "Anruf beantworten", days_ago: int = 0
) -> int:
    assert me.actor.person_id is not None
    with transaction.atomic():
        append_events(
            [me.actor.person_id],
            at=timezone.now() - timedelta(days=days_ago),
            actor_id=None,
            actor_name=who,
            purpose=purpose,
            legal_basis="Art. 6",
            fields=["Name"],
            case_reference="",
            reason="",
        )
    return trust.list_own_looks(actor=me.actor, asked=trust.LookFilter(), limit=1)[0].id


def test_what_is_kept_is_counted(me: Me) -> None:
    before = {kept.kind.title: kept.count for kept in own_data.list_kept(me.actor)}
    assert (before["Konto"], before["Meine Angaben"], before["Kursbuchungen"]) == (2, 0, 0)
    trust.keep_fact(actor=me.actor, kind="phone", parts={"number": "0711 123456"}, now=timezone.now())
    course = offer_course(now=datetime.now(UTC))
    courses.book(actor=me.actor, order=course.order(), now=datetime.now(UTC))
    courses.book(actor=new_actor(), order=course.order(), now=datetime.now(UTC))
    after = {kept.kind.title: kept.count for kept in own_data.list_kept(me.actor)}
    # A booking is one row and one for each date; a case has one event.
    assert (after["Meine Angaben"], after["Kursbuchungen"], after["Vorgänge"]) == (1, 2, 2)
    page = me.get("/mein/daten/")
    assert "2 Einträge" in page
    assert "Art. 6 Abs. 1 b DSGVO" in page


def test_looks_are_filtered_by_who_what_for_and_when(me: Me) -> None:
    was_seen(me, days_ago=3)
    was_seen(me, who="Studio-Team (Studio)", purpose="Teilnahmeliste führen")
    everything = me.get("/mein/daten/zugriffe/")
    assert "2 Zugriffe" in everything
    assert everything.count("Das verstehe ich nicht") == 2
    assert "1 Zugriff " in me.get("/mein/daten/zugriffe/?wer=Studio-Team+(Studio)")
    assert "1 Zugriff " in me.get("/mein/daten/zugriffe/?zweck=Anruf+beantworten")
    day = timezone.localdate() - timedelta(days=3)
    assert "Alex Amt (Bürgerbüro)</strong>" in me.get(f"/mein/daten/zugriffe/?von={day}&bis={day}")
    assert "Auf diesen Filter passt kein Zugriff" in me.get(f"/mein/daten/zugriffe/?bis={day - timedelta(days=1)}")


@pytest.mark.parametrize(
    "query", ["wer=Niemand", "zweck=%00", "von=gestern", "von=2026-12-01&bis=2026-01-01", "seite=x"]
)
def test_a_broken_filter_never_breaks_the_page(me: Me, query: str) -> None:
    was_seen(me)
    assert me.client.get(f"/mein/daten/zugriffe/?{query}").status_code == 200


def test_the_picture_says_the_same_in_a_table(me: Me) -> None:
    for days_ago in (0, 0, 0, 5, 400):
        was_seen(me, days_ago=days_ago)
    picture = own_data.get_picture(actor=me.actor, today=timezone.localdate())
    assert [(square.looks, square.shade) for square in picture.squares] == [(1, 1), (3, 2)]
    page = me.get("/mein/daten/zugriffe/")
    assert "In den letzten 26 Wochen 4 Zugriffe an 2 Tagen" in page
    assert page.count('class="looks__day') == 2
    assert page.count('<th scope="row"><a href="?von=') == 2


def test_a_question_becomes_a_case_and_the_answer_a_message(me: Me, clerk: Me) -> None:
    look = was_seen(me)
    sent = me.client.post(f"/mein/daten/zugriffe/{look}/frage/", {"text": "Warum <b>das</b>?"})
    assert sent.status_code == 303
    reference = sent["Location"].rstrip("/").rpartition("/")[2]
    assert "Warum &lt;b&gt;das&lt;/b&gt;?" in me.get(sent["Location"])
    assert "Ihre Frage dazu" in me.get("/mein/daten/zugriffe/")
    assert "Warum &lt;b&gt;" in clerk.get(f"/arbeitsplatz/fragen/{reference}/")
    newest = trust.list_own_looks(actor=me.actor, asked=trust.LookFilter(), limit=1)[0]
    assert (newest.actor_name, newest.case_reference) == (clerk.actor.shown_as, reference)
    answered = clerk.client.post(f"/arbeitsplatz/fragen/{reference}/", {"answer": "Sie hatten angerufen."})
    assert answered["Location"] == "/arbeitsplatz/fragen/"
    (message,) = inbox.list_messages(actor=me.actor)
    assert "Sie hatten angerufen." in message.body
    assert "Beantwortet" in me.get(f"/mein/vorgaenge/{reference}/")
    assert "Zurzeit wartet niemand" in clerk.get("/arbeitsplatz/fragen/")


def test_asking_twice_is_one_case_and_answering_twice_is_refused(me: Me, clerk: Me) -> None:
    look, now = was_seen(me), timezone.now()
    first = asking.ask(actor=me.actor, look_id=look, text="Warum?", now=now)
    assert asking.ask(actor=me.actor, look_id=look, text="Wieso?", now=now) == first
    assert "Dazu haben Sie schon gefragt" in me.get(f"/mein/daten/zugriffe/{look}/frage/")
    asking.answer(actor=clerk.actor, reference=first, text="Darum.", now=now)
    with pytest.raises(AlreadyAnswered):
        asking.answer(actor=clerk.actor, reference=first, text="Deshalb.", now=now)
    assert len(inbox.list_messages(actor=me.actor)) == 1


def test_nobody_answers_their_own_question_or_without_the_role(me: Me, clerk: Me) -> None:
    now = timezone.now()
    own = asking.ask(actor=clerk.actor, look_id=was_seen(clerk), text="Warum?", now=now)
    with pytest.raises(NotAllowed):
        asking.answer(actor=clerk.actor, reference=own, text="Darum.", now=now)
    with pytest.raises(NotAllowed):
        asking.answer(actor=me.actor, reference=own, text="Darum.", now=now)
    assert inbox.list_messages(actor=clerk.actor) == []


def test_looks_at_others_cannot_be_asked_about(me: Me, clerk: Me) -> None:
    look = was_seen(clerk)
    for path in (f"/mein/daten/zugriffe/{look}/frage/", "/mein/daten/zugriffe/99999999/frage/"):
        assert me.client.get(path).status_code == 404
        assert me.client.post(path, {"text": "Warum?"}).status_code == 404


def test_an_empty_question_is_answered_beside_the_field(me: Me) -> None:
    answer = me.client.post(f"/mein/daten/zugriffe/{was_seen(me)}/frage/", {"text": "  "})
    assert answer.status_code == 400
    assert "Bitte schreiben Sie, was Sie wissen möchten." in answer.content.decode()


def test_facts_are_added_changed_and_deleted(me: Me) -> None:
    assert me.client.post("/mein/daten/angaben/neu/phone/", {"number": "0711 123456"}).status_code == 303
    (fact,) = trust.list_own_facts(me.actor)
    assert "0711 123456" in me.get("/mein/daten/angaben/")
    assert me.client.post(f"/mein/daten/angaben/{fact.id}/", {"number": "0711 654321"}).status_code == 303
    assert trust.list_own_facts(me.actor)[0].words == "0711 654321"
    assert me.client.post(f"/mein/daten/angaben/{fact.id}/loeschen/").status_code == 303
    assert me.client.post(f"/mein/daten/angaben/{fact.id}/loeschen/").status_code == 404
    assert trust.list_own_facts(me.actor) == []


def test_a_wrong_iban_comes_back_with_everything_typed(me: Me) -> None:
    typed = {"iban": "DE89 3704 0044 0532 0130 01", "holder": "Lena Muster"}
    answer = me.client.post("/mein/daten/angaben/neu/bank_account/", typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Die Prüfziffer dieser IBAN stimmt nicht" in page
    assert all(value in page for value in typed.values())
    assert trust.list_own_facts(me.actor) == []


def test_unknown_kinds_and_foreign_ids_do_not_exist(me: Me, clerk: Me) -> None:
    theirs = trust.keep_fact(actor=clerk.actor, kind="phone", parts={"number": "0711 123456"}, now=timezone.now())
    receipt = trust.give_consent(actor=clerk.actor, receiver=STUDIO, kind="phone", purpose=CONTACT, now=timezone.now())
    consent = trust.list_own_consents(clerk.actor)[0].id
    for path in (
        "/mein/daten/angaben/neu/shoe_size/",
        f"/mein/daten/angaben/{theirs}/",
        f"/mein/daten/angaben/{uuid4()}/",
        f"/mein/daten/einwilligungen/beleg/{receipt}.jsonld",
    ):
        assert me.client.get(path).status_code == 404, path
    for path in (f"{consent}/widerrufen/", f"{consent}/geben/", f"{uuid4()}/widerrufen/"):
        assert me.client.post(f"/mein/daten/einwilligungen/{path}").status_code == 404, path
    assert trust.list_own_consents(clerk.actor)[0].given


def test_withdrawing_and_giving_are_one_post_each_with_a_receipt_to_download(me: Me) -> None:
    trust.give_consent(actor=me.actor, receiver=STUDIO, kind="phone", purpose=CONTACT, now=timezone.now())
    consent = trust.list_own_consents(me.actor)[0].id
    for way, status in (("widerrufen", "dpv:ConsentWithdrawn"), ("geben", "dpv:ConsentGiven")):
        assert me.client.post(f"/mein/daten/einwilligungen/{consent}/{way}/").status_code == 303
        newest = trust.list_own_consents(me.actor)[0].history[0].id
        answer = me.client.get(f"/mein/daten/einwilligungen/beleg/{newest}.jsonld")
        assert answer["Content-Type"] == "application/ld+json; charset=utf-8"
        assert answer["Content-Disposition"].startswith("attachment")
        record = json.loads(answer.content)["dpv:hasRecordOfActivity"]
        assert record["dpv:hasConsentStatus"]["@type"] == status
    assert me.get("/mein/daten/einwilligungen/").count("Beleg herunterladen") == 3


def test_the_switch_stops_and_its_undoing_brings_back(me: Me) -> None:
    trust.give_consent(actor=me.actor, receiver=STUDIO, kind="phone", purpose=CONTACT, now=timezone.now())
    assert "Telefonnummer für Studio am Park" in me.get("/mein/daten/weitergeben/")
    for _twice in range(2):
        assert me.client.post("/mein/daten/weitergeben/stoppen/").status_code == 303
    assert "Weitergeben ist gestoppt" in me.get("/mein/daten/weitergeben/")
    assert "Sie haben das Weitergeben gestoppt" in me.get("/mein/daten/")
    consent = trust.list_own_consents(me.actor)[0]
    assert me.client.post(f"/mein/daten/einwilligungen/{consent.id}/geben/").status_code == 409
    for _twice in range(2):
        assert me.client.post("/mein/daten/weitergeben/erlauben/").status_code == 303
    assert [line.given for line in trust.list_own_consents(me.actor)[0].history] == [True, False, True]


def test_providers_are_listed_with_what_they_received(me: Me) -> None:
    now = datetime.now(UTC)
    course = offer_course(now=now)
    booked = courses.book(actor=me.actor, order=course.order(), now=now)
    staff = new_actor(organisation_id=course.course.organisation_id)
    desk.list_participants(actor=staff, session_id=course.sessions[0].pk, now=now)
    (provider,) = own_data.list_providers(me.actor)
    assert me.actor.person_id is not None
    assert (provider.name, provider.pseudonym) == (
        "Studio",
        trust.pseudonym(person_id=me.actor.person_id, organisation_id=course.course.organisation_id),
    )
    assert sorted(got.what for got in provider.got) == [
        "Name, E-Mail, Personenzahl, Preiskategorie",
        "angesehen: Name, E-Mail, Personenzahl, Preiskategorie",
    ]
    assert booked.reference in me.get("/mein/daten/anbieter/")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Alex Amt (Bürgerbüro)", "Bürgerbüro"),
        ("Sam Studio (Yogaraum (Beispiel))", "Yogaraum (Beispiel)"),
        ("Lena Muster", ""),
        ("(Bürgerbüro)", ""),
        ("Lena )", ""),
    ],
)
def test_a_name_says_for_whom_somebody_looked(name: str, body: str) -> None:
    assert trust.body_of(name) == body


def test_the_same_looks_of_a_provider_are_counted_together(me: Me) -> None:
    for days_ago in (1, 2, 3):
        was_seen(me, who="Sam Studio (Yogaraum (Beispiel))", days_ago=days_ago)
    (provider,) = own_data.list_providers(me.actor)
    assert (provider.name, provider.pseudonym, [got.times for got in provider.got]) == ("Yogaraum (Beispiel)", "", [3])
    assert "3 Mal, zuletzt am" in me.get("/mein/daten/anbieter/")


def test_visitors_are_sent_to_sign_in(make_visitor: Callable[[], Client]) -> None:
    for path in ("", "zugriffe/", "angaben/", "einwilligungen/", "anbieter/", "weitergeben/"):
        assert make_visitor().get(f"/mein/daten/{path}").status_code == 302


@pytest.fixture
def make_visitor(db: None) -> Callable[[], Client]:  # noqa: ARG001 -- sessions are rows.
    return lambda: Client(HTTP_HOST="localhost", headers={"accept": "text/html"})
