"""Records of a service catalogue as Berlin and Munich export it: services with texts, and offices with addresses."""

from __future__ import annotations

import enum
import html
import math
from collections.abc import Iterator, Mapping
from typing import Any

from stadtportal.areas.townhall.rules import report as say
from stadtportal.areas.townhall.rules.drafts import (
    LONGEST_MINUTES,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_WORDS_LENGTH,
    OfficeDraft,
    ServiceDraft,
    leika_key,
    plain_id,
)
from stadtportal.areas.townhall.rules.markup import clean_text, plain, safe_link, sanitise, summary_of

Record = Mapping[str, Any]
MOST_DOCUMENTS = 60
MOST_OFFICES = 500
#: Sections that Berlin keeps apart from the description.
SECTIONS = (
    ("prerequisites", "Voraussetzungen"),
    ("requirements", "Erforderliche Unterlagen"),
    ("process_time", "Bearbeitungszeit"),
)
_OF_AN_OFFICE = (("address", dict), ("geo", dict), ("services", list))
_OF_A_SERVICE = ("leika", "description", "fees", "forms", "locations", "requirements")


class Kind(enum.Enum):
    """What a file holds, with the word for many of it."""

    SERVICE = "Leistungen"
    OFFICE = "Orte"


def kind_of(record: Record) -> Kind | None:
    """Tell a service from an office by its content; ``None`` for what is neither."""
    if any(isinstance(record.get(key), kind) for key, kind in _OF_AN_OFFICE):
        return Kind.OFFICE
    return Kind.SERVICE if any(key in record for key in _OF_A_SERVICE) else None


def read_service(record: Record) -> tuple[ServiceDraft, list[str]] | str:
    """Return the service of a record and the doubts about it, or the reason why there is none."""
    identity, title = plain_id(record.get("id")), _name(record)
    if not identity or not title:
        return say.NO_NAME if identity else say.NO_ID
    given_key = record.get("leika")
    key = leika_key(given_key)
    documents, unusable = _documents(record)
    body = _body(record)
    doubts = [
        doubt
        for doubt, holds in (
            (say.BAD_KEY, bool(given_key) and not key),
            (say.BAD_LINK, unusable),
            (say.CUT, any(len(str(record.get(part) or "")) > LONGEST_TEXT for part in ("description", "fees"))),
            (say.NOT_PUBLIC, record.get("public") is False),
        )
        if holds
    ]
    draft = ServiceDraft(
        source_id=identity,
        title=title,
        summary=summary_of(sanitise(record.get("description"))),
        body=body,
        fees=sanitise(record.get("fees")),
        documents=documents,
        online_link=_online_link(record, identity),
        minutes=_minutes(record.get("duration")),
        legal_basis=_legal_basis(record),
        leika_key=key,
        words=_keywords(record),
        office_refs=_office_refs(record),
    )
    return draft, doubts


def _name(record: Record, key: str = "name") -> str:
    value = record.get(key)
    return clean_text(plain(value), longest=LONGEST_TITLE) if isinstance(value, str) else ""


def _objects(value: object) -> list[Record]:
    """Return the objects of a list, or the one object that stands in place of a list."""
    given = value if isinstance(value, list) else [value]
    return [one for one in given if isinstance(one, dict)]


def _body(record: Record) -> str:
    parts = [sanitise(record.get("description"))]
    for key, title in SECTIONS:
        value = record.get(key)
        if inside := sanitise(value) or _listed(_objects(value)):
            parts.append(f"<h2>{title}</h2>{inside}")
    return "\n".join(part for part in parts if part)


def _listed(things: list[Record]) -> str:
    """Return named things as a list, each with its description and link."""
    lines = []
    for thing in things[:MOST_DOCUMENTS]:
        name = html.escape(clean_text(thing.get("name"), longest=LONGEST_TITLE))
        link = safe_link(thing.get("link"))
        head = f'<a href="{html.escape(link)}">{name}</a>' if link and name else name
        said = sanitise(thing.get("description"))
        if head or said:
            lines.append(f"<li>{head}{said}</li>")
    return sanitise(f"<ul>{''.join(lines)}</ul>") if lines else ""


