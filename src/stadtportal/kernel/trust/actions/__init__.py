"""Opening a justified read, and writing what it saw in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from stadtportal.kernel.contracts import Actor, NotAllowed
from stadtportal.kernel.trust.models import AccessEvent, current_reading
from stadtportal.kernel.trust.rules import Reading


@contextmanager
def reading(
    *,
    actor: Actor,
    purpose: str,
    legal_basis: str,
    fields: tuple[str, ...],
    case: str = "",
    on_behalf_of: str = "",
) -> Iterator[Reading]:
    """Let ``actor`` read personal data of others; each person seen gets an access event when the block ends.

    Rows must be fetched inside the block. Block and events are one transaction: if the events cannot be written, the
    block fails, and nothing is shown. ``on_behalf_of`` names the organisation the actor looks for; the person seen
    reads it beside the actor's name. Raises ``NotAllowed`` for a visitor.
    """
    if actor.person_id is None:
        sentence = "Bitte melden Sie sich an."
        raise NotAllowed(sentence)
    opened = Reading(actor=actor, purpose=purpose, legal_basis=legal_basis, fields=fields, case=case)
    with transaction.atomic(), _open(opened):
        yield opened
        at = timezone.now()
        AccessEvent.objects.bulk_create(
            AccessEvent(
                subject_id=subject,
                at=at,
                actor_id=actor.person_id,
                actor_name=f"{actor.shown_as} ({on_behalf_of})" if on_behalf_of else actor.shown_as,
                purpose=purpose,
                legal_basis=legal_basis,
                fields=list(fields),
                case_reference=case,
            )
            for subject in opened.accountable()
        )


@contextmanager
def own(actor: Actor) -> Iterator[Reading]:
    """Let people read their own data; a row of anybody else raises ``ForeignRow``."""
    if actor.person_id is None:
        sentence = "Bitte melden Sie sich an."
        raise NotAllowed(sentence)
    opened = Reading(actor=actor, purpose="Eigene Daten", own_only=True)
    with _open(opened):
        yield opened


@contextmanager
def system(purpose: str) -> Iterator[Reading]:
    """Let machinery work on rows that no human sees, such as a waiting list that moves up."""
    with _open(Reading(actor=None, purpose=purpose)) as opened:
        yield opened


@contextmanager
def _open(opened: Reading) -> Iterator[Reading]:
    token = current_reading.set(opened)
    try:
        yield opened
    finally:
        current_reading.reset(token)
