"""The door to the inbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.inbox import actions, queries
from stadtportal.kernel.inbox.actions import forget_messages_of_cases, send
from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.trust import api as trust

__all__ = [
    "MessageView",
    "count_messages",
    "count_unread",
    "forget_messages_of_cases",
    "list_messages",
    "list_messages_of_case",
    "read_message",
    "send",
]


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as its person sees it. Times are UTC; ``body`` is plain text with line breaks."""

    id: int
    subject: str
    body: str
    case_reference: str
    sent_at: datetime
    read_at: datetime | None


def list_messages(*, actor: Actor, limit: int = 20, offset: int = 0) -> list[MessageView]:
    """Return the actor's own messages, newest first."""
    if actor.person_id is None:
        return []
    with trust.own(actor):
        return [
            _view(message) for message in queries.list_messages(person_id=actor.person_id, limit=limit, offset=offset)
        ]


def list_messages_of_case(*, actor: Actor, case_reference: str) -> list[MessageView]:
    """Return the actor's own messages about one case, oldest first."""
    if actor.person_id is None:
        return []
    with trust.own(actor):
        return [
            _view(message)
            for message in queries.list_messages_of_case(person_id=actor.person_id, case_reference=case_reference)
        ]


def read_message(*, actor: Actor, message_id: int, now: datetime) -> MessageView:
    """Open one of the actor's own messages and mark it read. Raises ``NotFound`` for anybody else's."""
    if actor.person_id is None:
        sentence = "Diese Nachricht gibt es nicht."
        raise NotFound(sentence)
    with trust.own(actor):
        return _view(actions.mark_read(message_id=message_id, person_id=actor.person_id, now=now))


def count_messages(person_id: UUID) -> int:
    """Count a person's messages."""
    return queries.count_messages(person_id=person_id)


def count_unread(person_id: UUID) -> int:
    """Count the messages a person has not opened yet."""
    return queries.count_unread(person_id=person_id)


def _view(message: Message) -> MessageView:
    return MessageView(
        id=message.pk,
        subject=message.subject,
        body=message.body,
        case_reference=message.case_reference,
        sent_at=message.sent_at,
        read_at=message.read_at,
    )
