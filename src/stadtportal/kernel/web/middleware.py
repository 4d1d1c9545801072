"""Headers that protect every page, and refusals turned into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.middleware.security import SecurityMiddleware

from stadtportal.kernel.contracts import RuleBroken
from stadtportal.kernel.web.engine.errors import refusal, unavailable
from stadtportal.kernel.web.engine.policy import content_security_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


class SecurityHeadersMiddleware(SecurityMiddleware):
    """Django's own headers (HSTS, nosniff, referrer, opener, https) and with them the policies of the portal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.policy = content_security_policy(getattr(settings, "MAP_STYLE_URL", ""))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the headers; a page that sets one of them itself keeps its own."""
        super().process_response(request, response)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", self.policy)
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(self), microphone=(), payment=(), usb=()")
        headers.setdefault("X-Frame-Options", "DENY")
        # Decided by the cookie, not by the account: this must work while the database is away.
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            headers.setdefault("Cache-Control", "private, no-store")
        elif headers.get("Content-Type", "").startswith("text/html"):
            headers.setdefault("Cache-Control", "private, no-cache")
        return response


class RuleBrokenMiddleware:
    """Turn a refusal into a page with its sentence, and a database that is away into a calm page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, unless its path holds what no database can; see :meth:`process_exception` too."""
        if "\0" in request.path_info:
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer what a view raised, if it is ours to answer."""
        if isinstance(fault, RuleBroken):
            return refusal(request, fault)
        if isinstance(fault, (OperationalError, InterfaceError)):
            return unavailable(request, fault)
        return None
