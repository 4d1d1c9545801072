"""Looking into the inbox."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.inbox.models import Message


def list_messages(*, person_id: UUID, limit: int, offset: int) -> list[Message]:
    """Return a person's messages, newest first. Needs an open reading."""
    rows = Message.objects.filter(person_id=person_id).order_by("-sent_at", "-id")
    return list(rows[offset : offset + limit])


def get_message(*, message_id: int, person_id: UUID) -> Message:
    """Return a message of this person. Raises ``NotFound`` for anybody else's. Needs an open reading."""
    message = Message.objects.filter(pk=message_id, person_id=person_id).first()
    if message is None:
        raise NotFound("Diese Nachricht gibt es nicht.")
    return message


def list_messages_of_case(*, person_id: UUID, case_reference: str) -> list[Message]:
    """Return a person's messages about one case, oldest first. Needs an open reading."""
    return list(Message.objects.filter(person_id=person_id, case_reference=case_reference).order_by("sent_at", "id"))


def count_messages(*, person_id: UUID) -> int:
    """Count a person's messages."""
    return Message.objects.filter(person_id=person_id).count()


def count_unread(*, person_id: UUID) -> int:
    """Count the messages a person has not opened yet."""
    return Message.objects.filter(person_id=person_id, read_at=None).count()


def export(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield a person's messages, oldest first."""
    for message in Message.objects.filter(person_id=person_id).order_by("id").iterator(chunk_size=1000):
        yield {
            "subject": message.subject,
            "body": message.body,
            "case": message.case_reference,
            "sent_at": message.sent_at.isoformat(),
            "read_at": message.read_at.isoformat() if message.read_at else None,
            "mailed_at": message.mailed_at.isoformat() if message.mailed_at else None,
        }


def oldest(person_id: UUID) -> datetime | None:
    """Return when the oldest of a person's messages that belong to no case was sent."""
    message = Message.objects.filter(person_id=person_id, case_reference="").order_by("sent_at").first()
    return message.sent_at if message else None
