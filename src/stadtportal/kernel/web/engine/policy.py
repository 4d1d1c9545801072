"""What browsers may load, and where forms may be sent: the content security policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpResponse

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def content_security_policy(map_style_url: str, *, form_target: str = "") -> str:
    """Return the policy; an operator's own map server may be asked for its tiles and nothing else.

    ``form_target`` is the address of one other place to which forms of the page may be sent.
    """
    policy = dict(_POLICY)
    if origin := _origin(map_style_url):
        policy["connect-src"] += f" {origin}"
        policy["img-src"] += f" {origin}"
    if origin := _origin(form_target):
        policy["form-action"] += f" {origin}"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def let_form_go_to(response: HttpResponse, url: str) -> HttpResponse:
    """Allow the forms of this one page to be sent to the origin of ``url`` too."""
    map_style_url = getattr(settings, "MAP_STYLE_URL", "")
    response.headers["Content-Security-Policy"] = content_security_policy(map_style_url, form_target=url)
    return response
