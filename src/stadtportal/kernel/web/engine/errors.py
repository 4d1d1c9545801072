"""One page for every error: what happened, what to do now, and a way on."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from stadtportal.kernel.contracts import RuleBroken

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What an error page says: one heading, what happened, what to do now."""

    heading: str | _StrPromise
    sentence: str | _StrPromise
    remedy: str | _StrPromise


TEXTS = {
    400: ErrorText(
        gettext_lazy("Diese Anfrage können wir nicht lesen"),
        gettext_lazy("Die Adresse oder die gesendeten Angaben sind unvollständig oder beschädigt."),
        gettext_lazy("Gehen Sie zurück und versuchen Sie es noch einmal. Es wurde nichts gespeichert."),
    ),
    403: ErrorText(
        gettext_lazy("Diese Seite ist nicht für Ihr Konto freigegeben"),
        gettext_lazy("Dafür fehlt die Berechtigung."),
        gettext_lazy("Melden Sie sich mit einem anderen Konto an, wenn Sie eines haben."),
    ),
    404: ErrorText(
        gettext_lazy("Diese Seite gibt es nicht"),
        gettext_lazy("Vielleicht ist sie umgezogen, oder in der Adresse ist ein Tippfehler."),
        gettext_lazy("Suchen Sie hier danach, oder beginnen Sie auf der Startseite."),
    ),
    409: ErrorText(
        gettext_lazy("Das hat nicht geklappt"),
        gettext_lazy("Inzwischen hat sich etwas geändert."),
        gettext_lazy("Gehen Sie zurück und laden Sie die Seite neu."),
    ),
    429: ErrorText(
        gettext_lazy("Zu viele Versuche in kurzer Zeit"),
        gettext_lazy("Zum Schutz aller machen wir hier eine kurze Pause."),
        gettext_lazy("Ihre bisherigen Angaben und Vorgänge sind nicht betroffen."),
    ),
    500: ErrorText(
        gettext_lazy("Bei uns ist ein Fehler aufgetreten"),
        gettext_lazy("Das liegt nicht an Ihnen. Der Fehler ist aufgezeichnet, und wir kümmern uns darum."),
        gettext_lazy("Bitte versuchen Sie es in einigen Minuten noch einmal."),
    ),
    503: ErrorText(
        gettext_lazy("Gerade nicht erreichbar"),
        gettext_lazy("Das Portal kommt im Moment nicht an seine Daten."),
        gettext_lazy(
            "Es wurde nichts gebucht und nichts geändert. Bitte versuchen Sie es in einigen Minuten noch einmal."
        ),
    ),
}
# These must come up when nothing else works: no database, no session, no frame.
_BARE = frozenset({500, 503})


def error_page(
    request: HttpRequest,
    status: int,
    *,
    heading: str = "",
    sentence: str = "",
    remedy: str = "",
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Render an error page; other clients than browsers get a problem document (RFC 9457)."""
    text = TEXTS.get(status) or TEXTS[409 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    words: dict[str, Any] = {
        "heading": heading or str(text.heading),
        "sentence": sentence or str(text.sentence),
        "remedy": remedy or str(text.remedy),
    }
    extra = dict(headers or {})
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        problem = {"status": status, "title": words["heading"], "detail": words["sentence"]}
        return JsonResponse(problem, status=status, headers=extra, content_type="application/problem+json")
    if request.headers.get("HX-Request"):
        # An error is a page of its own, never a fragment inside the place where a result was expected.
        extra |= {"HX-Retarget": "body", "HX-Reswap": "innerHTML show:window:top"}
    words |= {"status": status, "back_url": back_url(request)}
    return HttpResponse(_render(words, None if status in _BARE else request), status=status, headers=extra)


def _render(words: dict[str, Any], request: HttpRequest | None) -> str:
    """Render the page with its frame; without it when what other packages put there cannot be had."""
    template = loader.get_template("web/error.html")
    if request is None:
        return template.render(words)
    try:
        return template.render(words, request)
    except Exception:  # An error page must not fail over its frame, whatever it is that is broken there.
        logger.exception("The frame of an error page cannot be rendered")
        return template.render(words)


def back_url(request: HttpRequest) -> str:
    """Return the path of the page before, if it was one of ours and another one than this; else nothing."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.path.startswith(("//", "/\\")):
        return ""  # A browser would take what follows for another host.
    if parts.netloc and parts.netloc == request.headers.get("Host") and parts.path != request.path:
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return ""


def refusal(request: HttpRequest, fault: RuleBroken) -> HttpResponse:
    """Show a broken rule with its own sentence and status."""
    wait = getattr(fault, "retry_after", 0)
    return error_page(
        request,
        fault.status,
        sentence=fault.sentence,
        remedy=fault.remedy,
        headers={"Retry-After": str(wait)} if wait else None,
    )


def unavailable(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Say calmly that the database is away; whatever was under way has been rolled back."""
    logger.error("The database does not answer: %s: %s", type(fault).__name__, fault)
    return error_page(request, 503, headers={"Retry-After": "60"})


def plain_page(status: int = 500) -> HttpResponse:
    """Return the last word, when even the template cannot be rendered."""
    text = TEXTS[status]
    page = (
        f'<!doctype html><html lang="de"><meta charset="utf-8"><title>{text.heading}</title>'
        f"<h1>{text.heading}</h1><p>{text.sentence}</p><p>{text.remedy}</p><p>Telefon: 115</p></html>"
    )
    return HttpResponse(page, status=status)
