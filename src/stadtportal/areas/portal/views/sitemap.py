"""The sitemap for search engines."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from stadtportal.areas.portal.queries import sitemap as queries

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
@cache_control(max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Name the parts of the sitemap; one that fits into a single part is given at once."""
    parts = queries.list_parts()
    if len(parts) == 1:
        return sitemap_part(request, after=0)
    addresses = (reverse("portal:sitemap_part", args=[after]) for after in parts)
    return _document(request, "sitemapindex", "sitemap", addresses)


@require_safe
@cache_control(max_age=3600)
def sitemap_part(request: HttpRequest, after: int) -> HttpResponse:
    """Give one part: the first one begins with the portal's own pages."""
    own = [] if after else queries.list_own_pages()
    return _document(request, "urlset", "url", [*own, *queries.list_part(after)])


def _document(request: HttpRequest, root: str, item: str, paths: Iterable[str]) -> HttpResponse:
    base = request.build_absolute_uri("/").rstrip("/")
    lines = [f"<{item}><loc>{escape(base + path)}</loc></{item}>" for path in paths]
    body = "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">', *lines, f"</{root}>", ""]
    )
    return HttpResponse(body, content_type="application/xml")
