"""What Django's templates get for the frame of every page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from stadtportal.kernel.contracts import Actor, Link, registry
from stadtportal.kernel.web.engine.access import actor_of, sign_in_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

FOOTER = (
    (gettext_lazy("Barrierefreiheit"), "/barrierefreiheit/"),
    (gettext_lazy("Datenschutz"), "/datenschutz/"),
    (gettext_lazy("Impressum"), "/impressum/"),
    (gettext_lazy("Quellen und Lizenzen"), "/quellen/"),
)


@dataclass(frozen=True, slots=True)
class FrameLink:
    """One link of the frame; ``current`` marks the part of the portal that the page belongs to."""

    title: str | _StrPromise
    url: str
    icon: str = ""
    current: bool = False


@cache
def is_page(path: str) -> bool:
    """Tell whether a path leads to a page of this installation; which areas it has does not change while it runs."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@cache
def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


class Frame:
    """The frame of one page. Everything is worked out only when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor:
        """Who is looking at the page."""
        return actor_of(self._request)

    @cached_property
    def city(self) -> str:
        """The city's name."""
        return str(getattr(settings, "CITY_TITLE", "") or settings.PORTAL_CITY.title())

    @cached_property
    def is_front_page(self) -> bool:
        """The front page has its own, larger search box."""
        return self._request.path == "/"

    @cached_property
    def navigation(self) -> list[FrameLink]:
        """The main navigation, in the order in which areas were added."""
        links = (link for area in registry.areas() for link in area.navigation)
        return list(self._shown(links))

    def _shown(self, links: Iterator[Link]) -> Iterator[FrameLink]:
        path = self._request.path
        for link in links:
            address = _address(link.url_name)
            if address and (not link.roles or any(self.actor.has_role(role) for role in link.roles)):
                current = path == address or (address != "/" and path.startswith(address))
                yield FrameLink(link.title, address, link.icon, current)

    @cached_property
    def footer(self) -> list[FrameLink]:
        """The pages about the portal itself that this installation has."""
        return [FrameLink(title, path) for title, path in FOOTER if is_page(path)]

    @cached_property
    def search_url(self) -> str:
        """The search page, if there is one."""
        return "/suche/" if is_page("/suche/") else ""

    @cached_property
    def suggest_url(self) -> str:
        """Where search fields ask for suggestions, if anybody answers."""
        return "/api/v1/suggest/" if is_page("/api/v1/suggest/") else ""

    @cached_property
    def mine_url(self) -> str:
        """The account's front page, if there is one."""
        return "/mein/" if is_page("/mein/") else ""

    @cached_property
    def workplace_url(self) -> str:
        """The workplace, for those who work here."""
        return "/arbeitsplatz/" if self.actor.is_staff and is_page("/arbeitsplatz/") else ""

    @cached_property
    def map_style_url(self) -> str:
        """The operator's own base map, if there is one."""
        return str(getattr(settings, "MAP_STYLE_URL", ""))

    @cached_property
    def sign_in_url(self) -> str:
        """The sign-in page, leading back here."""
        return sign_in_url(self._request)

    @cached_property
    def banners(self) -> list[SafeString]:
        """What higher packages show above the header."""
        return self._slots("banner")

    @cached_property
    def account_notes(self) -> list[SafeString]:
        """What higher packages show beside *Mein Stuttgart*, such as the count of unread messages."""
        return self._slots("account")

    def _slots(self, place: str) -> list[SafeString]:
        shown = []
        for slot in registry.frame_slots(place):
            context = slot.context(self.actor)
            if context is not None:
                # Made only where a form asks for it: the token sets a cookie.
                whole = {**context, "csrf_token": SimpleLazyObject(lambda: get_token(self._request))}
                shown.append(mark_safe(render_to_string(slot.template, whole)))  # noqa: S308 -- a rendered template.
        return shown


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``frame`` (see :class:`Frame`) and ``actor``."""
    return {"frame": Frame(request), "actor": actor_of(request)}
