"""The pages everybody sees: front page, search, districts, and what the portal says about itself."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from stadtportal.areas.portal.queries import front as front_queries
from stadtportal.areas.portal.queries import search_page
from stadtportal.areas.portal.queries.asked import get_asked
from stadtportal.areas.portal.queries.known import get_known
from stadtportal.areas.portal.queries.pages import get_page
from stadtportal.kernel.web.api import actor_of


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show what one can do here, with one big search box."""
    return render(request, "portal/front.html", {"parts": front_queries.get_front_parts()})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found, as a list and on a map."""
    known = get_known()
    asked = get_asked(request.GET, known=known, staff=actor_of(request).is_staff)
    context = search_page.get_search_page(asked, known=known, now=timezone.now())
    context["crumbs"] = [(_("Suche"), "")]
    return render(request, "portal/search.html", context)


@require_safe
@cache_control(max_age=60)
def search_map(request: HttpRequest) -> HttpResponse:
    """Give the same results as points for the map."""
    asked = get_asked(request.GET, known=get_known())
    response = JsonResponse(search_page.get_map(asked, now=timezone.now()), json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/geo+json"
    return response


@require_safe
def district(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one district: what is there, what is open, what begins soon."""
    context = front_queries.get_district_page(slug)
    context["crumbs"] = [(context["district"].name, "")]
    return render(request, "portal/district.html", context)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one of the pages about the portal itself."""
    context = get_page(slug)
    context["crumbs"] = [(context["title"], "")]
    return render(request, f"portal/pages/{slug}.html", context)
