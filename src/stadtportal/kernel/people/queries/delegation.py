"""Reads about delegations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db.models import Q

from stadtportal.kernel.contracts import Mandate
from stadtportal.kernel.people.models import Delegation, Person, Represented
from stadtportal.kernel.people.rules import delegation as rules
from stadtportal.kernel.people.rules.delegation import Held, Kind, Scope, State

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

_NAMES = ("principal", "agent", "granted_under", "granted_under__agent")


def live(now: datetime) -> Q:
    """Return the condition under which a delegation lets its agent act at this moment."""
    above = Q(granted_under=None) | Q(granted_under__ended_at=None, granted_under__expires_at__gt=now)
    return above & Q(
        principal_accepted_at__isnull=False,
        agent_accepted_at__isnull=False,
        ended_at=None,
        starts_at__lte=now,
        expires_at__gt=now,
        principal__is_active=True,
    )


def find_mandate(*, delegation_id: int, agent: Person, now: datetime) -> Mandate | None:
    """Return by what right ``agent`` acts at this moment, if by any; one query."""
    row = Delegation.objects.filter(live(now), pk=delegation_id, agent=agent).select_related("principal").first()
    if row is None:
        return None
    kind = Kind(row.kind)
    return Mandate(
        delegation_id=row.pk,
        principal_id=row.principal_id,
        principal_name=row.principal.get_full_name(),
        agent_id=agent.pk,
        agent_name=agent.get_full_name(),
        title=f"{rules.TITLE[kind]} Nr. {row.pk}",
        basis=rules.BASIS[kind],
        level=rules.LEVEL[kind],
        areas=frozenset(row.areas),
        may_act=row.may_act,
    )


def as_held(row: Delegation, *, now: datetime) -> Held:
    """Return a row as the rules see it."""
    return Held(
        kind=Kind(row.kind),
        scope=Scope(frozenset(row.areas), row.may_act),
        expires_at=row.expires_at,
        state=state_of(row, now=now),
        passed_on=row.granted_under_id is not None,
    )


def state_of(row: Delegation, *, now: datetime) -> State:
    """Return how things stand with a delegation."""
    return rules.state_of(
        both_agreed=row.principal_accepted_at is not None and row.agent_accepted_at is not None,
        checking=row.principal_accepted_at is None,
        ended=row.ended_at is not None,
        expires_at=row.expires_at,
        proposed_at=row.proposed_at,
        now=now,
    )


def list_emails(person_id: UUID) -> list[str]:
    """Return the confirmed addresses of a person: invitations to these are theirs."""
    return list(EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True))


def list_held(person_id: UUID) -> list[Delegation]:
    """Return the delegations by which a person acts or acted for others, newest first."""
    return list(Delegation.objects.filter(agent_id=person_id).select_related(*_NAMES).order_by("-pk"))


def list_given(person_id: UUID) -> list[Delegation]:
    """Return the delegations a person gave or speaks for: as principal, parent or representative; newest first."""
    own = Q(principal_id=person_id) | Q(granted_under__agent_id=person_id)
    shared = Q(kind=Kind.CHILD.value, proposed_by_id=person_id) & ~Q(agent_id=person_id)
    return list(Delegation.objects.filter(own | shared).select_related(*_NAMES).order_by("-pk"))


def list_invitations(person_id: UUID, *, now: datetime) -> list[Delegation]:
    """Return the open invitations to a person's confirmed addresses, newest first."""
    return list(
        open_invitations(now).filter(invited_email__in=list_emails(person_id)).select_related(*_NAMES).order_by("-pk")
    )


def open_invitations(now: datetime) -> QuerySet[Delegation]:
    """Return the invitations that can still be accepted."""
    return Delegation.objects.filter(
        agent=None, ended_at=None, expires_at__gt=now, proposed_at__gt=now - timedelta(days=rules.INVITATION_DAYS)
    )


def list_requests(*, now: datetime, delegation_id: int | None = None) -> list[Delegation]:
    """Return what waits for the city's check, oldest first; with a number, only that one if it does."""
    waiting = Delegation.objects.filter(principal_accepted_at=None, ended_at=None, expires_at__gt=now)
    if delegation_id is not None:
        waiting = waiting.filter(pk=delegation_id)
    return list(waiting.select_related("principal__represented", "agent").order_by("pk"))


def count_custodians(principal_id: UUID, *, now: datetime) -> int:
    """Count who has custody of a child or is invited to share it."""
    invited = open_invitations(now).filter(principal_id=principal_id)
    return Delegation.objects.filter(live(now), principal_id=principal_id).count() + invited.count()


def count_held(person_id: UUID) -> int:
    """Count the delegations of a person that have not ended and were asked for by that person."""
    return Delegation.objects.filter(proposed_by_id=person_id, agent_id=person_id, ended_at=None).count()


def find_birth_date(person_id: UUID) -> date | None:
    """Return the birth date that was stated for somebody who does not sign in."""
    return Represented.objects.filter(person_id=person_id).values_list("birth_date", flat=True).first()


def list_agent_emails(principal_id: UUID, *, now: datetime) -> list[str]:
    """Return the addresses of those who may see everything of somebody who does not sign in."""
    rows = Delegation.objects.filter(live(now), principal_id=principal_id, areas=[], agent__is_active=True)
    return list(rows.order_by("pk").values_list("agent__email", flat=True))
