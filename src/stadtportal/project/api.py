"""The HTTP API: search and what areas offer under ``/api/v1/``, in one OpenAPI document.

Whatever is asked below ``/api/`` is answered in JSON, refusals and faults too. No cookie is read there, so other sites
may ask for whatever is public.
"""

from __future__ import annotations

import hashlib
import importlib
import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.module_loading import import_string
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from stadtportal.kernel.contracts import Area, RuleBroken, registry
from stadtportal.kernel.search.rest import router as search_router
from stadtportal.kernel.web import api as web

PREFIX = "/api/"
#: So many requests of one network are answered in a minute.
MOST_REQUESTS, PER_SECONDS = 300, 60
GOOD_FOR_S = 60
_SENTENCES = {
    400: "Diese Anfrage können wir nicht lesen.",
    401: "Dafür ist eine Anmeldung nötig.",
    403: "Dafür fehlt die Berechtigung.",
    404: "Diese Adresse gibt es hier nicht. Was es gibt, steht in /api/v1/openapi.json.",
    405: "Diese Adresse kennt die verwendete Methode nicht. Welche sie kennt, steht im Kopf „Allow“.",
    413: "Diese Anfrage ist zu groß.",
    500: "Bei uns ist ein Fehler aufgetreten. Er ist aufgezeichnet, und wir kümmern uns darum.",
    503: "Das Portal kommt im Moment nicht an seine Daten. Bitte versuchen Sie es in einigen Minuten noch einmal.",
}
#: What a refused value is called in a sentence, by pydantic's name for the mistake.
_MISTAKES = {
    "missing": "„{field}“ fehlt.",
    "int_parsing": "„{field}“ muss eine ganze Zahl sein.",
    "int_parsing_size": "„{field}“ ist zu groß.",
    "int_from_float": "„{field}“ muss eine ganze Zahl sein.",
    "float_parsing": "„{field}“ muss eine Zahl sein.",
    "finite_number": "„{field}“ muss eine Zahl sein.",
    "bool_parsing": "„{field}“ muss true oder false sein.",
    "greater_than_equal": "„{field}“ muss mindestens {ge} sein.",
    "less_than_equal": "„{field}“ darf höchstens {le} sein.",
    "enum": "„{field}“ kennt nur: {expected}.",
    "string_pattern_mismatch": "„{field}“ ist so nicht lesbar.",
}
_REFUSAL: dict[str, Any] = {
    "type": "object",
    "title": "Refusal",
    "description": "Why there is no answer: a German sentence, and the field it is about.",
    "required": ["error"],
    "properties": {
        "error": {"type": "string"},
        "field": {"type": "string"},
        "known": {"type": "array", "items": {"type": "string"}},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "error"],
                "properties": {"field": {"type": "string"}, "error": {"type": "string"}},
            },
        },
    },
}


class PortalAPI(NinjaAPI):
    """The API with what every operation has in common: how it refuses."""

    def get_openapi_schema(self, **arguments: Any) -> OpenAPISchema:  # noqa: ANN401 -- ninja's arguments, passed on.
        """Return the OpenAPI document."""
        document = super().get_openapi_schema(**arguments)
        document.setdefault("components", {}).setdefault("schemas", {})["Refusal"] = _REFUSAL
        refused = {
            "description": "Refused or failed",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].setdefault("default", refused)
        return document

    def get_content_type(self) -> str:
        """Return the type of every answer; JSON needs no charset."""
        return "application/json"


def build(areas: Iterable[Area], *, namespace: str = "api") -> PortalAPI:
    """Return the API of search and of these areas. Raises ``ImproperlyConfigured`` for a router that is missing."""
    api = PortalAPI(
        title="Stadtportal",
        version="1",
        description="Everything in the city, as the portal's own pages find it. See docs/api.md.",
        docs_url=None,
        urls_namespace=namespace,
    )
    api.add_exception_handler(RuleBroken, _refuse)
    api.add_exception_handler(ValidationError, _refuse_fields)
    api.add_exception_handler(HttpError, _refuse_plainly)
    api.add_exception_handler(Http404, lambda _request, _fault: refusal(404))
    api.add_router("", search_router)
    for area in areas:
        if area.rest:
            api.add_router(f"/{area.slug}/", _router_of(area), tags=[area.slug], url_name_prefix=area.slug)
    return api


