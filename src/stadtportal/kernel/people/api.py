"""The door to people: who somebody is and what they may do."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import login
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import VISITOR, Actor, Grant, NotAllowed, NotFound, Role
from stadtportal.kernel.people import actions, queries
from stadtportal.kernel.people.actions import answering
from stadtportal.kernel.people.actions.answering import accept, confirm, decline, end, refuse, revoke
from stadtportal.kernel.people.actions.proposing import (
    add_child,
    invite,
    known_areas,
    oneself,
    pass_on,
    request_care,
    request_organisation,
    share_child,
)
from stadtportal.kernel.people.models import Delegation, Person
from stadtportal.kernel.people.queries import delegation as found
from stadtportal.kernel.people.queries.assurance import list_surest
from stadtportal.kernel.people.rules import AddressTaken
from stadtportal.kernel.people.rules import delegation as rules
from stadtportal.kernel.people.rules.assurance import LEVEL_TITLES, Confirmed
from stadtportal.kernel.people.rules.delegation import DelegationRefused, Kind, Scope, State, age_on
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import sign_in_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = [
    "LEVEL_TITLES",
    "AddressTaken",
    "Confirmed",
    "DelegationRefused",
    "DelegationView",
    "Delegations",
    "Kind",
    "PersonView",
    "RequestView",
    "Scope",
    "State",
    "accept",
    "act_for",
    "actor_for",
    "add_child",
    "age_on",
    "confirm",
    "create_person",
    "decline",
    "end",
    "find_birth_date",
    "find_person",
    "get_held",
    "get_person",
    "get_request",
    "grant_role",
    "invite",
    "known_areas",
    "list_delegations",
    "list_grants",
    "list_people",
    "list_requests",
    "list_staff",
    "list_surest",
    "pass_on",
    "refuse",
    "request_care",
    "request_organisation",
    "require_fresh_sign_in",
    "revoke",
    "share_child",
    "sign_in_example",
    "stop_acting",
    "withdraw_role",
]

P = ParamSpec("P")
#: What cannot be taken back needs a sign-in, or a confirmation of it, not older than this.
FRESH_S: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody with an account, as other packages see them."""

    id: UUID
    email: str
    given_name: str
    family_name: str
    name: str
    is_active: bool = True
    example: bool = False


def _view(person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        email=person.email or "",
        given_name=person.given_name,
        family_name=person.family_name,
        name=person.get_full_name(),
        is_active=person.is_active,
        example=person.example,
    )


def get_person(person_id: UUID) -> PersonView:
    """Return one person. Raises ``NotFound``."""
    person = queries.find_person(person_id=person_id)
    if person is None:
        raise NotFound(_("Diese Person gibt es nicht."))
    return _view(person)


def find_person(email: str) -> PersonView | None:
    """Return the person with that address, however it is capitalised, or ``None``."""
    person = queries.find_person_by_email(email)
    return _view(person) if person else None


def list_people(person_ids: Iterable[UUID]) -> tuple[PersonView, ...]:
    """Return those people that exist, by family name; one query."""
    return tuple(_view(person) for person in queries.list_people(frozenset(person_ids)))


def list_staff(organisation_id: int) -> list[UUID]:
    """Return who works for an organisation."""
    return queries.list_staff(organisation_id)


def create_person(
    *,
    email: str,
    given_name: str,
    family_name: str,
    password: str | None = None,
    email_verified: bool = False,
    example: bool = False,
) -> PersonView:
    """Open an account; see :func:`stadtportal.kernel.people.actions.create_person`. Raises ``AddressTaken``."""
    return _view(
        actions.create_person(
            email=email,
            given_name=given_name,
            family_name=family_name,
            password=password,
            email_verified=email_verified,
            example=example,
        )
    )


def grant_role(*, person_id: UUID, role: Role, organisation_id: int | None = None) -> None:
    """Give a role, for one organisation or the whole portal; giving it again changes nothing."""
    actions.grant_role(person_id=person_id, role=role, organisation_id=organisation_id)


def withdraw_role(*, person_id: UUID, role: Role, organisation_id: int | None = None) -> bool:
    """Take a role away. Returns whether the person held it."""
    return actions.withdraw_role(person_id=person_id, role=role, organisation_id=organisation_id)


def list_grants(person_id: UUID) -> frozenset[Grant]:
    """Return the roles of one person."""
    return queries.list_grants(person_id)


def actor_for(person_id: UUID) -> Actor:
    """Return the person as somebody acting; ``VISITOR`` for nobody, a closed account or who does not sign in."""
    person = queries.find_person(person_id=person_id)
    return queries.get_actor(person) if person and person.is_active and person.email else VISITOR


def sign_in_example(request: HttpRequest, *, person_id: UUID) -> None:
    """Sign in an example person without asking for anything. Raises ``NotAllowed`` for everybody else."""
    person = queries.find_person(person_id=person_id)
    if person is None or not person.example or not person.is_active or not person.email:
        raise NotAllowed(_("So melden sich nur Beispielpersonen an."))
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person, method="example")
    user_logged_in.send(sender=Person, request=request, user=person)


@dataclass(frozen=True, slots=True)
class DelegationView:
    """One delegation as its two sides see it.

    ``agent_name`` is the invited address until somebody accepts. ``areas`` are slugs, empty for all; ``last_day`` is
    the last day on which it holds.
    """

    id: int
    kind: Kind
    title: str
    principal_id: UUID
    principal_name: str
    agent_name: str
    proposed_by_me: bool
    areas: tuple[str, ...]
    may_act: bool
    starts_at: datetime
    last_day: date
    answer_until: date
    state: State
    can_end: bool
    can_pass_on: bool
    can_share: bool


