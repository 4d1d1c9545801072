"""The pages of services; they only read, and count how often a service is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.areas.townhall.queries import listing
from stadtportal.areas.townhall.rules.markup import lead_of
from stadtportal.areas.townhall.rules.shown import label_title
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web.api import actor_of, page_number, page_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _markup(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 -- rules.markup.sanitise has passed everything these two columns hold.


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the topics and the alphabet, or the services of one of them."""
    topic, letter = request.GET.get("thema", ""), request.GET.get("buchstabe", "")
    if letter not in {"", "0", *LETTERS}:
        raise NotFound(_("Diesen Buchstaben gibt es hier nicht."))
    overview = listing.get_overview()
    context = {
        "overview": overview,
        "letter": letter,
        "letters": [
            (one, one.upper() if one != "0" else "0–9", overview.letters.get(one, 0)) for one in (*LETTERS, "0")
        ],
        "notice": label_title(", ".join(overview.labels), city=city.city().name) if overview.labels else "",
        "crumbs": [(_("Rathaus"), "")],
    }
    if not topic and not letter:
        return render(request, "townhall/index.html", context)
    shown = listing.get_services_page(topic=topic, letter=letter, number=page_number(request))
    heading = shown.topic or _("Leistungen mit %(letter)s") % {"letter": letter.upper() if letter != "0" else "0–9"}
    context |= {
        "shown": shown,
        "heading": heading,
        "page": page_of(shown.number, pages=shown.pages),
        "crumbs": [(_("Rathaus"), reverse("townhall:index")), (heading, "")],
    }
    return render(request, "townhall/list.html", context)


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one service."""
    shown = listing.get_service(slug)
    if request.method == "GET" and not actor_of(request).is_staff:
        search.count_use(area="townhall", kind="service", key=shown.slug, today=timezone.localdate())
    context = {
        "service": shown,
        "lead": lead_of(shown.summary, shown.body),
        "body": _markup(shown.body),
        "fees": _markup(shown.fees),
        "notice": label_title(shown.label, city=city.city().name) if shown.label else "",
        "crumbs": [(_("Rathaus"), reverse("townhall:index")), (shown.title, "")],
    }
    return render(request, "townhall/service.html", context)
