"""GeoJSON for the map, with long caching."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.kernel.city.queries import get_layer, list_streets_in
from stadtportal.kernel.city.rules.geometry import Box, valid_point
from stadtportal.kernel.contracts import NotFound, RuleBroken

if TYPE_CHECKING:
    from django.http import HttpRequest

GEOJSON = "application/geo+json"
#: A browser asks again after an hour and keeps what it has for a week while it asks.
CACHING = "public, max-age=3600, stale-while-revalidate=604800"
#: A wider part of the map shows no single streets.
WIDEST_DEGREES = 0.25


class BadBox(RuleBroken):
    """A part of the map nobody can draw."""

    status = 400


def _answer(request: HttpRequest, document: str, etag: str) -> HttpResponse:
    """Return the document, packed where the browser takes it, or 304 when the browser has it."""
    quoted = f'"{etag}"'
    response: HttpResponse
    if quoted in request.headers.get("If-None-Match", "").replace("W/", ""):
        response = HttpResponseNotModified()
    else:
        body = document.encode()
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(gzip.compress(body, compresslevel=6, mtime=0) if packed else body, content_type=GEOJSON)
        if packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = quoted
    response["Cache-Control"] = CACHING
    response["Vary"] = "Accept-Encoding"
    return response


@require_safe
def layer(request: HttpRequest, key: str) -> HttpResponse:
    """Answer with a finished layer."""
    found = get_layer(key)
    if found is None:
        raise NotFound(_("Diese Kartenebene ist noch nicht geladen."))
    return _answer(request, found.document, found.etag)


@require_safe
def streets(request: HttpRequest) -> HttpResponse:
    """Answer with the streets in ``?bbox=west,south,east,north``."""
    document = json.dumps(
        {
            "type": "FeatureCollection",
            "attribution": "© OpenStreetMap-Mitwirkende, ODbL 1.0",
            "features": list_streets_in(_box(request.GET.get("bbox", ""))),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return _answer(request, document, hashlib.sha256(document.encode()).hexdigest()[:32])


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadBox(_("Erwartet wird bbox=West,Süd,Ost,Nord in Grad.")) from error
    if valid_point(south, west) is None or valid_point(north, east) is None or south > north or west > east:
        raise BadBox(_("Dieser Kartenausschnitt liegt nicht auf der Erde. Erwartet wird bbox=West,Süd,Ost,Nord."))
    if north - south > WIDEST_DEGREES or east - west > WIDEST_DEGREES:
        raise BadBox(_("Dieser Kartenausschnitt ist zu groß für einzelne Straßen. Bitte gehen Sie näher heran."))
    return Box(south=south, west=west, north=north, east=east)
