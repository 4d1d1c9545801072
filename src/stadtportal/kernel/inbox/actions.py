"""Sending and reading messages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from stadtportal.kernel.contracts import Erased, NotFound, registry
from stadtportal.kernel.inbox import rules
from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.jobs import api as jobs

SEND_MAIL = jobs.JobName("inbox.send_mail")


# Without a savepoint: an error in here is meant to undo everything the caller does with it.
@transaction.atomic(savepoint=False)
def send(*, person_id: UUID, subject: str, body: str, case_reference: str = "", now: datetime) -> int:
    """Write a message and queue its mail, in the caller's transaction. Return the message's id."""
    message = Message.objects.create(
        person_id=person_id,
        subject=subject,
        body=body,
        case_reference=case_reference,
        sent_at=now,
    )
    jobs.defer(SEND_MAIL, message_id=message.pk)
    return message.pk


@transaction.atomic
def mark_read(*, message_id: int, person_id: UUID, now: datetime) -> Message:
    """Return a message of this person, marking it read. Raises ``NotFound`` for anybody else's."""
    message = Message.objects.select_for_update().filter(pk=message_id, person_id=person_id).first()
    if message is None:
        sentence = "Diese Nachricht gibt es nicht."
        raise NotFound(sentence)
    if message.read_at is None:
        message.read_at = now
        message.save(update_fields=["read_at"])
    return message


@transaction.atomic
def mail(*, message_id: int, now: datetime) -> bool:
    """Mail one message to its person, once. Return whether it is done with.

    For somebody who does not sign in it goes to those who act for them, none of whom sees the others' addresses.
    The row stays locked until the mail server has taken the mail, so that two workers cannot both send it.
    """
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=message_id, mailed_at=None)
        .first()
    )
    if message is None:
        return False
    own = message.person.email
    others = [] if own else list(registry.mail_to(message.person_id))
    if own or others:
        EmailMessage(
            subject=message.subject,
            body=rules.mail_text(
                greeting_name=message.person.get_full_name() if own else "",
                acted_for="" if own else message.person.get_full_name(),
                body=message.body,
                url=f"{settings.PUBLIC_URL}/mein/postfach/{message.pk}/",
            ),
            to=[own] if own else [],
            bcc=others,
        ).send()
    message.mailed_at = now
    message.save(update_fields=["mailed_at"])
    return True


def erase(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase a person's messages; a mail still in the queue then finds nothing to send."""
    return Erased(Message.objects.filter(person_id=person_id).delete()[0])


def expire(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- the kernel's signature.
    """Erase messages sent before ``before`` that belong to no case; those about a case go with it."""
    return Message.objects.filter(sent_at__lt=before, case_reference="").delete()[0]


def forget_messages_of_cases(references: Sequence[str]) -> int:
    """Erase the messages about these cases; return how many. Needs ``trust.system``."""
    return Message.objects.filter(case_reference__in=references).delete()[0] if references else 0
