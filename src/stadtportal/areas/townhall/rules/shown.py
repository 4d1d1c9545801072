"""What people read about a service beyond its own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: ``§ 35 Kreislaufwirtschaftsgesetz [http://...], ...``: words, and an address in brackets after them.
_LAW = re.compile(r"(?P<words>.+?)\s*(?:\[(?P<url>https?://[^\]\s<>\"]+)\](?:\s*[,;]\s*)?|$)")


@dataclass(frozen=True, slots=True)
class Law:
    """One part of a legal basis, with the address of its text where there is one."""

    words: str
    url: str = ""


def split_laws(text: str) -> tuple[Law, ...]:
    """Return the parts of a legal basis, each with the address that follows it in brackets."""
    return tuple(Law(found["words"].strip(" ,;"), found["url"] or "") for found in _LAW.finditer(text))


def label_title(label: str, *, city: str) -> str:
    """Return the heading of the notice on everything that is not of this city."""
    return f"{label}: gilt nicht in {city}"
