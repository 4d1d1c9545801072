"""Facts, consents and questions about looks: taken along in clear, gone when erased or when their time is over."""

import json
from datetime import timedelta

import pytest

from stadtportal.areas.portal.actions import asking
from stadtportal.areas.portal.models import Question
from stadtportal.kernel.contracts import Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.actions.exporting import exports_folder, write_export
from stadtportal.kernel.trust.models import Consent, ConsentEvent, Fact, Handover, SharingStop
from tests.courses.conftest import new_actor
from tests.keeping.conftest import CANARY, NOW, Bird, unzip
from tests.keeping.test_erasing import tables_with
from tests.keeping.test_export import keys_of
from tests.keeping.test_retention import YEARS, run_daily

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(seconds=1)
CLUB = trust.Receiver(id=7, name=f"Verein {CANARY}")
SCHOOL = trust.Receiver(id=8, name="Schule")
CONTACT = trust.Purpose("contact", "Sie anrufen", "1 Jahr")


@pytest.fixture
def open_bird(bird: Bird) -> Bird:
    """The bird keeps facts, agreed to one receiver twice and to another once, and asked about a look."""
    me = bird.actor
    trust.keep_fact(actor=me, kind="health_remark", parts={"remark": f"Allergie {CANARY}"}, now=BEFORE)
    trust.keep_fact(actor=me, kind="phone", parts={"number": "0711 424242"}, now=NOW)
    for receiver in (CLUB, SCHOOL):
        trust.give_consent(actor=me, receiver=receiver, kind="phone", purpose=CONTACT, now=NOW)
        trust.use_fact(actor=me, kind="phone", receiver=receiver, purpose=CONTACT, case=bird.reference, now=NOW)
    trust.stop_sharing(actor=me, now=NOW)
    trust.resume_sharing(actor=me, now=NOW)
    look = trust.list_own_looks(actor=me, asked=trust.LookFilter(who=bird.clerk.shown_as))[0]
    asking.ask(actor=me, look_id=look.id, text=f"Warum, fragt {CANARY}?", now=NOW)
    return bird


def test_the_archive_holds_facts_in_clear_and_every_receipt_as_issued(open_bird: Bird) -> None:
    target = exports_folder() / "auszug.zip"
    assert write_export(person_id=open_bird.id, target=target, now=NOW, progress=lambda *_said: None) == []
    files = unzip(target)
    kinds = {kind.data.title: kind for kind in trust.list_kinds()}

    def things(title: str) -> list[dict[str, object]]:
        items: list[dict[str, object]] = files[f"daten/{kinds[title].slug}.json"]["items"]
        assert keys_of(items) <= set(kinds[title].data.words)
        return items

    assert [fact["parts"] for fact in things("Meine Angaben")] == [
        {"remark": f"Allergie {CANARY}"},
        {"number": "0711 424242"},
    ]
    school, club, stop = things("Einwilligungen und Weitergaben")
    assert (school["organisation"], club["organisation"]) == ("Schule", CLUB.name)
    assert isinstance(club["history"], list)
    (consent,) = [one for one in trust.list_own_consents(open_bird.actor) if one.organisation_id == CLUB.id]
    issued = {json.dumps(trust.get_receipt(actor=open_bird.actor, event_id=one.id)) for one in consent.history}
    assert {json.dumps(json.loads(line["receipt"])) for line in club["history"]} == {
        json.dumps(json.loads(one), sort_keys=True) for one in issued
    }
    assert [line["given"] for line in club["history"]].count(True) == 2
    assert club["handed_over"] == [{"at": NOW.isoformat(), "case": open_bird.reference}]
    assert isinstance(stop["withdrawn"], list)
    assert len(stop["withdrawn"]) == 2
    assert [question["text"] for question in things("Fragen zu Zugriffen")] == [f"Warum, fragt {CANARY}?"]


def test_nothing_of_it_is_left_when_the_account_is_erased(open_bird: Bird) -> None:
    assert {"trust_consent", "trust_consentevent", "portal_question"} <= tables_with(CANARY)
    shown = trust.preview_erasure(person_id=open_bird.id, now=NOW)
    rows = {kind.title: kind.rows for kind in shown.kinds}
    assert rows["Meine Angaben"] == 2
    # Two consents with three receipts each, what was passed on, and the stop.
    assert rows["Einwilligungen und Weitergaben"] == 2 + 6 + 2 + 1
    assert rows["Fragen zu Zugriffen"] == 1
    assert trust.erase_person(person_id=open_bird.id, now=NOW) == shown
    assert tables_with(CANARY) | tables_with(str(open_bird.id)) == set()
    with trust.system("Test"):
        assert not any(model.objects.exists() for model in (Fact, Consent, ConsentEvent, Handover, SharingStop))


def test_withdrawn_consents_and_answered_questions_go_after_three_years_and_not_before(open_bird: Bird) -> None:
    me, clerk = open_bird.actor, new_actor()
    assert clerk.person_id is not None
    people.grant_role(person_id=clerk.person_id, role=Role.CASE_WORKER)
    (consent,) = [one for one in trust.list_own_consents(me) if one.organisation_id == CLUB.id]
    trust.withdraw_consent(actor=me, consent_id=consent.id, now=NOW)
    with trust.system("Test"):
        reference = Question.objects.get(person_id=open_bird.id).case_reference
    asking.answer(actor=people.actor_for(clerk.person_id), reference=reference, text="Darum.", now=NOW)
    run_daily(at=NOW + YEARS)
    assert (len(trust.list_own_consents(me)), Question.objects.count()) == (2, 1)
    assert SharingStop.objects.count() == 1
    run_daily(at=NOW + YEARS + timedelta(seconds=1))
    assert [one.organisation_name for one in trust.list_own_consents(me)] == ["Schule"]
    assert [one.organisation_name for one in trust.list_own_handovers(me)] == ["Schule"]
    assert (Question.objects.count(), SharingStop.objects.count(), len(trust.list_own_facts(me))) == (0, 0, 2)