def _documents(record: Record) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return forms and links, each address once, and whether one could not be used."""
    found: dict[str, str] = {}
    unusable = False
    for thing in (*_objects(record.get("forms")), *_objects(record.get("links"))):
        url = safe_link(thing.get("link"))
        unusable = unusable or bool(thing.get("link") and not url)
        if url:
            found.setdefault(url, clean_text(thing.get("name"), longest=LONGEST_TITLE) or url)
    return tuple((title, url) for url, title in list(found.items())[:MOST_DOCUMENTS]), unusable


def _online_link(record: Record, identity: str) -> str:
    """Return where the service is done or begun online; catalogues write ``{serviceId}`` for its id."""
    for key in ("onlineprocessing", "appointment"):
        for thing in _objects(record.get(key)):
            link = thing.get("link")
            if isinstance(link, str) and (safe := safe_link(link.replace("{serviceId}", identity))):
                return safe
    return ""


def _minutes(value: object) -> int | None:
    """Return how long a visit takes, if that can be so."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 1 <= value <= LONGEST_MINUTES else None


def _legal_basis(record: Record) -> str:
    laws = []
    for law in _objects(record.get("legal")):
        name, link = clean_text(law.get("name"), longest=LONGEST_TITLE), safe_link(law.get("link"))
        if name:
            laws.append(f"{name} [{link}]" if link else name)
    return ", ".join(laws)


def _keywords(record: Record) -> str:
    meta = record.get("meta")
    given = meta.get("keywords") if isinstance(meta, dict) else ""
    words = ", ".join(one for one in given if isinstance(one, str)) if isinstance(given, list) else given
    return clean_text(words, longest=MOST_WORDS_LENGTH)


def _office_refs(record: Record) -> tuple[str, ...]:
    found = (plain_id(one.get("location", one.get("id"))) for one in _objects(record.get("locations")))
    return tuple(dict.fromkeys(ref for ref in found if ref))[:MOST_OFFICES]


def read_office(record: Record) -> tuple[OfficeDraft, list[str]] | str:
    """Return the office of a record and the doubts about it, or the reason why there is none."""
    identity, name = plain_id(record.get("id")), _name(record, "displayName") or _name(record)
    if not identity or not name:
        return say.NO_NAME if identity else say.NO_ID
    address, contact = _part(record, "address"), _part(record, "contact")
    point = _point(_part(record, "geo"))
    doubts = [
        doubt
        for doubt, holds in ((say.BAD_POINT, point is None), (say.NOT_PUBLIC, record.get("public") is False))
        if holds
    ]
    draft = OfficeDraft(
        source_id=identity,
        name=name[:255],
        street=clean_text(address.get("street"), longest=255),
        house_number=clean_text(address.get("house_number"), longest=40),
        postcode=clean_text(address.get("postal_code"), longest=10),
        city_name=clean_text(address.get("city"), longest=120),
        point=point,
        phone=clean_text(contact.get("phone"), longest=60),
        email=clean_text(contact.get("email"), longest=254),
        website=safe_link(contact.get("webinfo")),
        tags=dict(_tags(record)),
    )
    return draft, doubts


def _part(record: Record, key: str) -> Record:
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def _point(geo: Record) -> tuple[float, float] | None:
    try:
        lat, lon = (float(geo[key]) for key in ("lat", "lon"))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    good = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180  # noqa: PLR2004 -- the poles and the date line.
    return (round(lat, 7), round(lon, 7)) if good else None


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    """Yield what the page of a place says beside address and contact, in the words of OpenStreetMap."""
    operator = clean_text(record.get("organizationUnit") or record.get("organization"), longest=255)
    if operator:
        yield "operator", operator
