"""The door to people: who somebody is and what they may do."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import VISITOR, Actor, Grant, NotAllowed, NotFound, Role
from stadtportal.kernel.people import actions, queries
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.people.rules import AddressTaken
from stadtportal.kernel.web.api import sign_in_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = [
    "AddressTaken",
    "PersonView",
    "actor_for",
    "create_person",
    "find_person",
    "get_person",
    "grant_role",
    "list_grants",
    "list_people",
    "list_staff",
    "require_fresh_sign_in",
    "sign_in_example",
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
        email=person.email,
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
    """Return the person as somebody acting; ``VISITOR`` for nobody or a closed account."""
    person = queries.find_person(person_id=person_id)
    return queries.get_actor(person) if person and person.is_active else VISITOR


def sign_in_example(request: HttpRequest, *, person_id: UUID) -> None:
    """Sign in an example person without asking for anything. Raises ``NotAllowed`` for everybody else."""
    person = queries.find_person(person_id=person_id)
    if person is None or not person.example or not person.is_active:
        raise NotAllowed(_("So melden sich nur Beispielpersonen an."))
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person, method="example")
    user_logged_in.send(sender=Person, request=request, user=person)


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