def _router_of(area: Area) -> Router:
    try:
        if ":" in area.rest:
            module, _, name = area.rest.partition(":")
            found = getattr(importlib.import_module(module), name)
        else:
            found = import_string(area.rest)
    except (ImportError, AttributeError) as fault:
        raise ImproperlyConfigured(f"area {area.slug!r} names a router that cannot be loaded: {fault}") from fault
    if not isinstance(found, Router):
        raise ImproperlyConfigured(f"area {area.slug!r} names {area.rest}, which is no ninja.Router")
    return found


def refusal(
    status: int,
    sentence: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JsonResponse:
    """Return why there is no answer; what is empty in ``more`` is left out."""
    plain = _SENTENCES.get(status) or _SENTENCES[400 if status < 500 else 500]  # noqa: PLR2004 -- faults of ours begin here.
    body = {"error": sentence or plain} | {name: value for name, value in more.items() if value}
    return JsonResponse(body, status=status, headers=dict(headers or {}), json_dumps_params={"ensure_ascii": False})


def _refuse(_request: HttpRequest, fault: RuleBroken | type[RuleBroken]) -> HttpResponse:
    wait = getattr(fault, "retry_after", 0)
    return refusal(
        fault.status,
        str(fault),
        headers={"Retry-After": str(wait)} if wait else None,
        field=getattr(fault, "field", ""),
        known=getattr(fault, "known", ()),
    )


def _refuse_fields(_request: HttpRequest, fault: ValidationError | type[ValidationError]) -> HttpResponse:
    """Name each field that cannot be read, and why; the first of them is the sentence."""
    errors: Sequence[Mapping[str, Any]] = getattr(fault, "errors", ())
    fields = [{"field": str(one["loc"][-1]), "error": _mistake(one)} for one in errors]
    first = fields[0] if fields else {"field": "", "error": ""}
    return refusal(422, first["error"], field=first["field"], fields=fields)


def _mistake(error: Mapping[str, Any]) -> str:
    context = {name: _whole(value) for name, value in error.get("ctx", {}).items()}
    if error["type"] == "value_error":
        return str(context.get("error", ""))
    if error["type"] == "enum":
        context["expected"] = str(context["expected"]).replace("'", "").replace(" or ", " oder ")
    sentence = _MISTAKES.get(error["type"], "„{field}“ ist so nicht lesbar.")
    return sentence.format(field=error["loc"][-1], **context)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _refuse_plainly(_request: HttpRequest, fault: HttpError | type[HttpError]) -> HttpResponse:
    return refusal(getattr(fault, "status_code", 400))


class ApiMiddleware:
    """Below ``/api/``: no cookies, so many requests a minute, JSON whatever happens, and answers that may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request; those of other pages pass untouched."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        try:
            _count(request)
        except RuleBroken as fault:
            response: HttpResponseBase = _refuse(request, fault)
        except (OperationalError, InterfaceError):
            response = refusal(503, headers={"Retry-After": "60"})
        else:
            response = self.get_response(request)
        if request.method == "GET":
            response = _finished(request, response)
        if response.status_code >= 400:  # noqa: PLR2004 -- refusals and faults begin here.
            response = _in_json(response)
        request.method = asked
        return response


def _count(request: HttpRequest) -> None:
    """Count a request of a network. Raises :class:`stadtportal.kernel.web.api.TooManyRequests`.

    A program on this machine that asks directly is not counted. Everybody else is, those together of whom a proxy or a
    server does not tell who they are.
    """
    if web.is_this_machine(request):
        return
    written = web.visitor_address(request)
    address = web.network_address(written)
    # A household holds a whole block of the newer addresses.
    block = ipaddress.IPv6Network((int(address), 64), strict=False) if address and address.version == 6 else None  # noqa: PLR2004 -- version 6 of IP.
    web.rate_limit(f"network:{block or address or written}", name="api", limit=MOST_REQUESTS, per_seconds=PER_SECONDS)


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let public answers be read by other sites and kept for a minute; say "not modified" to whoever has them."""
    if hasattr(request, "auth") or response.status_code == 401:  # noqa: PLR2004 -- who asks must be known here.
        return response
    if response.status_code == 200 and isinstance(response, HttpResponse):  # noqa: PLR2004 -- only answers.
        response.headers.setdefault("Cache-Control", f"public, max-age={GOOD_FOR_S}")
        response.headers.setdefault("ETag", f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"')
        response = get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _in_json(response: HttpResponseBase) -> HttpResponseBase:
    """Return a refusal as it is if it is JSON already, else with a sentence instead of a page."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        answer = response
    else:
        kept = ("Allow", "Retry-After", "Access-Control-Allow-Origin")
        headers = {name: response.headers[name] for name in kept if name in response.headers}
        answer = refusal(response.status_code, headers=headers)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


api = build(registry.areas())
