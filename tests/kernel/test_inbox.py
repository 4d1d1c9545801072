"""A message arrives in the inbox and by mail, once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.inbox import tasks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def send(actor: Actor) -> int:
    assert actor.person_id is not None
    return inbox.send(person_id=actor.person_id, subject="Ihr Platz", body="Sie haben einen Platz.", now=NOW)


def test_a_message_is_unread_until_it_is_opened(make_resident: Callable[[], Actor]) -> None:
    lena = make_resident()
    message_id = send(lena)
    assert lena.person_id is not None
    assert inbox.count_unread(lena.person_id) == 1
    opened = inbox.read_message(actor=lena, message_id=message_id, now=NOW)
    assert (opened.subject, opened.body, opened.read_at) == ("Ihr Platz", "Sie haben einen Platz.", NOW)
    assert inbox.count_unread(lena.person_id) == 0


def test_nobody_opens_the_message_of_somebody_else(make_resident: Callable[[], Actor]) -> None:
    lena, omar = make_resident(), make_resident()
    message_id = send(lena)
    with pytest.raises(NotFound):
        inbox.read_message(actor=omar, message_id=message_id, now=NOW)
    assert lena.person_id is not None
    assert inbox.count_unread(lena.person_id) == 1


def test_the_mail_leaves_once_however_often_the_job_runs(
    make_resident: Callable[[], Actor], settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    lena = make_resident()
    message_id = send(lena)
    tasks.send_mail(message_id=message_id)
    tasks.send_mail(message_id=message_id)
    (sent,) = mail.outbox
    assert sent.to == ["person1@example.org"]
    assert sent.subject == "Ihr Platz"
    assert sent.body.startswith("Guten Tag Person1 Muster,\n\nSie haben einen Platz.\n\n")


@pytest.mark.usefixtures("empty_queue")
def test_message_and_job_commit_together(make_resident: Callable[[], Actor]) -> None:
    lena = make_resident()
    assert lena.person_id is not None

    def send_and_fail() -> None:
        with transaction.atomic():
            send(lena)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send_and_fail()
    assert inbox.count_messages(lena.person_id) == 0
    assert ProcrastinateJob.objects.filter(task_name="inbox.send_mail").count() == 0
    message_id = send(lena)
    (job,) = ProcrastinateJob.objects.filter(task_name="inbox.send_mail")
    assert job.args == {"message_id": message_id}
