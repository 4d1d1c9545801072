"""The door to the inbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import Actor, NotAllowed, NotFound
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
    """Return the actor's own messages, newest first. A mandate for some areas only raises ``NotAllowed``."""
    if actor.person_id is None:
        return []
    _check_mandate(actor)
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
    """Open one of the actor's own messages and mark it read, unless a mandate lets one only look.

    Raises ``NotFound`` for anybody else's.
    """
    if actor.person_id is None:
        sentence = "Diese Nachricht gibt es nicht."
        raise NotFound(sentence)
    _check_mandate(actor)
    with trust.own(actor):
        if actor.mandate is not None and not actor.mandate.may_act:
            return _view(queries.get_message(message_id=message_id, person_id=actor.person_id))
        return _view(actions.mark_read(message_id=message_id, person_id=actor.person_id, now=now))


def count_messages(person_id: UUID) -> int:
    """Count a person's messages."""
    return queries.count_messages(person_id=person_id)


def count_unread(person_id: UUID) -> int:
    """Count the messages a person has not opened yet."""
    return queries.count_unread(person_id=person_id)


def _check_mandate(actor: Actor) -> None:
    """Refuse the inbox, which holds messages of all areas, to a mandate for some of them."""
    if actor.areas:
        raise NotAllowed("Das Postfach gehört nicht zu dem, wofür Sie hier handeln dürfen.")


def _view(message: Message) -> MessageView:
    return MessageView(
        id=message.pk,
        subject=message.subject,
        body=message.body,
        case_reference=message.case_reference,
        sent_at=message.sent_at,
        read_at=message.read_at,
    )
