"""The public side of the access log (C2SP tlog-tiles)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.kernel.trust.engine.tiles import HASH_BYTES, WIDTH, tile_number
from stadtportal.kernel.trust.queries import log as queries

if TYPE_CHECKING:
    from django.http import HttpRequest

_FOREVER = "public, max-age=31536000, immutable"
_HIGHEST_LEVEL = 63


@require_safe
def log_page(request: HttpRequest) -> HttpResponse:
    """Explain what the log proves and what not."""
    signed = queries.latest_checkpoint()
    context = {
        "crumbs": [(_("Transparenz"), ""), (_("Zugriffsprotokoll"), "")],
        "signed": signed,
    }
    return render(request, "trust/log.html", context)


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Return the newest checkpoint as a signed note."""
    signed = queries.latest_checkpoint()
    if signed is None:
        raise Http404
    return _text(signed.note)


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """Return the public key that opens the checkpoints."""
    signed = queries.latest_checkpoint()
    if signed is None:
        raise Http404
    return _text(f"{signed.key}\n")


@require_safe
def tile(_request: HttpRequest, level: str, path: str) -> HttpResponse:
    """Return a tile of the tree, whole or, with ``.p/<width>`` behind its number, the beginning of one."""
    whole, partial, width = path.partition(".p/")
    if not partial:
        return _tile(level, path, WIDTH)
    return _tile(level, whole, _small(width, most=WIDTH - 1))


def _tile(level: str, path: str, width: int) -> HttpResponse:
    signed = queries.latest_checkpoint()
    size = signed.size if signed else 0
    if level == "entries":
        entries = queries.entries_of_tile(number=_number(path), width=width, size=size)
        body = b"".join(len(entry).to_bytes(2) + entry for entry in entries)
    else:
        body = queries.tile_as_of(
            level=_small(level, most=_HIGHEST_LEVEL), number=_number(path), width=width, size=size
        )
        body = body if len(body) == width * HASH_BYTES else b""
    if not body:
        raise Http404
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Cache-Control"] = _FOREVER
    return answer


def _small(text: str, *, most: int) -> int:
    """Return a number of at most three digits, written in the only way there is."""
    if not re.fullmatch("0|[1-9][0-9]{0,2}", text) or int(text) > most:
        raise Http404
    return int(text)


def _number(path: str) -> int:
    try:
        return tile_number(path)
    except ValueError as error:
        raise Http404 from error


def _text(body: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
