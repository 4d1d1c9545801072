"""Opening one's own data for a page or a form. Nothing of it is opened for who acts for somebody else."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.trust.actions import own
from stadtportal.kernel.trust.actions.locking import own_id
from stadtportal.kernel.trust.actions.vault import get_kind
from stadtportal.kernel.trust.queries import looks, own_data
from stadtportal.kernel.trust.rules.looks import DayOfLooks, LookFilter, picture, picture_start
from stadtportal.kernel.trust.rules.sharing import Purpose, Receiver


@dataclass(frozen=True, slots=True)
class Offer:
    """One fact that a form may take over. ``consented`` tells whether the person has agreed already."""

    kind: str
    title: str
    words: str
    source_words: str
    consented: bool


def offer_prefill(*, actor: Actor, fields: tuple[str, ...], purpose: Purpose, receiver: Receiver) -> list[Offer]:
    """Return which of the facts named by ``fields`` (kinds) the actor could pass on to ``receiver``.

    Nothing is passed on by this: the actor alone sees it. There is no offer while sharing is stopped, nor for who acts
    for somebody else.
    """
    if actor.person_id is None or actor.mandate is not None:
        return []
    offers = []
    with own(actor):
        if own_data.find_stop(person_id=actor.person_id):
            return []
        for field in fields:
            kind = get_kind(field)
            fact = own_data.find_first(person_id=actor.person_id, kind=field)
            if fact is None:
                continue
            consented = own_data.is_given(
                person_id=actor.person_id, organisation_id=receiver.id, purpose=purpose.slug, kind=field
            )
            offers.append(Offer(field, kind.title, fact.words, fact.source_words, consented))
    return offers


def list_own_facts(actor: Actor) -> list[own_data.FactView]:
    """Return the actor's facts in the order of the kinds."""
    with own(actor):
        return own_data.list_facts(person_id=own_id(actor))


def get_fact(*, actor: Actor, fact_id: UUID) -> own_data.FactView:
    """Return one of the actor's facts. Raises ``NotFound`` for any other."""
    with own(actor):
        fact = own_data.find_fact(person_id=own_id(actor), fact_id=fact_id)
    if fact is None:
        raise NotFound("Diese Angabe gibt es nicht.")
    return fact


def list_own_consents(actor: Actor) -> list[own_data.ConsentView]:
    """Return the actor's consents with their history, those in force first."""
    with own(actor):
        return own_data.list_consents(person_id=own_id(actor))


def list_own_handovers(actor: Actor) -> list[own_data.HandoverView]:
    """Return what organisations received from the actor's facts, newest first."""
    with own(actor):
        return own_data.list_handovers(person_id=own_id(actor))


def get_receipt(*, actor: Actor, event_id: UUID) -> dict[str, Any]:
    """Return one of the actor's receipts as it was issued, however old. Raises ``NotFound`` for any other."""
    with own(actor):
        receipt = own_data.find_receipt(person_id=own_id(actor), event_id=event_id)
    if receipt is None:
        raise NotFound("Diesen Beleg gibt es nicht.")
    return receipt


def sharing_stopped_at(actor: Actor) -> datetime | None:
    """Return since when the actor has stopped all sharing, or ``None``."""
    with own(actor):
        stop = own_data.find_stop(person_id=own_id(actor))
    return stop.stopped_at if stop else None


def list_own_looks(*, actor: Actor, asked: LookFilter, limit: int = 20, offset: int = 0) -> list[looks.Look]:
    """Return who looked at the actor's own data, newest first."""
    return looks.list_looks(person_id=own_id(actor), asked=asked, limit=limit, offset=offset)


def count_own_looks(*, actor: Actor, asked: LookFilter) -> int:
    """Count those looks."""
    return looks.count_looks(person_id=own_id(actor), asked=asked)


def get_look(*, actor: Actor, look_id: int) -> looks.Look:
    """Return one look at the actor's data. Raises ``NotFound`` for looks at anybody else's."""
    look = looks.find_look(person_id=own_id(actor), look_id=look_id)
    if look is None:
        raise NotFound("Diesen Zugriff gibt es nicht, oder er betrifft ein anderes Konto.")
    return look


def look_names(actor: Actor) -> tuple[list[str], list[str]]:
    """Return who ever looked at the actor's data, and what for."""
    return looks.list_names(person_id=own_id(actor))


def looks_picture(*, actor: Actor, today: date) -> tuple[DayOfLooks, ...]:
    """Return a square for each day of the last half year with how often somebody looked."""
    return picture(looks.count_by_day(person_id=own_id(actor), since=picture_start(today)), today=today)
