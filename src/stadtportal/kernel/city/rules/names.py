"""German names: how they sort (DIN 5007-1) and how they look in an address (ASCII slugs)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

#: Letters that Unicode does not take apart but DIN 5007-1 sorts like plain ones.
_SORT_LIKE = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
#: In an address people type ae for ä.
_SLUG_LIKE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "&": " und ", "+": " plus ", "@": " at "})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"\d+")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Slugs made here are at most so long; given ones may be longer.
SLUG_LENGTH = 60
LONGEST_SLUG = 120


def _plain(text: str) -> str:
    """Return ``text`` in lower case without marks on letters (é becomes e, ß becomes ss)."""
    if text.isascii():
        return text.lower()
    lowered = text.casefold().translate(_SORT_LIKE)
    taken_apart = unicodedata.normalize("NFKD", lowered).casefold().translate(_SORT_LIKE)
    return "".join(sign for sign in taken_apart if not unicodedata.combining(sign))


def sort_key(name: str) -> str:
    """Return the DIN 5007-1 key of ``name``: ä sorts as a, ß as ss, signs do not count, numbers by their value.

    Letters outside the Latin alphabet stay as they are and so sort after z.
    """
    plain = _NUMBER.sub(lambda number: _ascii_number(number[0]).zfill(6), _plain(name))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain).split())[:255]


def _ascii_number(digits: str) -> str:
    """Return digits of any script as ASCII digits."""
    return "".join(str(unicodedata.digit(sign, 0)) for sign in digits)


def slug(name: str, *, fallback: str = "ort") -> str:
    """Return ``name`` as ASCII for an address: ``"Bäckerei Groß & Co."`` becomes ``baeckerei-gross-und-co``.

    A name without one Latin letter or digit becomes ``fallback``. At most 60 characters, never ending in a hyphen.
    """
    composed = unicodedata.normalize("NFC", name).casefold().translate(_SLUG_LIKE)
    made = _NOT_SLUG.sub("-", _plain(composed)).strip("-")
    return made[:SLUG_LENGTH].strip("-") or fallback


def is_slug(text: str) -> bool:
    """Tell whether a text can stand in an address as it is."""
    return len(text) <= LONGEST_SLUG and bool(_SLUG.fullmatch(text))


def unique_slug(name: str, taken: Container[str], *, fallback: str = "ort") -> str:
    """Return the slug of ``name``, numbered from 2 when it is among ``taken``."""
    base = slug(name, fallback=fallback)
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        ending = f"-{number}"
        candidate = base[: SLUG_LENGTH - len(ending)].rstrip("-") + ending
    return candidate


def imported_slug(name: str, source_id: str) -> str:
    """Return the lasting slug of an imported thing: ``("Optik Franzen", "node/12")`` gives ``optik-franzen-n12``.

    It holds the id of the source, so it is unique without asking the database and stays over later imports.
    """
    kind, _, number = source_id.partition("/")
    return f"{slug(name)}-{kind[:1]}{number}"
