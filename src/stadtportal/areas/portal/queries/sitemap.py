"""The sitemap: every entry and the portal's own pages, in parts that each stay within what search engines read."""

from __future__ import annotations

from stadtportal.areas.portal.queries.known import get_known
from stadtportal.kernel.search import api as search

#: The most addresses a sitemap file may hold (sitemaps.org).
PART = 50_000
OWN_PAGES = ("/", "/suche/", "/barrierefreiheit/", "/datenschutz/", "/impressum/", "/quellen/", "/ranking/")


def list_own_pages() -> list[str]:
    """Return the portal's own pages, those of the districts included."""
    return [*OWN_PAGES, *(f"/bezirk/{slug}/" for slug in get_known().districts)]


def list_part(after: int) -> list[str]:
    """Return the addresses of the part that begins behind entry number ``after``."""
    return [url for _, url in search.list_addresses(after=after, limit=PART)]


def list_parts() -> list[int]:
    """Return behind which entry number each part begins."""
    return [0, *search.list_part_ends(size=PART)]
