"""A person's facts, consents and what was passed on. All of these need an open reading of one's own data."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.trust.models import Consent, ConsentEvent, Fact, Handover, SharingStop
from stadtportal.kernel.trust.rules.facts import KINDS, LEVEL_WORDS, SOURCE_WORDS, FactKind, Source, fact_words


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact as its owner sees it. ``words`` hides most of an IBAN; ``parts`` has all of it.

    ``editable`` facts are what people state themselves.
    """

    id: UUID
    kind: FactKind
    words: str
    parts: dict[str, str]
    editable: bool
    source_words: str
    level_words: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentEventView:
    """One line of a consent's history; ``id`` is the receipt's number."""

    id: UUID
    at: datetime
    given: bool


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent as it stands, with its history, newest first."""

    id: UUID
    organisation_id: int
    organisation_name: str
    title: str
    purpose_words: str
    given: bool
    changed_at: datetime
    history: tuple[ConsentEventView, ...]


@dataclass(frozen=True, slots=True)
class HandoverView:
    """One fact that an organisation received from the vault."""

    organisation_id: int
    organisation_name: str
    title: str
    purpose_words: str
    at: datetime
    case_reference: str


def fact_view(fact: Fact) -> FactView:
    """Return a fact as its owner sees it."""
    kind, source = KINDS[fact.kind], Source(fact.source)
    parts: dict[str, str] = json.loads(fact.value)
    return FactView(
        id=fact.pk,
        kind=kind,
        words=fact_words(kind, parts),
        parts=parts,
        editable=source is Source.SELF,
        source_words=f"{SOURCE_WORDS[source]} ({fact.office})" if fact.office else SOURCE_WORDS[source],
        level_words=LEVEL_WORDS[AssuranceLevel(fact.level)],
        changed_at=fact.changed_at,
    )


def list_facts(*, person_id: UUID) -> list[FactView]:
    """Return a person's facts in the order of the kinds; what a kind no longer known holds is left out."""
    order = list(KINDS)
    rows = [
        fact for fact in Fact.objects.filter(person_id=person_id).order_by("created_at", "pk") if fact.kind in KINDS
    ]
    return [fact_view(fact) for fact in sorted(rows, key=lambda fact: order.index(fact.kind))]


def find_fact(*, person_id: UUID, fact_id: UUID) -> FactView | None:
    """Return one of a person's facts."""
    fact = Fact.objects.filter(person_id=person_id, pk=fact_id).first()
    return fact_view(fact) if fact and fact.kind in KINDS else None


def find_first(*, person_id: UUID, kind: str) -> FactView | None:
    """Return a person's fact of that kind, the oldest of several."""
    fact = Fact.objects.filter(person_id=person_id, kind=kind).order_by("created_at", "pk").first()
    return fact_view(fact) if fact and fact.kind in KINDS else None


def list_consents(*, person_id: UUID) -> list[ConsentView]:
    """Return a person's consents with their history: those in force first, then by organisation."""
    history: dict[UUID, list[ConsentEventView]] = defaultdict(list)
    for event in ConsentEvent.objects.filter(person_id=person_id).defer("receipt").order_by("-at", "pk"):
        history[event.consent_id].append(ConsentEventView(id=event.pk, at=event.at, given=event.given))
    rows = Consent.objects.filter(person_id=person_id).order_by("-given", "organisation_name", "kind", "pk")
    return [
        ConsentView(
            id=row.pk,
            organisation_id=row.organisation_id,
            organisation_name=row.organisation_name,
            title=_title(row.kind),
            purpose_words=row.purpose_words,
            given=row.given,
            changed_at=row.changed_at,
            history=tuple(history[row.pk]),
        )
        for row in rows
    ]


def is_given(*, person_id: UUID, organisation_id: int, purpose: str, kind: str) -> bool:
    """Tell whether a person has agreed, as it stands now."""
    return Consent.objects.filter(
        person_id=person_id, organisation_id=organisation_id, purpose=purpose, kind=kind, given=True
    ).exists()


def find_receipt(*, person_id: UUID, event_id: UUID) -> dict[str, Any] | None:
    """Return a receipt exactly as it was issued, however old."""
    event = ConsentEvent.objects.filter(person_id=person_id, pk=event_id).first()
    receipt: dict[str, Any] | None = event.receipt if event else None
    return receipt


def list_handovers(*, person_id: UUID) -> list[HandoverView]:
    """Return what organisations received from a person's vault, newest first."""
    rows = Handover.objects.filter(person_id=person_id).select_related("consent").order_by("-at", "-pk")
    return [
        HandoverView(
            organisation_id=row.consent.organisation_id,
            organisation_name=row.consent.organisation_name,
            title=_title(row.consent.kind),
            purpose_words=row.consent.purpose_words,
            at=row.at,
            case_reference=row.case_reference,
        )
        for row in rows
    ]


def find_stop(*, person_id: UUID) -> SharingStop | None:
    """Return the stop in force, if there is one."""
    return SharingStop.objects.filter(person_id=person_id, lifted_at=None).first()


def _title(kind: str) -> str:
    return KINDS[kind].title if kind in KINDS else kind
