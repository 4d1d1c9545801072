"""Nobody's data is read by another person without an event that the person sees."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from stadtportal.kernel.contracts import VISITOR, Actor, NotAllowed
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.trust import api as trust

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def answering_a_call(actor: Actor, case: str = "") -> AbstractContextManager[trust.Reading]:
    return trust.reading(
        actor=actor,
        purpose="Anruf beantworten",
        legal_basis="Art. 6 Abs. 1 b DSGVO",
        fields=("Betreff",),
        case=case,
    )


def write_to(actor: Actor, subject: str = "Ihre Buchung") -> int:
    assert actor.person_id is not None
    return inbox.send(person_id=actor.person_id, subject=subject, body="Text", now=NOW)


def test_rows_about_people_cannot_be_fetched_without_saying_why(make_resident: Callable[[], Actor]) -> None:
    write_to(make_resident())
    with pytest.raises(trust.UnaccountedRead):
        list(Message.objects.all())
    with pytest.raises(trust.UnaccountedRead):
        Message.objects.first()
    with pytest.raises(trust.UnaccountedRead):
        list(Message.objects.iterator())
    with pytest.raises(trust.UnaccountedRead):
        Message.objects.values_list("subject", flat=True)[0]


def test_counting_needs_no_reason(make_resident: Callable[[], Actor]) -> None:
    write_to(make_resident())
    assert Message.objects.count() == 1
    assert Message.objects.filter(read_at=None).exists()


def test_each_person_seen_gets_one_event_and_the_reader_none(make_resident: Callable[[], Actor], clerk: Actor) -> None:
    lena, omar = make_resident(), make_resident()
    for actor in (lena, lena, omar, clerk):
        write_to(actor)
    with answering_a_call(clerk, case="ST-1"):
        assert len(list(Message.objects.all())) == 4
    (event,) = trust.list_access(actor=lena)
    assert (event.actor_name, event.purpose, event.fields, event.case_reference) == (
        "Alex Amt (Bürgerbüro)",
        "Anruf beantworten",
        ("Betreff",),
        "ST-1",
    )
    assert len(trust.list_access(actor=omar)) == 1
    assert trust.list_access(actor=clerk) == []


def test_the_event_is_undone_with_the_transaction_that_read(make_resident: Callable[[], Actor], clerk: Actor) -> None:
    lena = make_resident()
    write_to(lena)

    def read_and_fail() -> None:
        with transaction.atomic(), answering_a_call(clerk):
            list(Message.objects.all())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_and_fail()
    assert trust.list_access(actor=lena) == []


def test_a_reading_whose_events_cannot_be_written_fails_as_a_whole(
    make_resident: Callable[[], Actor], clerk: Actor
) -> None:
    write_to(make_resident())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trust_accessevent ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
    shown: list[Message] = []

    def read() -> None:
        with answering_a_call(clerk):
            rows = list(Message.objects.all())
        shown.extend(rows)

    with pytest.raises(IntegrityError, match="full_disk"), transaction.atomic():
        read()
    assert shown == []


def test_ones_own_pages_show_nobody_else(make_resident: Callable[[], Actor]) -> None:
    lena, omar = make_resident(), make_resident()
    write_to(lena)
    write_to(omar)
    assert lena.person_id is not None
    with trust.own(lena):
        assert [m.person_id for m in Message.objects.filter(person_id=lena.person_id)] == [lena.person_id]
        with pytest.raises(trust.ForeignRow):
            list(Message.objects.all())


def test_a_visitor_may_read_nothing() -> None:
    with pytest.raises(NotAllowed), trust.own(VISITOR):
        pass
    with pytest.raises(NotAllowed), answering_a_call(VISITOR):
        pass


def test_values_are_refused_as_they_hide_whose_rows_they_are(make_resident: Callable[[], Actor], clerk: Actor) -> None:
    write_to(make_resident())
    with answering_a_call(clerk), pytest.raises(trust.UnaccountedRead):
        list(Message.objects.values("subject"))


def test_a_reading_ends_with_its_block(make_resident: Callable[[], Actor], clerk: Actor) -> None:
    write_to(make_resident())
    with answering_a_call(clerk):
        rows = Message.objects.all()
    with pytest.raises(trust.UnaccountedRead):
        list(rows)
