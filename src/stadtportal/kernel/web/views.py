"""Error pages with a way on, and the pages that machines ask for."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stadtportal.kernel.web.engine.errors import error_page, plain_page, unavailable
from stadtportal.kernel.web.queries import find_database_fault

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Answer a request that cannot be read."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Answer a request without permission."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Answer a request for a page that does not exist."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours without database, session and frame; a database that is away gets its own page."""
    fault = sys.exc_info()[1]
    try:
        if isinstance(fault, (OperationalError, InterfaceError)):
            return unavailable(request, fault)
        return error_page(request, 500)
    except Exception:  # The error page itself must not fail, whatever it is that is broken.
        logger.exception("The error page cannot be rendered")
        return plain_page()


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Answer a form whose protection no longer fits: signed in or out in another tab, or open for too long."""
    return error_page(
        request,
        403,
        heading=_("Dieses Formular ist abgelaufen"),
        sentence=_(
            "Es war lange geöffnet, oder Sie haben sich inzwischen an- oder abgemeldet. Es wurde nichts gespeichert."
        ),
        remedy=_("Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal ab."),
    )


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Tell that the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Tell whether the portal can work: 200 when the database answers, 503 otherwise."""
    fault = find_database_fault()
    text = f"database: {fault or 'ok'}\n"
    return HttpResponse(text, status=503 if fault else 200, content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Lead old clients to the drawing."""
    return redirect(static("web/favicon.svg"), permanent=False)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what is for everybody, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/mein/", "/arbeitsplatz/", "/konto/", "/demo/"))]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
