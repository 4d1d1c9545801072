"""Opening a justified read, and writing what it saw in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stadtportal.kernel.contracts import Actor, Mandate, NotAllowed, registry
from stadtportal.kernel.trust.actions.appending import append_events
from stadtportal.kernel.trust.models import current_mandate, current_reading
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
    reason: str = "",
) -> Iterator[Reading]:
    """Let ``actor`` read personal data of others; each person seen gets an access event when the block ends.

    Rows must be fetched inside the block. Block and events are one transaction: if the events cannot be written, the
    block fails, and nothing is shown. ``on_behalf_of`` names the organisation the actor looks for; the person seen
    reads it beside the actor's name, and so the ``reason`` that staff stated. Raises ``NotAllowed`` for a visitor.
    """
    if actor.person_id is None:
        sentence = "Bitte melden Sie sich an."
        raise NotAllowed(sentence)
    opened = Reading(actor=actor, purpose=purpose, legal_basis=legal_basis, fields=fields, case=case, reason=reason)
    with transaction.atomic(), _open(opened):
        yield opened
        _account_for(opened, actor_name=f"{actor.shown_as} ({on_behalf_of})" if on_behalf_of else actor.shown_as)


def _account_for(opened: Reading, *, actor_name: str) -> None:
    """Write one event for each person seen, as a part of the reading transaction."""
    append_events(
        opened.accountable(),
        at=timezone.now(),
        actor_id=opened.reader_id,
        actor_name=actor_name,
        purpose=opened.purpose,
        legal_basis=opened.legal_basis,
        fields=list(opened.fields),
        case_reference=opened.case,
        reason=opened.reason,
    )


@contextmanager
def own(actor: Actor) -> Iterator[Reading]:
    """Let people read their own data; a row of anybody else raises ``ForeignRow``.

    Whoever acts for that person reads the data of somebody else: the person gets an access event that names the reader
    and the delegation, in the same transaction.
    """
    if actor.person_id is None:
        sentence = "Bitte melden Sie sich an."
        raise NotAllowed(sentence)
    if actor.mandate is not None:
        with _own_by_mandate(actor, actor.mandate) as opened:
            yield opened
        return
    opened = Reading(actor=actor, purpose="Eigene Daten", own_only=True)
    with _open(opened):
        yield opened


@contextmanager
def _own_by_mandate(actor: Actor, mandate: Mandate) -> Iterator[Reading]:
    opened = Reading(
        actor=actor,
        purpose=f"Handeln in Vertretung ({mandate.title})",
        legal_basis=mandate.basis,
        own_only=True,
    )
    with transaction.atomic(), acting(mandate), _open(opened):
        yield opened
        opened.fields = _titles(opened.seen)
        _account_for(opened, actor_name=mandate.agent_name)


def _titles(models: set[str]) -> tuple[str, ...]:
    """Return what the declarations call the data in these models, in alphabetical order."""
    kinds = (kind for kinds in registry.personal_data().values() for kind in kinds)
    return tuple(sorted({kind.title for kind in kinds if models & kind.models.keys()}))


@contextmanager
def acting(mandate: Mandate | None) -> Iterator[None]:
    """Say by what mandate everything inside is done, so that cases tell who acted."""
    token = current_mandate.set(mandate)
    try:
        yield
    finally:
        current_mandate.reset(token)


def mandate_for(person_id: UUID) -> Mandate | None:
    """Return the mandate by which something is being done for this person; none for what machinery does."""
    mandate, opened = current_mandate.get(), current_reading.get()
    if mandate is None or mandate.principal_id != person_id or (opened is not None and opened.actor is None):
        return None
    return mandate


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
