"""Says who is acting, and keeps whoever acts for somebody else within what they may."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from stadtportal.kernel.contracts import VISITOR, Actor, NotAllowed, registry
from stadtportal.kernel.people.api import stop_acting
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.people.queries import get_actor
from stadtportal.kernel.people.queries.assurance import was_checked_at_counter
from stadtportal.kernel.people.queries.delegation import find_mandate
from stadtportal.kernel.people.rules import delegation as rules
from stadtportal.kernel.people.rules.assurance import level_of_sign_in
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import refusal, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

ENDED = "Die Vertretung ist beendet. Sie handeln wieder für sich selbst."


class ActorMiddleware:
    """Sets ``request.actor``. Nobody's reading it, or no session cookie with the request, costs no query.

    Whether somebody who acts for another may still do so is asked anew with every request: one query, and none for
    everybody else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with ``request.actor`` set."""
        request.actor = _lazily(request)  # type: ignore[attr-defined]  # Django's request has no such field to declare.
        with ExitStack() as until_answered:
            request.until_answered = until_answered  # type: ignore[attr-defined]  # as above.
            return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _arguments: tuple[Any, ...],
        _named: Mapping[str, Any],
    ) -> HttpResponse | None:
        """Refuse what a mandate is not for; a mandate that has ended is given up, and nothing is written by it."""
        matched = request.resolver_match
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or matched is None or matched.namespace == "web":
            return None
        try:
            if rules.ACTING in request.session:
                self._check(request, view_name=matched.view_name, module=view.__module__)
        except NotAllowed as fault:
            return refusal(request, fault)
        except (OperationalError, InterfaceError) as fault:
            return unavailable(request, fault)
        return None

    def _check(self, request: HttpRequest, *, view_name: str, module: str) -> None:
        mandate = cast("Actor", request.actor).mandate  # type: ignore[attr-defined]  # as above.
        if mandate is None:
            stop_acting(request)
            if request.method not in rules.SAFE_METHODS and view_name not in rules.STAYS_OPEN:
                raise rules.MandateEnded("Die Vertretung, in der Sie handeln wollten, ist beendet.")
            messages.warning(request, ENDED)
            return
        area, has_cases = _area_of(module)
        rules.check_request(
            name=mandate.principal_name,
            view_name=view_name,
            path=request.path,
            method=request.method or "",
            area=area,
            has_cases=has_cases,
            scope=rules.Scope(mandate.areas, mandate.may_act),
        )
        request.until_answered.enter_context(trust.acting(mandate))  # type: ignore[attr-defined]  # as above.


def _area_of(module: str) -> tuple[str, bool]:
    """Return the slug of the area whose view this is, and whether that area deals with people."""
    for area in registry.areas():
        for urls in area.mounts.values():
            package = urls.partition(".urls")[0]
            if module == package or module.startswith(f"{package}."):
                return area.slug, bool(area.case_kinds) and "" not in area.mounts
    return "", False


def _lazily(request: HttpRequest) -> Actor:
    """Return an actor that is looked up on first use; signing in during the request is seen until then."""
    return cast("Actor", SimpleLazyObject(lambda: _actor(request)))


def _actor(request: HttpRequest) -> Actor:
    person = request.user
    if not isinstance(person, Person) or not person.email:
        return VISITOR
    level = level_of_sign_in(
        get_authentication_records(request, person),
        checked_at_counter=lambda: was_checked_at_counter(person.pk),
        now=timezone.now(),
    )
    own = get_actor(person, level=level)
    number = request.session.get(rules.ACTING)
    mandate = find_mandate(delegation_id=number, agent=person, now=timezone.now()) if number else None
    if mandate is None:
        return own
    return replace(
        own,
        person_id=mandate.principal_id,
        shown_as=mandate.shown_as,
        level=min(own.level, mandate.level),
        grants=frozenset(),
        second_step_due=False,
        mandate=mandate,
    )
