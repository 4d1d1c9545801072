"""Who is asking, and the way to the sign-in page and back."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Final, Protocol, cast

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from stadtportal.kernel.contracts import VISITOR, Actor

if TYPE_CHECKING:
    from django.http import HttpRequest


_WRITTEN_BY_PROXIES: Final = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


class _WithActor(Protocol):
    actor: Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return who is acting; a visitor when nobody has signed in."""
    return cast("_WithActor", request).actor if hasattr(request, "actor") else VISITOR


def visitor_address(request: HttpRequest) -> str:
    """Return the network address a request comes from: behind trusted proxies, what the outermost of them wrote."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    proxies: int = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    if proxies < 1:
        return direct
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    # Whatever stands further left was written by whoever asks.
    return (forwarded[-proxies].strip() if len(forwarded) >= proxies else "") or direct


def is_this_machine(request: HttpRequest) -> bool:
    """Tell whether a program on this machine asks, with no proxy in between that could hide everybody.

    Under a public name that cannot be told, because the proxy stands on this machine as a rule.
    """
    behind_proxy: int = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    if behind_proxy or any(name in request.headers for name in _WRITTEN_BY_PROXIES):
        return False
    address = network_address(request.META.get("REMOTE_ADDR", ""))
    return address is not None and address.is_loopback


def network_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; an IPv4 address in IPv6 dress is an IPv4 address. ``None`` for anything else."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def sign_in_url(request: HttpRequest, *, back_to: str = "") -> str:
    """Return the sign-in page's address, leading back to ``back_to`` (a path) or to the present page."""
    target = back_to or (request.get_full_path() if request.method in {"GET", "HEAD"} else request.path)
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"


def to_second_step(request: HttpRequest) -> HttpResponse:
    """Send staff to set up a second step; htmx is told to load the whole page."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    target = f"{resolve_url(settings.SECOND_STEP_URL)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to sign in; htmx is told to load the whole page."""
    target = sign_in_url(request)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
