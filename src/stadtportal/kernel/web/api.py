"""The door of the shared pages: who may come in, how often, and how values are written in German."""

from __future__ import annotations

import functools
import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import AssuranceLevel, NotAllowed, Role, RuleBroken
from stadtportal.kernel.web.actions import count_attempt
from stadtportal.kernel.web.engine.access import (
    actor_of,
    is_this_machine,
    network_address,
    sign_in_url,
    to_second_step,
    to_sign_in,
    visitor_address,
)
from stadtportal.kernel.web.engine.errors import refusal, unavailable
from stadtportal.kernel.web.engine.paging import count_pages, page_number, page_of
from stadtportal.kernel.web.engine.policy import let_form_go_to
from stadtportal.kernel.web.engine.step_up import StepUp, kept_step_up, to_step_up
from stadtportal.kernel.web.rules import (
    BERLIN,
    Occupancy,
    berlin_date,
    berlin_datetime,
    berlin_day,
    berlin_span,
    berlin_time,
    cents,
    json_for_page,
    number,
    occupancy,
    plural,
    price,
    relative_day,
    wait_in_words,
)

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

__all__ = [
    "BERLIN",
    "Occupancy",
    "StepUp",
    "TooManyRequests",
    "actor_of",
    "berlin_date",
    "berlin_datetime",
    "berlin_day",
    "berlin_span",
    "berlin_time",
    "cents",
    "count_pages",
    "is_this_machine",
    "json_for_page",
    "kept_step_up",
    "let_form_go_to",
    "network_address",
    "number",
    "occupancy",
    "page_number",
    "page_of",
    "plural",
    "price",
    "rate_limit",
    "rate_limited",
    "refusal",
    "relative_day",
    "require_level",
    "require_role",
    "require_second_step",
    "require_sign_in",
    "sign_in_url",
    "unavailable",
    "visitor_address",
]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], "HttpResponseBase"]


class TooManyRequests(RuleBroken):
    """Somebody tried something too often; ``retry_after`` is the wait in seconds."""

    status = 429

    def __init__(self, sentence: str, *, retry_after: int = 60, field: str = "") -> None:
        super().__init__(sentence, field=field)
        self.retry_after = retry_after


def require_sign_in(view: View[P]) -> View[P]:
    """Let only people through who have signed in; send everybody else to sign in and back to the same place."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if actor_of(request).signed_in:
            return view(request, *args, **kwargs)
        return to_sign_in(request)

    return guarded


def require_role(*roles: Role | str) -> Callable[[View[P]], View[P]]:
    """Let only people through who hold one of the roles. Raises ``NotAllowed`` for others who have signed in.

    The role counts here for any organisation; which one it must be is for the action to check. Staff need a passkey or
    an app for one-time codes; who has none is led to set one up, and back.
    """
    wanted = [Role(role) for role in roles]

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of(request)
            if not actor.signed_in:
                return to_sign_in(request)
            if not any(actor.has_role(role) for role in wanted):
                raise NotAllowed(
                    _("Diese Seite ist für Beschäftigte mit einer bestimmten Aufgabe da. Ihr Konto hat sie nicht."),
                )
            return to_second_step(request) if actor.second_step_due else view(request, *args, **kwargs)

        return guarded

    return decorate


def require_level(level: AssuranceLevel, *, reason: str | _StrPromise) -> Callable[[View[P]], View[P]]:
    """Let only people through who have signed in at ``level`` at least; ask everybody else to raise it.

    They read ``reason``, a sentence for people, and the ways to raise the level, and come back to the same place; a
    form they were sending is kept for them.
    """

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of(request)
            if not actor.signed_in:
                return to_sign_in(request)
            if actor.level < level:
                return to_step_up(request, level=level, reason=str(reason))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def require_second_step(view: View[P]) -> View[P]:
    """Send staff who have neither passkey nor app to set one up, and back to the same place; let others through."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return to_second_step(request) if actor_of(request).second_step_due else view(request, *args, **kwargs)

    return guarded


def rate_limit(who: HttpRequest | str, *, name: str, limit: int, per_seconds: int) -> None:
    """Count one attempt. Raises ``TooManyRequests`` when ``who`` made more than ``limit`` in ``per_seconds``.

    ``who`` is a request (counted by who is signed in, or by address before) or any text (an e-mail address). It is
    kept only as a keyed hash. Call it outside a transaction: a roll-back would forget the attempt.
    """
    if isinstance(who, HttpRequest):
        actor = actor_of(who)
        who = f"person:{actor.agent_id or actor.person_id}" if actor.signed_in else f"address:{visitor_address(who)}"
    secret = settings.SECRET_KEY.encode()
    key = hmac.new(secret, f"{name}\0{who}".encode(), hashlib.sha256).hexdigest()
    now = timezone.now()
    count = count_attempt(key=key, per_seconds=per_seconds, now=now)
    if count.hits > limit:
        wait = max(1, round((count.expires_at - now).total_seconds()))
        raise TooManyRequests(
            _("Das waren zu viele Versuche in kurzer Zeit. Bitte warten Sie %(wait)s und versuchen Sie es dann wieder.")
            % {"wait": wait_in_words(wait)},
            retry_after=wait,
        )


def rate_limited(
    *,
    name: str,
    limit: int,
    per_seconds: int,
    methods: frozenset[str] = frozenset({"POST"}),
) -> Callable[[View[P]], View[P]]:
    """Apply :func:`rate_limit` to a view, for the HTTP methods given."""

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def counted(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in methods:
                rate_limit(request, name=name, limit=limit, per_seconds=per_seconds)
            return view(request, *args, **kwargs)

        return counted

    return decorate
