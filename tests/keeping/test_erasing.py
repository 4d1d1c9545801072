"""Deleted means gone, whatever happens in between."""

import dataclasses
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from stadtportal.areas.courses import api as courses
from stadtportal.areas.courses.area import AREA
from stadtportal.areas.courses.models import Booking
from stadtportal.areas.courses.models import Session as CourseDate
from stadtportal.kernel.contracts import Actor, Erased, NotFound, registry
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.actions import erasing
from stadtportal.kernel.trust.actions.exporting import exports_folder, run_export
from stadtportal.kernel.trust.engine.journal import JournalBroken
from stadtportal.kernel.trust.models import AccessEvent, LegalHold
from tests.courses.conftest import new_actor
from tests.keeping.conftest import CANARY, NOW, Bird, looks, make_bird

pytestmark = pytest.mark.django_db
#: Tables the account engine or Django fills without saying about whom.
MACHINERY = {"django_migrations", "django_content_type"}


def tables_with(text: str) -> set[str]:
    """Return every table of the database in which ``text`` stands somewhere, whatever the column is."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT 1 FROM "{table}" AS row WHERE row::text ILIKE %s LIMIT 1', [f"%{text}%"])  # noqa: S608 -- names of our own tables.
            if cursor.fetchone():
                found.add(table)
    return found - MACHINERY


def explode(_person_id: UUID, *, now: Any) -> Erased:  # noqa: ANN401, ARG001 -- the kernel's signature.
    message = "the table is locked"
    raise RuntimeError(message)


def with_bookings(monkeypatch: pytest.MonkeyPatch, *, erase: str) -> None:
    kind = dataclasses.replace(AREA.personal_data[0], erase=erase)
    monkeypatch.setattr(
        registry, "_areas", {**registry._areas, "courses": dataclasses.replace(AREA, personal_data=(kind,))}
    )


def test_no_table_knows_an_erased_person(bird: Bird) -> None:
    before = tables_with(CANARY) | tables_with(str(bird.id))
    assert {"people_person", "account_emailaddress", "mfa_authenticator", "usersessions_usersession"} <= before
    assert {"inbox_message", "cases_case", "courses_booking", "trust_accessevent", "demo_outgoingmail"} <= before
    erasure = trust.erase_person(person_id=bird.id, now=NOW)
    assert erasure.kept == ()
    assert tables_with(CANARY) | tables_with(str(bird.id)) | tables_with(bird.reference) == set()


def test_the_dry_run_says_what_the_erasure_does_and_does_nothing(bird: Bird) -> None:
    shown = trust.preview_erasure(person_id=bird.id, now=NOW)
    assert Person.objects.filter(pk=bird.id).exists()
    assert (looks(bird.actor), trust.preview_erasure(person_id=bird.id, now=NOW)) == (1, shown)
    assert len(shown.kinds) == len(trust.list_kinds())
    assert {kind.title: kind.rows for kind in shown.kinds if kind.rows} == {
        "Konto": 3,
        "Anmeldemittel": 1,
        "Sitzungen": 1,
        "Kursbuchungen": 1,
        "Vorgänge": 2,
        "Nachrichten": 2,
        "Zugriffe auf Ihre Daten": 1,
        "Postausgang der Demo": 1,
    }
    assert trust.erase_person(person_id=bird.id, now=NOW) == shown


def test_sessions_end_also_those_of_sign_ins_that_were_never_finished(bird: Bird) -> None:
    other = make_bird()
    assert Session.objects.count() == 4
    trust.erase_person(person_id=bird.id, now=NOW)
    assert Session.objects.count() == 2
    assert {session.get_decoded().get("_auth_user_id") for session in Session.objects.all()} == {None, str(other.id)}


def test_seats_go_to_whoever_waits_and_the_provider_is_told_without_a_name(bird: Bird, studio_staff: Actor) -> None:
    second, third = new_actor(), new_actor()
    for actor in (second, third):
        courses.book(actor=actor, order=bird.offered.order(waiting_ok=True), now=NOW)
    assert bird.offered.taken() == [2]
    trust.erase_person(person_id=bird.id, now=NOW)
    assert bird.offered.taken() == [2]
    with trust.system("Test"):
        states = {booking.person_id: booking.state for booking in Booking.objects.all()}
    assert states == {second.person_id: "booked", third.person_id: "booked"}
    told = inbox.list_messages(actor=studio_staff)
    assert [bird.reference in message.body for message in told] == [True]
    assert CANARY not in json.dumps([message.body + message.subject for message in told]).lower()


def test_what_can_no_longer_be_cancelled_is_kept_apart_until_the_claim_lapses() -> None:
    bird = make_bird(first_at=NOW + timedelta(hours=5))
    shown = trust.preview_erasure(person_id=bird.id, now=NOW)
    assert LegalHold.objects.count() == 0
    [kept] = shown.kept
    assert kept.law.startswith("Art. 17 Abs. 3 Buchst. e DSGVO")
    assert kept.until is not None
    assert (kept.until.year, kept.until.month, kept.until.day) == (NOW.year + 3, 12, 31)
    trust.erase_person(person_id=bird.id, now=NOW)
    assert tables_with(CANARY) == {"trust_legalhold"}
    trust.accept_clock(now=NOW)
    trust.accept_clock(now=NOW + timedelta(days=4 * 366))
    trust.expire(now=NOW + timedelta(days=4 * 366 + 1))
    assert tables_with(CANARY) == set()


def test_whoever_looked_at_others_stays_in_their_logs_by_name_and_is_told_so(bird: Bird) -> None:
    assert bird.clerk.person_id is not None
    shown = trust.preview_erasure(person_id=bird.clerk.person_id, now=NOW)
    assert [kept.what for kept in shown.kept] == ["Ihr Name bei Ihren Zugriffen auf die Daten anderer"]
    trust.erase_person(person_id=bird.clerk.person_id, now=NOW)
    assert [(event.actor_id, event.actor_name) for event in AccessEvent.objects.all()] == [(None, bird.clerk.shown_as)]


def test_a_failure_undoes_everything_and_is_void_in_the_journal(bird: Bird, monkeypatch: pytest.MonkeyPatch) -> None:
    with_bookings(monkeypatch, erase=f"{__name__}.explode")
    with pytest.raises(RuntimeError):
        trust.erase_person(person_id=bird.id, now=NOW)
    assert Person.objects.filter(pk=bird.id).exists()
    assert looks(bird.actor) == 1
    assert erasing.journal().erased() == frozenset()
    assert trust.finish_erasures(now=NOW + timedelta(hours=1)) == 0


def test_a_crash_before_the_commit_is_made_good(bird: Bird, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "_erase_patiently", die)
        with pytest.raises(KeyboardInterrupt):
            trust.erase_person(person_id=bird.id, now=NOW)
    assert Person.objects.filter(pk=bird.id).exists()
    assert trust.finish_erasures(now=NOW + timedelta(minutes=1)) == 0, "it might still be running"
    assert trust.finish_erasures(now=NOW + timedelta(minutes=11)) == 1
    assert tables_with(CANARY) == set()
    assert erasing.journal().unfinished() == {}
    assert trust.finish_erasures(now=NOW + timedelta(minutes=11)) == 0


def test_a_crash_after_the_commit_is_noted_as_done(bird: Bird, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "_clean_up", die)
        with pytest.raises(KeyboardInterrupt):
            trust.erase_person(person_id=bird.id, now=NOW)
    assert not Person.objects.filter(pk=bird.id).exists()
    assert trust.finish_erasures(now=NOW + timedelta(minutes=11)) == 1
    assert erasing.journal().unfinished() == {}


def test_nothing_is_erased_that_the_journal_cannot_note(bird: Bird, portal_data: Path) -> None:
    other = make_bird()
    trust.erase_person(person_id=other.id, now=NOW)
    (portal_data / "erasures.key").unlink()
    with pytest.raises(JournalBroken):
        trust.erase_person(person_id=bird.id, now=NOW)
    assert Person.objects.filter(pk=bird.id).exists()


def test_erasing_twice_is_answered(bird: Bird) -> None:
    trust.erase_person(person_id=bird.id, now=NOW)
    with pytest.raises(NotFound):
        trust.erase_person(person_id=bird.id, now=NOW)
    with pytest.raises(NotFound):
        trust.preview_erasure(person_id=bird.id, now=NOW)
    assert len(erasing.journal().erased()) == 1


def test_archives_go_with_the_account(bird: Bird) -> None:
    job_id = trust.start_export(person_id=bird.id, now=NOW)
    run_export(job_id=job_id, now=NOW)
    assert len(list(exports_folder().iterdir())) == 1
    trust.erase_person(person_id=bird.id, now=NOW)
    assert list(exports_folder().iterdir()) == []


def test_an_account_that_is_gone_cannot_be_exported(bird: Bird) -> None:
    trust.erase_person(person_id=bird.id, now=NOW)
    with pytest.raises(trust.AccountGone):
        trust.start_export(person_id=bird.id, now=NOW)


def test_somebody_who_comes_back_with_the_same_address_is_left_alone(bird: Bird) -> None:
    from stadtportal.kernel.people import api as people

    email = Person.objects.get(pk=bird.id).email
    trust.erase_person(person_id=bird.id, now=NOW)
    again = people.create_person(email=email, given_name="Neu", family_name="Da")
    assert trust.replay_erasures(now=NOW) == 0
    assert Person.objects.filter(pk=again.id).exists()
    assert CourseDate.objects.count() == 1
