"""What people keep about themselves: typed once, checked, theirs alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from stadtportal.kernel.contracts import Actor, AssuranceLevel, NotFound
from stadtportal.kernel.trust import api as trust

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
GOOD_IBAN = "DE89 3704 0044 0532 0130 00"


def keep(actor: Actor, kind: str, **parts: str) -> object:
    return trust.keep_fact(actor=actor, kind=kind, parts=parts, now=NOW)


def shown(actor: Actor) -> list[tuple[str, str, str]]:
    return [(fact.kind.slug, fact.words, fact.source_words) for fact in trust.list_own_facts(actor)]


def test_facts_are_kept_with_their_source_and_shown_in_one_line(lena: Actor) -> None:
    keep(lena, "phone", number=" 0711   1234567 ")
    keep(lena, "address", street="Marktplatz 1", postcode="70173", town="Stuttgart")
    keep(lena, "birth_date", date="1990-02-28")
    keep(lena, "bank_account", iban=GOOD_IBAN, holder="Lena Muster")
    keep(lena, "child", given_name="Mia", family_name="Muster", born="2019-05-01")
    keep(lena, "proof", title="Bonuscard + Kultur", until="2026-12-31")
    keep(lena, "health_remark", remark="Allergie gegen Nüsse")
    own = "von Ihnen selbst angegeben"
    assert shown(lena) == [
        ("address", "Marktplatz 1, 70173 Stuttgart", own),
        ("phone", "0711 1234567", own),
        ("birth_date", "28.02.1990", own),
        ("bank_account", "DE89 … 3000, Lena Muster", own),
        ("child", "Mia Muster, geboren am 01.05.2019", own),
        ("proof", "Bonuscard + Kultur, gültig bis 31.12.2026", own),
        ("health_remark", "Allergie gegen Nüsse", own),
    ]
    assert {fact.level_words for fact in trust.list_own_facts(lena)} == {"nicht geprüft"}


@pytest.mark.parametrize(
    ("iban", "sentence"),
    [
        ("DE89 3704 0044 0532 0130 01", "Prüfziffer"),
        ("DE89 3704 0044 0532 0130", "Prüfziffer|zu kurz"),
        ("Sparkasse", "keine IBAN|Prüfziffer|zu kurz"),
        ("XX89 3704 0044 0532 0130 00", "keine IBAN|Prüfziffer"),
        ("", "füllen Sie"),
        ("D" * 43, "höchstens 42"),
    ],
)
def test_a_wrong_iban_is_named_and_not_kept(lena: Actor, iban: str, sentence: str) -> None:
    with pytest.raises(trust.BadFact, match=sentence) as refusal:
        keep(lena, "bank_account", iban=iban, holder="Lena")
    assert (refusal.value.field, refusal.value.status) == ("iban", 400)
    assert shown(lena) == []


def test_an_iban_from_abroad_is_as_good(lena: Actor) -> None:
    keep(lena, "bank_account", iban="FR14 2004 1010 0505 0001 3m02 606", holder="Lena")
    assert trust.list_own_facts(lena)[0].parts["iban"] == "FR1420041010050500013M02606"


@pytest.mark.parametrize(
    ("kind", "parts", "field"),
    [
        ("phone", {"number": "anrufen!"}, "number"),
        ("phone", {"number": "112"}, "number"),
        ("phone", {}, "number"),
        ("address", {"street": "Weg 1", "postcode": "7017", "town": "Stuttgart"}, "postcode"),
        ("address", {"street": "Weg 1", "postcode": "70173"}, "town"),
        ("birth_date", {"date": "2026-11-26"}, "date"),
        ("birth_date", {"date": "1899-12-31"}, "date"),
        ("birth_date", {"date": "31.12.2001"}, "date"),
        ("proof", {"title": "Bonuscard", "until": "2026-11-24"}, "until"),
        ("health_remark", {"remark": "x" * 501}, "remark"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(
    lena: Actor, kind: str, parts: dict[str, str], field: str
) -> None:
    with pytest.raises(trust.BadFact) as refusal:
        keep(lena, kind, **parts)
    assert refusal.value.field == field
    assert shown(lena) == []


def test_keeping_twice_leaves_one(lena: Actor) -> None:
    first = keep(lena, "phone", number="0711 123456")
    assert keep(lena, "phone", number="0711 654321") == first
    child = {"given_name": "Mia", "family_name": "Muster", "born": "2019-05-01"}
    assert keep(lena, "child", **child) == keep(lena, "child", **child)
    assert [words for _kind, words, _source in shown(lena)] == ["0711 654321", "Mia Muster, geboren am 01.05.2019"]


def test_there_is_an_end_to_keeping(lena: Actor) -> None:
    for number in range(20):
        keep(lena, "proof", title=f"Nachweis {number}")
    with pytest.raises(trust.FactKept):
        keep(lena, "proof", title="Noch einer")
    assert len(shown(lena)) == 20


def test_facts_of_others_do_not_exist(lena: Actor, make_person: Callable[[], Actor]) -> None:
    keep(lena, "phone", number="0711 123456")
    (fact,) = trust.list_own_facts(lena)
    omar = make_person()
    assert shown(omar) == []
    attempts: tuple[Callable[[], object], ...] = (
        lambda: trust.get_fact(actor=omar, fact_id=fact.id),
        lambda: trust.change_fact(actor=omar, fact_id=fact.id, parts={"number": "0711 999999"}, now=NOW),
        lambda: trust.remove_fact(actor=omar, fact_id=fact.id),
        lambda: trust.remove_fact(actor=lena, fact_id=uuid4()),
        lambda: keep(omar, "shoe_size", number="42"),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert shown(lena) == [("phone", "0711 123456", "von Ihnen selbst angegeben")]


def test_what_somebody_vouches_for_can_be_deleted_but_not_changed(lena: Actor) -> None:
    keep(lena, "birth_date", date="1990-02-28")
    assert lena.person_id is not None
    fact_id = trust.record_fact(
        person_id=lena.person_id,
        kind="birth_date",
        parts={"date": "1990-02-27"},
        source=trust.Source.COUNTER,
        level=AssuranceLevel.SUBSTANTIAL,
        office="Bürgerbüro Mitte",
        now=NOW,
    )
    (fact,) = trust.list_own_facts(lena)
    assert (fact.id, fact.words, fact.source_words, fact.level_words) == (
        fact_id,
        "27.02.1990",
        "am Schalter geprüft (Bürgerbüro Mitte)",
        "Vertrauensniveau substanziell",
    )
    with pytest.raises(trust.FactKept):
        trust.change_fact(actor=lena, fact_id=fact_id, parts={"date": "1990-02-28"}, now=NOW)
    with pytest.raises(trust.FactKept):
        keep(lena, "birth_date", date="1990-02-28")
    trust.remove_fact(actor=lena, fact_id=fact_id)
    assert shown(lena) == []


@pytest.mark.parametrize(
    ("source", "level"),
    [(trust.Source.SELF, AssuranceLevel.HIGH), (trust.Source.BUNDID, AssuranceLevel.NONE)],
)
def test_nobody_vouches_without_a_level(lena: Actor, source: trust.Source, level: AssuranceLevel) -> None:
    assert lena.person_id is not None
    with pytest.raises(ValueError, match="vouches"):
        trust.record_fact(
            person_id=lena.person_id, kind="phone", parts={"number": "0711 123456"}, source=source, level=level, now=NOW
        )


def test_a_dump_of_the_database_shows_no_fact(lena: Actor) -> None:
    keep(lena, "bank_account", iban=GOOD_IBAN, holder="Lena Muster")
    keep(lena, "health_remark", remark="Allergie")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(trust_fact::text, ' ') FROM trust_fact")
        (dumped,) = cursor.fetchone()
    assert not any(secret in dumped for secret in ("DE89", "0532", "Lena Muster", "Allergie"))
