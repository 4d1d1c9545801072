"""Contact details from outside: made readable and safe to link to, or left out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_SPLIT_PHONES = re.compile(r"\s*(?:;|,|\boder\b|/\s*\+)\s*")
_PHONE_SIGNS = re.compile(r"^\+?[\d\s()/.\-–]+$")
_EMAIL = re.compile(r"^[^\s@<>\"'()]+@[^\s@<>\"'()]+\.[^\s@<>\"'().]{2,}$")
_BARE_HOST = re.compile(r"^[\w.-]+\.[a-zA-Z]{2,}(?:[/?#]|$)")
_CONTROL = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")

MAX_LINK = 300
MAX_EMAIL = 254
MIN_DIGITS, MAX_DIGITS = 3, 15


def readable_phone(text: str) -> str:
    """Return the first phone number in readable form, such as ``+49 711 2160`` or ``0711 216-0``; ``""`` if none.

    The grouping people chose is kept; brackets, slashes and dots become spaces, ``0049`` becomes ``+49``.
    """
    first = _SPLIT_PHONES.split(text.strip(), maxsplit=1)[0].strip()
    if not _PHONE_SIGNS.match(first):
        return ""
    first = re.sub(r"\(0\)", " ", first) if first.startswith(("+", "00")) else first
    first = re.sub(r"^00(?=[1-9])", "+", first)
    first = re.sub(r"[()/.]|\s", " ", first).replace("–", "-")
    first = re.sub(r"\s*-\s*", "-", first).strip(" -")
    first = " ".join(first.split())
    first = re.sub(r"^\+\s+", "+", first)
    first = re.sub(r"^\+49-?\s*(?=\d)", "+49 ", first)
    digits = sum(sign.isdigit() for sign in first)
    return first if first.isascii() and MIN_DIGITS <= digits <= MAX_DIGITS else ""


def phone_link(phone: str) -> str:
    """Return the address of a readable phone number, ``tel:+497112160``; German numbers get their country."""
    digits = re.sub(r"[^\d+]", "", phone)
    if not digits:
        return ""
    if digits.startswith("0"):
        digits = f"+49{digits.lstrip('0')}"
    return f"tel:{digits}"


def safe_website(text: str) -> str:
    """Return an http or https address that is safe to link to, or ``""``.

    A bare host gets ``https://``. Anything with another scheme, with a user name or without a host is left out.
    """
    given = text.strip().split(";")[0].strip()
    if not given or len(given) > MAX_LINK - len("https://") or _CONTROL.search(given):
        return ""
    if _BARE_HOST.match(given):
        given = f"https://{given}"
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host or "@" in parts.netloc:
        return ""
    return given


def plain_email(text: str) -> str:
    """Return the first e-mail address, or ``""`` when there is none that could be one."""
    first = re.split(r"[;,]", text.strip(), maxsplit=1)[0].strip().removeprefix("mailto:")
    return first if len(first) <= MAX_EMAIL and _EMAIL.match(first) else ""
