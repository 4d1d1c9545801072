"""Says who is acting."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.authentication import get_authentication_records
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from stadtportal.kernel.contracts import VISITOR, Actor
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.people.queries import get_actor
from stadtportal.kernel.people.queries.assurance import was_checked_at_counter
from stadtportal.kernel.people.rules.assurance import level_of_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


class ActorMiddleware:
    """Sets ``request.actor``. Nobody's reading it, or no session cookie with the request, costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with ``request.actor`` set."""
        request.actor = _lazily(request)  # type: ignore[attr-defined]  # Django's request has no such field to declare.
        return self.get_response(request)


def _lazily(request: HttpRequest) -> Actor:
    """Return an actor that is looked up on first use; signing in during the request is seen until then."""
    return cast("Actor", SimpleLazyObject(lambda: _actor(request)))


def _actor(request: HttpRequest) -> Actor:
    person = request.user
    if not isinstance(person, Person):
        return VISITOR
    level = level_of_sign_in(
        get_authentication_records(request, person),
        checked_at_counter=lambda: was_checked_at_counter(person.pk),
        now=timezone.now(),
    )
    return get_actor(person, level=level)
