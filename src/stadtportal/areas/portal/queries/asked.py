"""The question in the address of the search page: read kindly, shown back as chips, written as an address again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from stadtportal.areas.portal import rules
from stadtportal.areas.portal.queries.known import Known
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web import api as web

PER_PAGE = 20
SORTS = {
    "": (search.Sort.BEST, "Beste Treffer zuerst"),
    "naehe": (search.Sort.NEAR, "Nächste zuerst"),
    "datum": (search.Sort.DATE, "Nächster Termin zuerst"),
    "preis": (search.Sort.PRICE, "Niedrigster Preis zuerst"),
    "name": (search.Sort.TITLE, "Nach Name"),
}
#: Fields that are on or off.
SWITCHES = {
    "offen": "jetzt geöffnet",
    "kostenlos": "kostenlos",
    "barrierefrei": "mit dem Rollstuhl zugänglich",
}
#: Fields that say how to search; those without a title need no chip.
_MANNERS = {"woertlich": "wörtlich gesucht", "explain": ""}
#: Fields that say where; one of them at a time.
WHERE = frozenset({"bezirk", "ort", "umkreis", "karte"})
_LONGEST_VALUE = 100
_LARGEST_RADIUS_M = 50_000


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing the results are limited to, and the address without it.

    ``name`` is the field of the address, or what words of the text were read as. ``given_up`` tells that nothing fits
    it, so that the results are shown without it.
    """

    name: str
    title: str
    url: str
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked. ``values`` holds what the form shows, under the names used in the address.

    ``notes`` tell people which parts of the address made no sense and were left out.
    """

    query: search.SearchQuery
    values: Mapping[str, str]
    page: int
    notes: tuple[str, ...]
    chips: tuple[Chip, ...]

    @property
    def filtered(self) -> bool:
        """Tell whether anything but the text limits the results."""
        return bool(self.chips)

    def url(self, *, path: str = "/suche/", without: str = "", **changes: str) -> str:
        """Return the address of this question with some of it changed; empty values are left out."""
        return _url(self.values, path=path, without=without, **changes)


def get_asked(given: Mapping[str, str], *, known: Known, staff: bool = False) -> Asked:
    """Read the question from the fields of an address; only staff may ask how a score came about."""
    values: dict[str, str] = {}
    fields: dict[str, Any] = {"text": given.get("q", "")}
    notes: list[str] = []
    chips: list[tuple[str, str]] = []
    if text := search.clean(given.get("q", "")).text:
        values["q"] = text
    for name, reader in _READERS.items():
        raw = search.clean(given.get(name, ""), longest=_LONGEST_VALUE).text
        found = reader(raw, known) if raw else None
        if isinstance(found, str):
            notes.append(found)
        elif found is not None:
            values[name] = raw
            fields |= found.fields
            chips.append((name, found.title))
    for name, title in (SWITCHES | _MANNERS).items():
        if given.get(name) == "1" and (staff or name != "explain"):
            values[name] = "1"
            chips += [(name, title)] if title else []
    fields |= _switched(values)
    sort = SORTS.get(given.get("sortierung", ""), SORTS[""])[0]
    # A text may name a place; whether it does is known once it is answered.
    if sort is not search.Sort.BEST and (sort is not search.Sort.NEAR or "near" in fields or text):
        values["sortierung"] = given["sortierung"]
        fields["sort"] = sort
    page = rules.read_page(given.get("seite", ""))
    return Asked(
        query=search.SearchQuery(offset=(page - 1) * PER_PAGE, limit=PER_PAGE, **fields),
        values=values,
        page=page,
        notes=tuple(notes),
        chips=tuple(Chip(name, title, _url(values, path="/suche/", without=name)) for name, title in chips),
    )


def _switched(values: Mapping[str, str]) -> dict[str, Any]:
    """Return what the switches that are on mean for the query."""
    fields: dict[str, Any] = {"open_now": "offen" in values, "accessible": "barrierefrei" in values}
    if "kostenlos" in values:
        fields["max_price_cents"] = 0
    if "woertlich" in values:
        # Words taken as they are written are not corrected either.
        fields |= {"literal": True, "without": frozenset({search.Part.SPELLING})}
    return fields | {"explain": "explain" in values}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a field means for the query, and what its chip says."""

    title: str
    fields: dict[str, Any]


