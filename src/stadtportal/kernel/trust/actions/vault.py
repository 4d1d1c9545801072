"""Keeping, changing and removing facts about oneself."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from stadtportal.kernel.contracts import Actor, AssuranceLevel, NotFound
from stadtportal.kernel.trust.actions import own, system
from stadtportal.kernel.trust.actions.locking import lock_person, own_id
from stadtportal.kernel.trust.models import Fact
from stadtportal.kernel.trust.rules.facts import (
    KINDS,
    MOST_OF_A_KIND,
    FactKept,
    FactKind,
    Source,
    check_editable,
    check_parts,
)

_BERLIN = ZoneInfo("Europe/Berlin")


def get_kind(slug: str) -> FactKind:
    """Return a kind of fact. Raises ``NotFound`` for an unknown one."""
    kind = KINDS.get(slug)
    if kind is None:
        raise NotFound("Diese Art von Angabe gibt es nicht.")
    return kind


def keep_fact(*, actor: Actor, kind: str, parts: Mapping[str, str], now: datetime) -> UUID:
    """Keep a fact that people state about themselves; return its id.

    Of a kind that exists once, it takes the old one's place; the same fact kept again stays one. Raises ``BadFact``,
    and ``FactKept`` when somebody else vouched for the one there is.
    """
    person_id, known = own_id(actor), get_kind(kind)
    value = _written(known, parts, now=now)
    with own(actor), transaction.atomic():
        lock_person(person_id)
        kept = list(Fact.objects.filter(person_id=person_id, kind=kind).order_by("created_at", "pk"))
        for fact in kept:
            if not known.many or fact.value == value:
                return _change(fact, value, now=now)
        if len(kept) >= MOST_OF_A_KIND:
            raise FactKept(
                f"Davon können Sie höchstens {MOST_OF_A_KIND} aufbewahren. Bitte löschen Sie erst eine Angabe."
            )
        return Fact.objects.create(person_id=person_id, kind=kind, value=value, created_at=now, changed_at=now).pk


def change_fact(*, actor: Actor, fact_id: UUID, parts: Mapping[str, str], now: datetime) -> UUID:
    """Change one of one's own facts. Raises ``NotFound``, ``BadFact``, and ``FactKept`` for what others vouched for."""
    with own(actor), transaction.atomic():
        lock_person(own_id(actor))
        fact = _own_fact(own_id(actor), fact_id)
        check_editable(Source(fact.source))
        return _change(fact, _written(get_kind(fact.kind), parts, now=now), now=now)


def remove_fact(*, actor: Actor, fact_id: UUID) -> None:
    """Delete one of one's own facts, whoever vouched for it. Raises ``NotFound``."""
    with own(actor), transaction.atomic():
        lock_person(own_id(actor))
        _own_fact(own_id(actor), fact_id).delete()


@transaction.atomic
def record_fact(
    *,
    person_id: UUID,
    kind: str,
    parts: Mapping[str, str],
    source: Source,
    level: AssuranceLevel,
    office: str = "",
    now: datetime,
) -> UUID:
    """Keep a fact that a counter, the BundID or an office vouches for; it takes the place of what the person said.

    Of a kind that may be kept several times, only the same fact is replaced. Raises ``BadFact``, and ``ValueError``
    for what only the person can say, or without a level.
    """
    if source is Source.SELF or level is AssuranceLevel.NONE:
        message = "a fact that somebody vouches for has a source other than the person, and a level"
        raise ValueError(message)
    known = get_kind(kind)
    value = _written(known, parts, now=now)
    with system("Bestätigte Angabe aufbewahren"):
        lock_person(person_id)
        kept = Fact.objects.filter(person_id=person_id, kind=kind).order_by("created_at", "pk")
        fact = next((one for one in kept if not known.many or one.value == value), None)
        fact = fact or Fact(person_id=person_id, kind=kind, created_at=now)
        fact.value, fact.source, fact.level, fact.office, fact.changed_at = (
            value,
            source.value,
            level.value,
            office,
            now,
        )
        fact.save()
    return fact.pk


def _written(kind: FactKind, parts: Mapping[str, str], *, now: datetime) -> str:
    checked = check_parts(kind, parts, today=now.astimezone(_BERLIN).date())
    return json.dumps(checked, ensure_ascii=False, sort_keys=True)


def _own_fact(person_id: UUID, fact_id: UUID) -> Fact:
    fact = Fact.objects.filter(person_id=person_id, pk=fact_id).first()
    if fact is None:
        raise NotFound("Diese Angabe gibt es nicht.")
    return fact


def _change(fact: Fact, value: str, *, now: datetime) -> UUID:
    if fact.value != value:
        check_editable(Source(fact.source))
        fact.value, fact.changed_at = value, now
        fact.save()
    return fact.pk
