"""Consents: given and withdrawn alike, each with a receipt; nothing goes out without one."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from stadtportal.kernel.contracts import VISITOR, Actor, NotAllowed, NotFound
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.models import ConsentEvent
from tests.trust.conftest import CLUB, CONTACT, STUDIO

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def agree(actor: Actor, receiver: trust.Receiver = STUDIO, kind: str = "phone", now: datetime = NOW) -> UUID:
    return trust.give_consent(actor=actor, receiver=receiver, kind=kind, purpose=CONTACT, now=now)


def hand_over(actor: Actor, receiver: trust.Receiver = STUDIO, kind: str = "phone") -> dict[str, str]:
    return trust.use_fact(actor=actor, kind=kind, receiver=receiver, purpose=CONTACT, case="ST-1", now=LATER)


def keep_phone(actor: Actor) -> None:
    trust.keep_fact(actor=actor, kind="phone", parts={"number": "0711 123456"}, now=NOW)


def received(actor: Actor) -> list[tuple[str, str]]:
    return [(one.organisation_name, one.title) for one in trust.list_own_handovers(actor)]


def test_a_fact_is_passed_on_after_consent_and_the_person_sees_it_twice(lena: Actor) -> None:
    keep_phone(lena)
    agree(lena)
    assert hand_over(lena) == {"number": "0711 123456"}
    (look,) = trust.list_own_looks(actor=lena, asked=trust.LookFilter())
    assert (look.actor_name, look.fields, look.case_reference) == ("Studio am Park", ("Telefonnummer",), "ST-1")
    assert received(lena) == [("Studio am Park", "Telefonnummer")]


def test_a_consent_is_for_one_field_one_receiver_and_one_purpose(lena: Actor) -> None:
    keep_phone(lena)
    trust.keep_fact(actor=lena, kind="birth_date", parts={"date": "1990-02-28"}, now=NOW)
    agree(lena)
    other = trust.Purpose("newsletter", "Werbung", "für immer")
    with pytest.raises(trust.ConsentMissing):
        hand_over(lena, CLUB)
    with pytest.raises(trust.ConsentMissing):
        hand_over(lena, kind="birth_date")
    with pytest.raises(trust.ConsentMissing):
        trust.use_fact(actor=lena, kind="phone", receiver=STUDIO, purpose=other, now=LATER)
    assert received(lena) == []
    assert trust.count_own_looks(actor=lena, asked=trust.LookFilter()) == 0


def test_what_is_not_there_any_more_is_not_passed_on(lena: Actor) -> None:
    agree(lena)
    with pytest.raises(trust.NothingToShare):
        hand_over(lena)
    assert received(lena) == []


def test_giving_and_withdrawing_take_one_step_each_and_are_written_down(lena: Actor) -> None:
    keep_phone(lena)
    given = agree(lena)
    (consent,) = trust.list_own_consents(lena)
    withdrawn = trust.withdraw_consent(actor=lena, consent_id=consent.id, now=LATER)
    with pytest.raises(trust.ConsentMissing):
        hand_over(lena)
    again = trust.renew_consent(actor=lena, consent_id=consent.id, now=LATER + timedelta(hours=1))
    (consent,) = trust.list_own_consents(lena)
    assert [(line.id, line.given) for line in consent.history] == [(again, True), (withdrawn, False), (given, True)]
    assert consent.given


def test_sending_twice_gives_one_receipt(lena: Actor) -> None:
    assert agree(lena) == agree(lena, now=LATER)
    (consent,) = trust.list_own_consents(lena)
    first = trust.withdraw_consent(actor=lena, consent_id=consent.id, now=LATER)
    assert trust.withdraw_consent(actor=lena, consent_id=consent.id, now=LATER) == first
    assert len(trust.list_own_consents(lena)[0].history) == 2


def test_a_receipt_names_what_the_standard_asks_for(lena: Actor) -> None:
    receipt = trust.get_receipt(actor=lena, event_id=agree(lena))
    record = receipt["dpv:hasRecordOfActivity"]
    process = record["dpv:hasProcess"]
    assert lena.person_id is not None
    assert receipt["@type"] == "dpv:ConsentReceipt"
    assert receipt["dct:conformsTo"] == "https://w3id.org/dpv/schema/dpv-27560#receipt"
    assert record["dpv:hasDataSubject"]["dct:identifier"] == trust.pseudonym(
        person_id=lena.person_id, organisation_id=STUDIO.id
    )
    assert str(lena.person_id) not in str(receipt)
    assert process["dpv:hasPersonalData"]["@type"] == ["pd:TelephoneNumber"]
    assert process["dpv:hasPurpose"]["dct:title"] == CONTACT.words
    assert process["dpv:hasLegalBasis"] == ["eu-gdpr:A6-1-a", "dpv:ExpressedConsent"]
    assert [party["dpv:hasName"] for party in record["dpv:hasEntity"]] == ["noch nicht eingetragen", "Studio am Park"]
    assert record["dpv:hasConsentStatus"]["@type"] == "dpv:ConsentGiven"
    assert record["dpv:hasConsentStatus"]["dct:date"] == "2026-11-25T12:00:00+00:00"


def test_health_needs_explicit_consent(lena: Actor) -> None:
    receipt = trust.get_receipt(actor=lena, event_id=agree(lena, kind="health_remark"))
    process = receipt["dpv:hasRecordOfActivity"]["dpv:hasProcess"]
    assert process["dpv:hasLegalBasis"] == ["eu-gdpr:A9-2-a", "dpv:ExplicitlyExpressedConsent"]
    assert process["dpv:hasPersonalData"]["@type"] == ["pd:Health", "dpv:SpecialCategoryPersonalData"]


def test_an_old_receipt_stays_as_it_was_issued(lena: Actor) -> None:
    given = agree(lena)
    before = trust.get_receipt(actor=lena, event_id=given)
    (consent,) = trust.list_own_consents(lena)
    trust.withdraw_consent(actor=lena, consent_id=consent.id, now=LATER)
    renamed = trust.Receiver(id=STUDIO.id, name="Studio Neu")
    agree(lena, renamed, now=LATER + timedelta(hours=1))
    assert trust.get_receipt(actor=lena, event_id=given) == before
    assert trust.list_own_consents(lena)[0].organisation_name == "Studio Neu"


def test_the_database_refuses_to_change_history(lena: Actor) -> None:
    given = agree(lena)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ConsentEvent.objects.filter(pk=given).update(given=False)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute("UPDATE trust_consentevent SET at = now()")


def test_consents_and_receipts_of_others_do_not_exist(lena: Actor, make_person: Callable[[], Actor]) -> None:
    given, omar = agree(lena), make_person()
    (consent,) = trust.list_own_consents(lena)
    for attempt in (
        lambda: trust.get_receipt(actor=omar, event_id=given),
        lambda: trust.withdraw_consent(actor=omar, consent_id=consent.id, now=LATER),
        lambda: trust.renew_consent(actor=omar, consent_id=consent.id, now=LATER),
        lambda: trust.withdraw_consent(actor=lena, consent_id=uuid4(), now=LATER),
        lambda: trust.get_receipt(actor=lena, event_id=uuid4()),
        lambda: agree(lena, kind="shoe_size"),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert trust.list_own_consents(lena)[0].given
    assert trust.list_own_consents(omar) == []


def test_a_visitor_consents_to_nothing() -> None:
    with pytest.raises(NotAllowed):
        agree(VISITOR)
    with pytest.raises(NotAllowed):
        trust.stop_sharing(actor=VISITOR, now=NOW)
    assert trust.offer_prefill(actor=VISITOR, fields=("phone",), purpose=CONTACT, receiver=STUDIO) == []


def test_one_switch_stops_everything_and_undoing_brings_back_what_it_took(lena: Actor) -> None:
    keep_phone(lena)
    agree(lena)
    agree(lena, CLUB)
    (withdrawn_before,) = [one for one in trust.list_own_consents(lena) if one.organisation_id == CLUB.id]
    trust.withdraw_consent(actor=lena, consent_id=withdrawn_before.id, now=NOW)
    assert trust.stop_sharing(actor=lena, now=LATER) == 1
    assert trust.stop_sharing(actor=lena, now=LATER) == 0
    assert trust.sharing_stopped_at(lena) == LATER
    assert [one.given for one in trust.list_own_consents(lena)] == [False, False]
    assert trust.offer_prefill(actor=lena, fields=("phone",), purpose=CONTACT, receiver=STUDIO) == []
    for attempt in (lambda: hand_over(lena), lambda: agree(lena)):
        with pytest.raises(trust.SharingStopped):
            attempt()
    with pytest.raises(trust.SharingStopped):
        trust.renew_consent(actor=lena, consent_id=withdrawn_before.id, now=LATER)
    assert trust.resume_sharing(actor=lena, now=LATER + timedelta(hours=1)) == 1
    assert trust.resume_sharing(actor=lena, now=LATER + timedelta(hours=1)) == 0
    assert {one.organisation_name: one.given for one in trust.list_own_consents(lena)} == {
        "Studio am Park": True,
        "Turnverein": False,
    }
    assert hand_over(lena) == {"number": "0711 123456"}


def test_an_offer_says_whether_the_person_has_agreed_and_passes_nothing_on(lena: Actor) -> None:
    def offered() -> list[tuple[str, str, bool]]:
        offers = trust.offer_prefill(actor=lena, fields=("phone", "address"), purpose=CONTACT, receiver=STUDIO)
        return [(one.kind, one.words, one.consented) for one in offers]

    assert offered() == []
    keep_phone(lena)
    assert offered() == [("phone", "0711 123456", False)]
    agree(lena)
    assert offered() == [("phone", "0711 123456", True)]
    assert received(lena) == []


def test_each_organisation_knows_a_person_by_another_name(lena: Actor, make_person: Callable[[], Actor]) -> None:
    omar = make_person()
    assert lena.person_id is not None
    assert omar.person_id is not None
    names = {
        trust.pseudonym(person_id=person, organisation_id=organisation)
        for person in (lena.person_id, omar.person_id)
        for organisation in (7, 8, 78)
    }
    assert len(names) == 6
    assert all(len(name) == 26 for name in names)
    assert trust.pseudonym(person_id=lena.person_id, organisation_id=7) in names


@pytest.mark.django_db(transaction=True)
def test_stopping_while_a_form_is_sent_comes_before_or_after_never_between(make_person: Callable[[], Actor]) -> None:
    lena = make_person()
    keep_phone(lena)
    agree(lena)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def send() -> None:
        together.wait()
        try:
            hand_over(lena)
            outcomes.append("passed on")
        except (trust.SharingStopped, trust.ConsentMissing):
            outcomes.append("refused")
        finally:
            connection.close()

    def stop() -> None:
        together.wait()
        trust.stop_sharing(actor=lena, now=LATER)
        connection.close()

    threads = [threading.Thread(target=work) for work in (send, stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["passed on"] if received(lena) else ["refused"]
    assert trust.list_own_consents(lena)[0].given is False
