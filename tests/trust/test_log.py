"""Every look becomes a leaf of the tree; whoever rewrites the log is found out."""

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.engine import checkpoint as notes
from stadtportal.kernel.trust.models import AccessEvent, Checkpoint, Leaf, SubjectHead, Tile, Unsequenced

from .conftest import NOW, look

pytestmark = pytest.mark.django_db
People = Callable[[], Actor]


def findings(against: str = "") -> list[str]:
    return list(trust.verify_log(against=against).findings)


def sql(statement: str, *parameters: Any) -> None:  # noqa: ANN401 -- whatever PostgreSQL takes.
    """Do what somebody can who has the database to themselves."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def looked_at(make_person: People, clerk: Actor) -> list[Actor]:
    """Three people, looked at four times each, everything sequenced."""
    seen = [make_person() for _ in range(3)]
    for number in range(4):
        look(clerk, *seen, purpose=f"Anruf {number}")
    assert trust.sequence(now=NOW) == 12
    return seen


def events_of(actor: Actor) -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(subject_id=actor.person_id).order_by("subj_seq"))


def test_events_of_one_person_form_a_chain(looked_at: list[Actor]) -> None:
    chain = events_of(looked_at[0])
    assert [event.subj_seq for event in chain] == [1, 2, 3, 4]
    assert bytes(chain[0].subj_prev) == b""
    for before, after in itertools.pairwise(chain):
        assert bytes(after.subj_prev) == before.commitment()
    head = SubjectHead.objects.get(subject_id=looked_at[0].person_id)
    assert (head.seq, bytes(head.commitment)) == (4, chain[-1].commitment())


def test_a_whole_log_has_nothing_to_find(looked_at: list[Actor]) -> None:
    assert looked_at
    verified = trust.verify_log()
    assert (verified.findings, verified.leaves, verified.events, verified.waiting) == ((), 12, 12, 0)


def test_what_waits_for_its_leaf_is_no_finding(make_person: People, clerk: Actor) -> None:
    look(clerk, make_person())
    verified = trust.verify_log()
    assert (verified.findings, verified.events, verified.waiting) == ((), 1, 1)


def test_a_stated_reason_is_part_of_what_cannot_be_changed(make_person: People, clerk: Actor) -> None:
    lena = make_person()
    look(clerk, lena, reason="Rückruf zugesagt")
    (event,) = events_of(lena)
    made = event.commitment()
    event.reason = "etwas anderes"
    assert event.commitment() != made


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Niemand'",
        "purpose = 'Statistik'",
        "legal_basis = ''",
        "fields = '{Name}'",
        "case_reference = 'ST-1'",
        "reason = 'nachgereicht'",
        "at = at - interval '1 microsecond'",
        "salt = decode(repeat('00', 32), 'hex')",
    ],
)
def test_an_edit_is_found(looked_at: list[Actor], change: str) -> None:
    event = events_of(looked_at[1])[2]
    sql(f"UPDATE trust_accessevent SET {change} WHERE id = %s", event.pk)  # noqa: S608 -- fixed texts of this test.
    assert f"Der Zugriff {event.pk} wurde verändert." in findings()


def test_an_edit_that_also_rewrites_the_leaf_is_found(looked_at: list[Actor]) -> None:
    event = events_of(looked_at[1])[3]
    event.purpose = "Statistik"
    sql("UPDATE trust_accessevent SET purpose = 'Statistik' WHERE id = %s", event.pk)
    sql("UPDATE trust_leaf SET commitment = %s WHERE event_id = %s", event.commitment(), event.pk)
    sql(
        "UPDATE trust_subjecthead SET commitment = %s WHERE subject_id = %s",
        event.commitment(),
        looked_at[1].person_id,
    )
    found = findings()
    assert "Das Protokoll wurde umgeschrieben: der Prüfpunkt mit 12 Einträgen bezeugt einen anderen Inhalt." in found
    assert any(one.startswith("Die Kachel 0/0 passt nicht") for one in found)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_deletion_is_found(looked_at: list[Actor], number: int) -> None:
    event = events_of(looked_at[0])[number]
    leaf = Leaf.objects.get(event_id=event.pk).number
    sql("DELETE FROM trust_accessevent WHERE id = %s", event.pk)
    assert f"Der Zugriff zu Blatt {leaf} wurde gelöscht." in findings()


def test_a_deletion_dressed_up_as_an_erasure_leaves_a_gap(looked_at: list[Actor]) -> None:
    event = events_of(looked_at[0])[1]
    sql("DELETE FROM trust_accessevent WHERE id = %s", event.pk)
    sql("UPDATE trust_leaf SET event_id = NULL WHERE event_id = %s", event.pk)
    after = events_of(looked_at[0])[1]
    assert findings() == [f"Vor dem Zugriff {after.pk} fehlt einer, oder die Reihenfolge wurde verändert."]


def test_cutting_the_newest_off_is_found(looked_at: list[Actor]) -> None:
    event = events_of(looked_at[2])[3]
    sql("DELETE FROM trust_accessevent WHERE id = %s", event.pk)
    sql("UPDATE trust_leaf SET event_id = NULL WHERE event_id = %s", event.pk)
    assert findings() == [f"Am Ende der Kette von {looked_at[2].person_id} fehlt ein Zugriff."]


def test_an_insertion_is_found(looked_at: list[Actor]) -> None:
    chain = events_of(looked_at[0])
    forged = chain[-1]
    forged.pk, forged.subj_seq, forged.subj_prev = None, 5, forged.commitment()
    forged.save()
    assert f"Der Zugriff {forged.pk} wurde nachträglich eingefügt: Er hat kein Blatt." in findings()


def test_reordering_is_found(looked_at: list[Actor]) -> None:
    first, second = events_of(looked_at[0])[:2]
    sql("UPDATE trust_accessevent SET subj_seq = 99 WHERE id = %s", first.pk)
    sql("UPDATE trust_accessevent SET subj_seq = 1 WHERE id = %s", second.pk)
    sql("UPDATE trust_accessevent SET subj_seq = 2 WHERE id = %s", first.pk)
    found = findings()
    assert f"Der Zugriff {first.pk} wurde verändert." in found
    assert any("Reihenfolge" in one for one in found)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE trust_leaf SET number = -1 WHERE number = 5", "Blatt"),
        ("DELETE FROM trust_leaf WHERE number = 5", "Blatt 5 fehlt"),
        ("DELETE FROM trust_leaf WHERE number = 11", "hat nur noch 11"),
        ("UPDATE trust_tile SET hashes = set_byte(hashes, 40, 7)", "Die Kachel 0/0 passt nicht"),
        ("DELETE FROM trust_tile", "Die Kachel 0/0 fehlt"),
        ("UPDATE trust_checkpoint SET note = replace(note, '12', '13')", "ist nicht echt"),
        ("DELETE FROM trust_checkpoint", "fehlt der Prüfpunkt"),
        ("DELETE FROM trust_subjecthead", "hat kein Ende"),
    ],
)
def test_tampering_with_the_tree_is_found(looked_at: list[Actor], statement: str, said: str) -> None:
    assert looked_at
    sql(statement)
    assert any(said in one for one in findings())


def test_turning_everything_back_is_found_against_a_checkpoint_kept_outside(
    looked_at: list[Actor], clerk: Actor
) -> None:
    look(clerk, looked_at[0])
    trust.sequence(now=NOW)
    kept = Checkpoint.objects.latest("size").note
    assert findings(kept) == []
    # Back to twelve: event, leaf, tile, checkpoint and head as they were before.
    event = events_of(looked_at[0])[-1]
    sql("DELETE FROM trust_accessevent WHERE id = %s", event.pk)
    sql("DELETE FROM trust_leaf WHERE number = 12")
    sql("DELETE FROM trust_checkpoint WHERE size = 13")
    sql("UPDATE trust_tile SET hashes = substring(hashes FOR 12 * 32)")
    sql(
        "UPDATE trust_subjecthead SET seq = 4, commitment = %s WHERE subject_id = %s",
        bytes(event.subj_prev),
        looked_at[0].person_id,
    )
    assert findings() == []
    assert findings(kept) == ["der mitgebrachte Prüfpunkt kennt 13 Einträge, das Protokoll hat nur noch 12."]


def test_a_log_written_anew_with_the_same_key_is_found_against_a_kept_checkpoint(
    looked_at: list[Actor], clerk: Actor
) -> None:
    kept = Checkpoint.objects.latest("size").note
    for model in (AccessEvent, SubjectHead, Unsequenced, Leaf, Tile, Checkpoint):
        model.objects.all().delete()
    for _ in range(4):
        look(clerk, *looked_at)
    trust.sequence(now=NOW)
    assert findings() == []
    assert findings(kept) == [
        "Das Protokoll wurde umgeschrieben: der mitgebrachte Prüfpunkt bezeugt einen anderen Inhalt."
    ]


def test_a_checkpoint_of_another_log_is_refused(looked_at: list[Actor], log_key: Path) -> None:
    assert looked_at
    kept = Checkpoint.objects.latest("size").note
    log_key.unlink()
    with pytest.raises(notes.CheckpointError, match="not signed"):
        trust.verify_log(against=kept)


def test_erasing_a_person_leaves_a_valid_tree_and_none_of_their_events(looked_at: list[Actor]) -> None:
    person = looked_at[0].person_id
    assert person
    assert trust.erase_events_of(person, now=NOW) == 4
    verified = trust.verify_log()
    assert (verified.findings, verified.leaves, verified.events, verified.erased) == ((), 12, 8, 4)


def test_what_expired_goes_from_the_beginning_and_the_chain_goes_on(looked_at: list[Actor], clerk: Actor) -> None:
    cut = events_of(looked_at[0])[2].at
    assert trust.erase_events_before(cut, now=NOW) == 6, "the first two looks at three people"
    look(clerk, looked_at[0])
    trust.sequence(now=NOW)
    assert [one.subj_seq for one in events_of(looked_at[0])] == [3, 4, 5]
    assert findings() == []


def test_a_clock_that_jumps_changes_no_order(
    make_person: People, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena = make_person()
    for days in (0, 400, -3):
        monkeypatch.setattr("django.utils.timezone.now", lambda days=days: NOW + timedelta(days=days))
        look(clerk, lena)
        trust.sequence(now=NOW + timedelta(days=days))
    assert [event.subj_seq for event in events_of(lena)] == [1, 2, 3]
    assert findings() == []
    # What is old by a clock that was wrong stays while something before it is kept.
    assert trust.erase_events_before(NOW - timedelta(days=1), now=NOW) == 0


def test_the_key_is_kept_for_its_owner_only(looked_at: list[Actor], log_key: Path) -> None:
    assert looked_at
    assert log_key.stat().st_mode & 0o777 == 0o600


def test_one_checkpoint_of_each_day_that_is_over_stays(make_person: People, clerk: Actor) -> None:
    lena = make_person()
    for hours in (0, 1, 2, 30, 31, 60):
        look(clerk, lena)
        trust.sequence(now=NOW - timedelta(days=5) + timedelta(hours=hours))
    assert trust.thin_out_checkpoints(now=NOW) == 3
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 5, 6]
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_lists_of_the_same_people_read_at_once_neither_wait_forever_nor_lose_a_look(
    make_person: People, clerk: Actor
) -> None:
    seen = [make_person() for _ in range(5)]
    failed: list[BaseException] = []

    def many() -> None:
        try:
            for _ in range(15):
                look(clerk, *seen)
        except BaseException as error:  # noqa: BLE001 -- told to the test.
            failed.append(error)
        finally:
            connection.close()

    def sequencing() -> None:
        try:
            for _ in range(20):
                trust.sequence(now=NOW)
        except BaseException as error:  # noqa: BLE001 -- told to the test.
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (many, many, many, many, sequencing, sequencing)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    trust.sequence(now=NOW)
    for actor in seen:
        assert [event.subj_seq for event in events_of(actor)] == list(range(1, 61))
    verified = trust.verify_log()
    assert (verified.findings, verified.leaves) == ((), 300)
