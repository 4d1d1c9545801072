"""Services and offices as a file describes them, ready to be written."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_MINUTES = 24 * 60
LONGEST_TITLE = 300
LONGEST_LINK = 500
#: A text that would be longer than this is cut.
LONGEST_TEXT = 100_000
MOST_WORDS_LENGTH = 1000

_KEY = re.compile(r"[0-9]{14}", re.ASCII)
_ID = re.compile(r"[0-9]{1,12}", re.ASCII)


class Source(enum.Enum):
    """Where a service comes from."""

    DLDB = "dldb"
    LEIKA = "leika"


SOURCES = {
    Source.DLDB: "Dienstleistungsdatenbank einer Stadt",
    Source.LEIKA: "OZG-Umsetzungskatalog mit den Schlüsseln des Leistungskatalogs (LeiKa)",
}


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """One service of a file; the fields are those of the model."""

    source_id: str
    title: str
    summary: str = ""
    body: str = ""
    fees: str = ""
    documents: tuple[tuple[str, str], ...] = ()
    online_link: str = ""
    minutes: int | None = None
    legal_basis: str = ""
    topic: str = ""
    situation: str = ""
    leika_key: str = ""
    words: str = ""
    office_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeDraft:
    """One office of a file. ``point`` is (latitude, longitude)."""

    source_id: str
    name: str
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city_name: str = ""
    point: tuple[float, float] | None = None
    phone: str = ""
    email: str = ""
    website: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


def plain_id(value: object) -> str:
    """Return the id of a thing in a catalogue, a number of at most 12 digits, or ``""``."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return text if isinstance(text, str) and _ID.fullmatch(text) else ""


def leika_key(value: object) -> str:
    """Return a key of 14 digits, or ``""``."""
    text = value.strip() if isinstance(value, str) else ""
    return text if _KEY.fullmatch(text) else ""
