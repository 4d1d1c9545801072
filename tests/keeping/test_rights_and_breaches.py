"""People ask and case workers answer; operators tell people about a breach, two of them together."""

from datetime import timedelta

import pytest
from django.test import Client

from stadtportal.areas.portal.actions.breach import release_notice, send_notice
from stadtportal.areas.portal.actions.rights import answer_right, ask_right
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import Actor, Grant, NotAllowed, NotFound, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.models import BreachNotice
from tests.courses.conftest import new_actor
from tests.keeping.conftest import NOW, Bird
from tests.staff import give_second_step

pytestmark = pytest.mark.django_db
DESK, BREACHES = "/arbeitsplatz/datenschutz/", "/arbeitsplatz/datenpanne/"


def with_role(role: Role) -> Actor:
    actor = new_actor()
    assert actor.person_id is not None
    people.grant_role(person_id=actor.person_id, role=role)
    give_second_step(actor.person_id)
    return Actor(person_id=actor.person_id, shown_as=actor.shown_as, grants=frozenset({Grant(role)}))


def browser(actor: Actor) -> Client:
    client = Client(headers={"accept": "text/html"})
    assert actor.person_id is not None
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def test_a_request_becomes_a_case_is_seen_by_a_case_worker_and_answered() -> None:
    lena, clerk = new_actor(), with_role(Role.CASE_WORKER)
    asked = browser(lena).post("/mein/daten/rechte/", {"article": "16", "statement": "Mein Name hat ein h zu viel."})
    [case] = cases.list_cases(actor=lena)
    assert asked["Location"] == f"/mein/vorgaenge/{case.reference}/"
    assert case.title == "Angaben berichtigen (Art. 16 DSGVO)"
    desk = browser(clerk)
    assert case.reference in desk.get(DESK).content.decode()
    assert "ein h zu viel" in desk.get(f"{DESK}{case.reference}/").content.decode()
    assert [look.actor_name for look in trust.list_access(actor=lena)] == [clerk.shown_as] * 2
    answer = {"granted": "ja", "answer": "Der Name ist berichtigt."}
    assert desk.post(f"{DESK}{case.reference}/", answer).status_code == 302
    page = browser(lena).get(f"/mein/vorgaenge/{case.reference}/").content.decode()
    assert "Stattgegeben" in page
    assert "Der Name ist berichtigt." in page
    assert "Der Name ist berichtigt." in inbox.list_messages(actor=lena)[0].body
    assert len(trust.list_access(actor=lena)) == 3
    assert desk.post(f"{DESK}{case.reference}/", answer).status_code == 409
    assert case.reference not in desk.get(DESK).content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Wählen Sie, was Sie möchten."),
        ({"article": "17", "statement": "x"}, "Fehler:"),
        ({"article": "16", "statement": "  "}, "Schreiben Sie, worum es geht."),
        ({"article": "21", "statement": "x" * 5001}, "Fehler:"),
    ],
)
def test_a_request_that_says_nothing_is_not_opened(form: dict[str, str], said: str) -> None:
    lena = new_actor()
    answer = browser(lena).post("/mein/daten/rechte/", form)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert cases.list_cases(actor=lena) == []


def test_only_case_workers_answer_and_only_what_is_asked(bird: Bird) -> None:
    reference = ask_right(actor=bird.actor, article=21, statement="Ich widerspreche.", now=NOW)
    for actor in (bird.actor, with_role(Role.OPERATOR)):
        with pytest.raises(NotAllowed):
            answer_right(actor=actor, reference=reference, granted=True, answer="x", now=NOW)
    clerk = with_role(Role.CASE_WORKER)
    for other in (bird.reference, "ST-0000-0000-0"):
        with pytest.raises(NotFound):
            answer_right(actor=clerk, reference=other, granted=True, answer="x", now=NOW)
        assert browser(clerk).get(f"{DESK}{other}/").status_code == 404
    with pytest.raises(NotAllowed):
        ask_right(actor=Actor(), article=16, statement="x", now=NOW)


def happened(*, kind: str = "courses-kursbuchungen", only_looked_at: bool = False) -> trust.Breach:
    return trust.Breach(kind, NOW - timedelta(days=1), NOW + timedelta(days=1), only_looked_at)


def draft(operator: Actor, breach: trust.Breach) -> int:
    return trust.draft_notice(actor=operator, happened=breach, subject="Panne", body="Was geschah", now=NOW)


def test_two_operators_tell_those_concerned_once(bird: Bird) -> None:
    first, second = with_role(Role.OPERATOR), with_role(Role.OPERATOR)
    before = inbox.count_messages(bird.id)
    notice_id = draft(first, happened())
    shown = trust.get_notice(notice_id)
    assert (shown.concerned, shown.sent, shown.released_at) == (1, 0, None)
    assert send_notice(notice_id=notice_id, now=NOW) == 0, "nobody has released it"
    with pytest.raises(NotAllowed):
        release_notice(actor=first, notice_id=notice_id, now=NOW)
    release_notice(actor=second, notice_id=notice_id, now=NOW)
    with pytest.raises(trust.AlreadyReleased):
        release_notice(actor=second, notice_id=notice_id, now=NOW)
    told: list[tuple[int, int | None, str]] = []
    assert send_notice(notice_id=notice_id, now=NOW, progress=lambda *step: told.append(step)) == 1
    assert send_notice(notice_id=notice_id, now=NOW) == 0
    assert told == [(1, 1, "Hinweise gesendet")]
    assert inbox.count_messages(bird.id) == before + 1
    shown = trust.get_notice(notice_id)
    assert (shown.sent, shown.finished_at, shown.released_by_name) == (1, NOW, second.shown_as)


def test_whom_it_concerns_can_be_narrowed_to_whose_data_was_looked_at(bird: Bird) -> None:
    operator = with_role(Role.OPERATOR)
    everybody = draft(operator, happened(kind="people-konto"))
    seen = draft(operator, happened(kind="people-konto", only_looked_at=True))
    assert trust.get_notice(everybody).concerned == Person.objects.count()
    assert trust.get_notice(seen).concerned == 1
    assert bird.reference


def test_a_breach_that_concerns_nobody_and_one_of_unknown_data_are_answered() -> None:
    operator = with_role(Role.OPERATOR)
    with pytest.raises(trust.NobodyConcerned):
        draft(operator, happened())
    with pytest.raises(NotFound):
        draft(operator, happened(kind="erfunden"))
    assert BreachNotice.objects.count() == 0


def test_the_page_counts_before_anything_is_sent(bird: Bird) -> None:
    first, second = with_role(Role.OPERATOR), with_role(Role.OPERATOR)
    form = {
        "kind": "courses-kursbuchungen",
        "since": "2026-11-20T08:00",
        "until": "2026-11-21T08:00",
        "who": "kept",
        "subject": "Panne",
        "body": "Was geschah",
    }
    wrong = browser(first).post(BREACHES, form | {"until": "2026-11-19T08:00"})
    assert (wrong.status_code, "Das Ende liegt vor dem Anfang." in wrong.content.decode()) == (422, True)
    none = browser(first).post(BREACHES, form | {"who": "seen"})
    assert (none.status_code, "passt niemand" in none.content.decode()) == (422, True)
    page = browser(first).post(BREACHES, form)["Location"]
    shown = browser(first).get(page).content.decode()
    assert "Er erreicht 1 Person." in shown
    assert "Freigeben muss jemand anderes" in shown
    assert browser(first).post(page).status_code == 403
    assert browser(second).post(page).status_code == 302
    assert inbox.count_messages(bird.id) == 2
    assert browser(second).get(f"{BREACHES}9999/").status_code == 404
