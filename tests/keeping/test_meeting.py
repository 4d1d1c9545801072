"""What happens when an erasure meets something else about the same person, in connections of their own."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from stadtportal.kernel.contracts import Actor, Erased
from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.people import actions
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.actions import erasing
from stadtportal.kernel.trust.actions.exporting import exports_folder
from stadtportal.kernel.trust.models import ExportJob
from tests.keeping.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lena() -> Iterator[Actor]:
    """Somebody with an account; jobs are taken away afterwards, as the clean-up does not know their tables."""
    made = people.create_person(email="lena@example.org", given_name="Lena", family_name="Weg")
    yield Actor(person_id=made.id, shown_as=made.name)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


class Beside:
    """Something done in a thread with a connection of its own; ``error`` is what it raised."""

    def __init__(self, what: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self._what = what
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._what()
        except Exception as error:  # noqa: BLE001 -- handed to the test.
            self.error = error
        finally:
            connection.close()

    def still_waits(self) -> bool:
        self._thread.join(0.5)
        return self._thread.is_alive()

    def end(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


def test_an_export_asked_for_while_the_account_is_erased_is_told_so(lena: Actor) -> None:
    person_id = lena.person_id
    assert person_id is not None
    with transaction.atomic():
        erasing._erase(person_id, now=NOW)
        asked = Beside(lambda: trust.start_export(person_id=person_id, now=NOW))
        assert asked.still_waits()
    asked.end()
    assert isinstance(asked.error, trust.AccountGone)
    assert asked.error.status == 410
    assert ExportJob.objects.count() == 0
    assert list(exports_folder().iterdir()) == []


def test_two_erasures_at_once_are_one(lena: Actor) -> None:
    person_id = lena.person_id
    assert person_id is not None
    both = [Beside(lambda: trust.erase_person(person_id=person_id, now=NOW)) for _ in range(2)]
    for one in both:
        one.end()
    assert sorted(type(one.error).__name__ for one in both) == ["NoneType", "NotFound"]
    assert len(erasing.journal().erased()) == 1
    assert erasing.journal().unfinished().keys() <= {entry.id for entry in erasing.journal().read()}


def test_what_is_written_while_the_account_is_erased_does_not_stay(lena: Actor) -> None:
    """The keys to a person are checked at the commit: whoever commits after the erasure is refused."""
    person_id = lena.person_id
    assert person_id is not None

    def write_meanwhile() -> None:
        with transaction.atomic():
            Message.objects.create(person_id=person_id, subject="spät", body="gerade noch", sent_at=NOW)
            erased = Beside(lambda: trust.erase_person(person_id=person_id, now=NOW))
            erased.end()
            assert erased.error is None

    with pytest.raises(IntegrityError):
        write_meanwhile()
    assert not Person.objects.filter(pk=person_id).exists()
    assert Message.objects.count() == 0


def test_an_erasure_that_a_commit_of_somebody_else_overtakes_begins_again(
    lena: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message is committed after the inbox was emptied and before the account goes."""
    person_id = lena.person_id
    assert person_id is not None
    erase = actions.erase_sessions
    written: list[int] = []

    def write_and_erase(person_id: UUID, *, now: datetime) -> Erased:
        if not written:
            written.append(1)
            beside = Beside(
                lambda: Message.objects.create(person_id=person_id, subject="spät", body="gerade noch", sent_at=now)
            )
            beside.end()
            assert beside.error is None
        return erase(person_id, now=now)

    monkeypatch.setattr("stadtportal.kernel.people.actions.erase_sessions", write_and_erase)
    trust.erase_person(person_id=person_id, now=NOW)
    assert written == [1]
    assert not Person.objects.filter(pk=person_id).exists()
    assert Message.objects.count() == 0