def _kind(text: str, _known: Known) -> _Found | str:
    if not text.isidentifier():
        return f"Die Art „{text}“ kennen wir nicht. Wir haben sie weggelassen."
    return _Found(rules.kind_words(text).many, {"kind": text})


def _category(text: str, known: Known) -> _Found | str:
    category = known.categories.get(text)
    if category is None:
        return f"Die Kategorie „{text}“ kennen wir nicht. Wir haben sie weggelassen."
    below = known.below(text)
    return _Found(category.plural, {"categories": below} if len(below) > 1 else {"category": text})


def _district(text: str, known: Known) -> _Found | str:
    district = known.districts.get(text)
    if district is None:
        return f"Den Stadtbezirk „{text}“ kennen wir nicht. Wir suchen in der ganzen Stadt."
    return _Found(f"in {district.name}", {"district": text})


def _near(text: str, _known: Known) -> _Found | str:
    point = rules.read_point(text)
    if point is None:
        return "Den Ort in der Adresse konnten wir nicht lesen. Wir suchen in der ganzen Stadt."
    return _Found("in der Nähe", {"near": point})


def _radius(text: str, _known: Known) -> _Found | str:
    metres = rules.read_number(text)
    if not metres or metres > _LARGEST_RADIUS_M:
        return "Den Umkreis konnten wir nicht lesen. Er geht von 1 bis 50.000 Metern."
    return _Found(f"im Umkreis von {rules.distance_words(metres)}", {"radius_m": metres})


def _bounds(text: str, _known: Known) -> _Found | str:
    corners = rules.read_bounds(text)
    if corners is None:
        return "Den Kartenausschnitt in der Adresse konnten wir nicht lesen. Wir suchen in der ganzen Stadt."
    return _Found("im Kartenausschnitt", {"bounds": search.Bounds(*corners)})


def _price(text: str, _known: Known) -> _Found | str:
    cents = rules.read_cents(text)
    if cents is None:
        return f"Den Preis „{text}“ konnten wir nicht lesen. Schreiben Sie ihn zum Beispiel als 20 oder 12,50."
    return _Found(f"bis {web.cents(cents)}", {"max_price_cents": cents})


def _from(text: str, _known: Known) -> _Found | str:
    day = rules.read_day(text)
    if day is None:
        return f"Das Datum „{text}“ konnten wir nicht lesen. Wir haben es weggelassen."
    return _Found(f"ab {web.berlin_date(day)}", {"from_on": day})


def _to(text: str, _known: Known) -> _Found | str:
    day = rules.read_day(text)
    if day is None:
        return f"Das Datum „{text}“ konnten wir nicht lesen. Wir haben es weggelassen."
    return _Found(f"bis {web.berlin_date(day)}", {"to_on": day})


def _audience(text: str, _known: Known) -> _Found | str:
    title = rules.AUDIENCES.get(text)
    if title is None:
        return f"Für wen „{text}“ sein soll, wissen wir nicht. Wir haben es weggelassen."
    return _Found(title, {"audience": text})


def _language(text: str, _known: Known) -> _Found | str:
    name = search.LANGUAGE_NAMES.get(text)
    if name is None:
        return f"Die Sprache „{text}“ kennen wir nicht. Wir haben sie weggelassen."
    return _Found(f"auf {name}", {"language": text})


_READERS = {
    "art": _kind,
    "kategorie": _category,
    "bezirk": _district,
    "ort": _near,
    "umkreis": _radius,
    "karte": _bounds,
    "preis": _price,
    "von": _from,
    "bis": _to,
    "fuer": _audience,
    "sprache": _language,
}


def _url(values: Mapping[str, str], *, path: str, without: str = "", **changes: str) -> str:
    kept = {name: value for name, value in (dict(values) | changes).items() if value and name != without}
    return f"{path}?{urlencode(kept)}" if kept else path
