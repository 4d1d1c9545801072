"""Says who is acting."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.functional import SimpleLazyObject

from stadtportal.kernel.contracts import VISITOR, Actor
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.people.queries import get_actor

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
    return get_actor(person) if isinstance(person, Person) else VISITOR
