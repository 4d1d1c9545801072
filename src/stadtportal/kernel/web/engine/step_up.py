"""Asking for a higher level of assurance and coming back to the same place with everything kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from stadtportal.kernel.contracts import AssuranceLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

_SESSION_KEY: Final = "step_up"
# So many tabs may ask at the same time; the oldest is forgotten.
_KEPT: Final = 5
# A form of more than this is not kept; nobody types that much into one page.
_MOST_CHARACTERS: Final = 64 * 1024
_NOT_KEPT: Final = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True, slots=True)
class StepUp:
    """What somebody was about to do when a higher level was needed.

    ``path`` leads back; ``fields`` are the fields of the form that was being sent, in order, and empty for a page.
    ``complete`` says whether all of the form could be kept: files cannot.
    """

    token: str
    path: str
    level: AssuranceLevel
    reason: str
    fields: tuple[tuple[str, str], ...] = ()
    sent: bool = False
    complete: bool = True


def to_step_up(request: HttpRequest, *, level: AssuranceLevel, reason: str) -> HttpResponse:
    """Keep what is being done and lead to the page that explains how to raise the level; htmx loads it whole."""
    token = secrets.token_urlsafe(12)
    sent = request.method not in {"GET", "HEAD"}
    fields = [
        [name, value]
        for name, values in (request.POST.lists() if sent else ())
        if name not in _NOT_KEPT
        for value in values
    ]
    fits = sum(len(name) + len(value) for name, value in fields) <= _MOST_CHARACTERS
    kept: dict[str, Any] = {
        "path": request.path if sent else request.get_full_path(),
        "level": int(level),
        "reason": reason,
        "fields": fields if fits else [],
        "sent": sent,
        "complete": fits and not request.FILES,
    }
    others = list(_all(request).items())[-(_KEPT - 1) :]
    request.session[_SESSION_KEY] = {**dict(others), token: kept}
    target = f"{resolve_url(settings.STEP_UP_URL)}?{urlencode({'t': token})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def kept_step_up(request: HttpRequest, token: str) -> StepUp | None:
    """Return what was kept under that token in this session, if it still is."""
    kept = _all(request).get(token)
    if kept is None:
        return None
    return StepUp(
        token=token,
        path=kept["path"],
        level=AssuranceLevel(kept["level"]),
        reason=kept["reason"],
        fields=tuple((name, value) for name, value in kept["fields"]),
        sent=kept["sent"],
        complete=kept["complete"],
    )


def _all(request: HttpRequest) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = request.session.get(_SESSION_KEY, {})
    return kept
