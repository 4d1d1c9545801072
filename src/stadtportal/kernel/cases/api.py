"""The door to cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.module_loading import import_string

from stadtportal.kernel.cases import queries
from stadtportal.kernel.cases.actions import move_case, open_case
from stadtportal.kernel.cases.models import Case
from stadtportal.kernel.cases.rules import normal_reference
from stadtportal.kernel.contracts import (
    Actor,
    CalendarEvent,
    CaseKind,
    CasePanel,
    NotFound,
    Status,
    registry,
)
from stadtportal.kernel.trust import api as trust

__all__ = [
    "CaseEventView",
    "CaseView",
    "Received",
    "count_cases",
    "get_case",
    "get_panel",
    "list_calendar",
    "list_case_events",
    "list_cases",
    "list_received",
    "move_case",
    "normal_reference",
    "open_case",
]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as its person sees it. Times are UTC; ``agent_name`` is who opened it for them, if somebody did."""

    reference: str
    area: str
    area_title: str
    kind: CaseKind
    title: str
    status: Status
    next_step: str
    next_at: datetime | None
    undo_until_at: datetime | None
    opened_at: datetime
    updated_at: datetime
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class CaseEventView:
    """One dated line of a case's history."""

    at: datetime
    sentence: str
    status: Status
    actor_name: str


@dataclass(frozen=True, slots=True)
class Received:
    """What one organisation received about a person by one of the person's cases: kinds of data, not their values."""

    organisation_id: int
    organisation_name: str
    what: tuple[str, ...]
    purpose: str
    at: datetime
    case_reference: str


def list_cases(*, actor: Actor, final: bool | None = None, limit: int = 20, offset: int = 0) -> list[CaseView]:
    """Return the actor's own cases: open ones first, last changed first."""
    if actor.person_id is None:
        return []
    with trust.own(actor):
        return [
            _view(case)
            for case in queries.list_cases(
                person_id=actor.person_id, final=final, areas=actor.areas, limit=limit, offset=offset
            )
            if _installed(case)
        ]


def count_cases(person_id: UUID, *, final: bool | None = None, areas: frozenset[str] = frozenset()) -> int:
    """Count a person's cases; empty ``areas`` count them in all areas."""
    return queries.count_cases(person_id=person_id, final=final, areas=areas)


def get_case(*, actor: Actor, reference: str) -> CaseView:
    """Return one of the actor's own cases. Raises ``NotFound`` for any other reference."""
    return _view(_own_case(actor, reference))


def list_case_events(*, actor: Actor, reference: str) -> list[CaseEventView]:
    """Return the history of one of the actor's own cases. Raises ``NotFound`` for any other reference."""
    case = _own_case(actor, reference)
    kind = registry.case_kind(case.area, case.kind)
    return [
        CaseEventView(
            at=event.at,
            sentence=event.sentence,
            status=kind.status(event.status),
            actor_name=event.actor_name,
        )
        for event in queries.list_case_events(case=case)
    ]


def get_panel(*, actor: Actor, case: CaseView, now: datetime) -> CasePanel:
    """Return what the area adds to the page of one of the actor's own cases."""
    if not case.kind.panel:
        return CasePanel()
    panel: Callable[..., CasePanel] = import_string(case.kind.panel)
    with trust.own(actor):
        return panel(reference=case.reference, now=now)


def list_calendar(*, actor: Actor, now: datetime) -> list[CalendarEvent]:
    """Return the dates of the actor's own cases over all areas, in order."""
    if actor.person_id is None:
        return []
    events: list[CalendarEvent] = []
    with trust.own(actor):
        for area in registry.areas():
            if not actor.covers(area.slug):
                continue
            for kind in area.case_kinds:
                if kind.calendar:
                    calendar: Callable[..., Sequence[CalendarEvent]] = import_string(kind.calendar)
                    events.extend(calendar(person_id=actor.person_id, now=now))
    return sorted(events, key=lambda event: (event.starts_at, event.uid))


def list_received(*, actor: Actor) -> list[Received]:
    """Return what organisations received by the actor's own cases over all areas, newest first."""
    if actor.person_id is None:
        return []
    received: list[Received] = []
    with trust.own(actor):
        for area in registry.areas():
            if not actor.covers(area.slug):
                continue
            for kind in area.case_kinds:
                if kind.received:
                    look_up: Callable[..., Sequence[Received]] = import_string(kind.received)
                    received.extend(look_up(person_id=actor.person_id))
    return sorted(received, key=lambda one: (one.at, one.case_reference), reverse=True)


def _own_case(actor: Actor, reference: str) -> Case:
    normal = normal_reference(reference)
    if normal is not None and actor.person_id is not None:
        with trust.own(actor):
            case = queries.find_case(person_id=actor.person_id, reference=normal)
        if case is not None and _installed(case) and actor.covers(case.area):
            return case
    sentence = "Diesen Vorgang gibt es nicht, oder er gehört zu einem anderen Konto."
    raise NotFound(sentence)


def _installed(case: Case) -> bool:
    """Tell whether the case's area is loaded; switching an area off hides its cases, it does not break pages."""
    try:
        registry.case_kind(case.area, case.kind)
    except KeyError:
        return False
    return True


def _view(case: Case) -> CaseView:
    kind = registry.case_kind(case.area, case.kind)
    return CaseView(
        reference=case.reference,
        area=case.area,
        area_title=registry.area(case.area).title,
        kind=kind,
        title=case.title,
        status=kind.status(case.status),
        next_step=case.next_step,
        next_at=case.next_at,
        undo_until_at=case.undo_until_at,
        opened_at=case.opened_at,
        updated_at=case.updated_at,
        agent_name=case.agent_name,
    )
