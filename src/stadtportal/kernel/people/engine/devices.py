"""The browser somebody signs in with: recognised by a random cookie that only the account pages receive."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

from django.conf import settings

from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

COOKIE: Final = "geraet"
#: The cookie goes to these pages only, so that it cannot follow anybody through the portal.
COOKIE_PATH: Final = "/konto/"
COOKIE_AGE_S: Final = 365 * 24 * 60 * 60
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def device_token(request: HttpRequest) -> str:
    """Return what the browser's cookie holds; nothing where there is none or it is not one of ours."""
    held = request.COOKIES.get(COOKIE, "")
    return held if _TOKEN.fullmatch(held) else ""


def new_token() -> str:
    """Return a token for a browser that has none: 256 random bits."""
    return secrets.token_urlsafe(32)


def device_mark(person_id: UUID | None, token: str) -> str:
    """Return under which mark this browser is kept for this person; unlike for everybody else."""
    return trust.fingerprint(f"{person_id}/{token}", purpose="known device")


def keep_token(answer: HttpResponseBase, token: str) -> None:
    """Give the browser its token for another year."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE_S,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