@dataclass(frozen=True, slots=True)
class Delegations:
    """What somebody finds about delegations: by which they act, which they gave, and which wait for their answer."""

    held: tuple[DelegationView, ...]
    given: tuple[DelegationView, ...]
    invitations: tuple[DelegationView, ...]


@dataclass(frozen=True, slots=True)
class RequestView:
    """One delegation that waits for the city's check, as the case worker sees it."""

    id: int
    title: str
    principal_name: str
    birth_date: date | None
    register_entry: str
    agent_name: str
    asked_at: datetime
    own: bool


def _delegation(row: Delegation, *, person_id: UUID, now: datetime) -> DelegationView:
    kind, state = Kind(row.kind), found.state_of(row, now=now)
    above = row.granted_under
    party = person_id in {row.agent_id, row.principal_id, above.agent_id if above else None} or (
        row.agent_id is None and row.proposed_by_id == person_id
    )
    holds = state is State.ACTIVE and row.agent_id == person_id
    return DelegationView(
        id=row.pk,
        kind=kind,
        title=rules.TITLE[kind],
        principal_id=row.principal_id,
        principal_name=row.principal.get_full_name(),
        agent_name=row.agent.get_full_name() if row.agent else row.invited_email,
        proposed_by_me=row.proposed_by_id == person_id,
        areas=tuple(row.areas),
        may_act=row.may_act,
        starts_at=row.starts_at,
        last_day=rules.last_day_of(row.expires_at),
        answer_until=rules.last_day_of(rules.invitation_ends(row.proposed_at)),
        state=state,
        can_end=party and state in {State.ACTIVE, State.INVITED, State.CHECKING},
        can_pass_on=holds and kind is Kind.ORGANISATION and above is None,
        can_share=holds and kind is Kind.CHILD,
    )


def list_delegations(*, actor: Actor, now: datetime) -> Delegations:
    """Return all that concerns the person who is signed in. Raises ``NotAllowed`` while acting for somebody else."""
    person_id = oneself(actor)

    def seen(rows: list[Delegation]) -> tuple[DelegationView, ...]:
        return tuple(_delegation(row, person_id=person_id, now=now) for row in rows)

    return Delegations(
        held=seen(found.list_held(person_id)),
        given=seen(found.list_given(person_id)),
        invitations=seen(found.list_invitations(person_id, now=now)),
    )


def get_held(*, actor: Actor, delegation_id: int, now: datetime) -> DelegationView:
    """Return one delegation by which the person who is signed in may act at this moment. Raises ``NotFound``."""
    for one in list_delegations(actor=actor, now=now).held:
        if one.id == delegation_id and one.state is State.ACTIVE:
            return one
    raise rules.not_found()


def get_request(*, actor: Actor, delegation_id: int, now: datetime) -> RequestView:
    """Return one delegation that waits for the city's check. Raises ``NotFound``; both people get an access event."""
    for one in list_requests(actor=actor, now=now, delegation_id=delegation_id):
        return one
    raise rules.not_found()


def list_requests(*, actor: Actor, now: datetime, delegation_id: int | None = None) -> tuple[RequestView, ...]:
    """Return what waits for the city's check, oldest first; everybody named gets an access event."""
    person_id = oneself(actor)
    if not actor.has_role(Role.CASE_WORKER):
        raise NotAllowed(_("Vertretungen bestätigt die Sachbearbeitung."))
    with trust.reading(
        actor=actor,
        purpose=answering.CHECKING,
        legal_basis=answering.CHECKING_BASIS,
        fields=answering.CHECKED_FIELDS,
    ) as opened:
        rows = found.list_requests(now=now, delegation_id=delegation_id)
        for row in rows:
            opened.saw(row.principal_id)
            if row.agent_id is not None:
                opened.saw(row.agent_id)
    return tuple(
        RequestView(
            id=row.pk,
            title=rules.TITLE[Kind(row.kind)],
            principal_name=row.principal.get_full_name(),
            birth_date=row.principal.represented.birth_date,
            register_entry=row.principal.represented.register_entry,
            agent_name=row.agent.get_full_name() if row.agent else "",
            asked_at=row.proposed_at,
            own=row.agent_id == person_id,
        )
        for row in rows
    )


def find_birth_date(person_id: UUID) -> date | None:
    """Return the birth date stated for somebody who does not sign in; ``None`` for everybody else."""
    return found.find_birth_date(person_id)


def act_for(request: HttpRequest, *, actor: Actor, delegation_id: int, now: datetime) -> DelegationView:
    """Act by a delegation from the next page on, in this session. Raises ``NotFound`` for one that does not hold.

    Forms opened before are refused from now on: nothing is sent in another name than it was filled in.
    """
    held = get_held(actor=actor, delegation_id=delegation_id, now=now)
    request.session[rules.ACTING] = held.id
    rotate_token(request)
    return held


def stop_acting(request: HttpRequest) -> bool:
    """Act for oneself again from the next page on; return whether somebody was acting for another."""
    if request.session.pop(rules.ACTING, None) is None:
        return False
    rotate_token(request)
    return True


def require_fresh_sign_in(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people through who signed in or confirmed it within :data:`FRESH_S`; put it below ``require_sign_in``.

    Who has a password, a passkey or an app confirms with it and comes back to the same page. Who signs in by code has
    nothing to confirm with, and is asked to sign in anew.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        account = request.user if isinstance(request.user, Person) else None
        records = get_authentication_records(request, account)
        if any(0 <= time.time() - record["at"] < FRESH_S for record in records):
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            return redirect(request.path)
        if account is not None and get_reauthentication_flows(account):
            raise ReauthenticationRequired
        return render(request, "people/fresh.html", {"again": sign_in_url(request)}, status=403)

    return guarded
