"""Compare places of the pack with what the files say, field by field."""

import re
from collections.abc import Iterator

from tests.city_pack.geometry import contains
from tests.city_pack.reading import Place, Polygon
from tests.city_pack.shared_facts import Fact, Facts
from tests.city_pack.weeks import week_as_evaluated, week_as_written

POINT_TOLERANCE_DEGREES = 1e-5
# These write the week in lists of days, which people read one way and engines another.
WRITTEN_AS_LISTS = {"buergerbueros", "maerkte"}


def _digits(phone: str | None) -> str:
    return re.sub(r"^\+?49", "0", re.sub(r"[^\d+]", "", phone or ""))


def _street(text: str | None) -> str:
    plain = re.sub(r"\s+", "", text or "").replace("Strasse", "Straße").replace("strasse", "straße")
    return re.sub(r"([Ss])tr\.", r"\1traße", plain).replace("Schloss", "Schloß")


def _spelling(hours: str) -> str:
    return re.sub(r",\s+", ",", hours.replace("Ph", "PH"))


def _place_differences(place: Place, fact: Fact, outlines: dict[str, list[Polygon]]) -> Iterator[str]:
    if fact.lat is None or fact.lon is None:
        if place.lat is not None:
            yield "a point nobody stated"
    elif place.lat is None or place.lon is None:
        yield "no point"
    elif max(abs(place.lat - fact.lat), abs(place.lon - fact.lon)) > POINT_TOLERANCE_DEGREES:
        yield f"point {place.lat}, {place.lon}, not {fact.lat}, {fact.lon}"
    elif place.district is None or not contains(outlines[place.district], (fact.lon, fact.lat)):
        yield f"district {place.district} does not contain the point"
    address = " ".join(filter(None, (place.street, place.house_number)))
    if place.source != "maerkte" and address and _street(address) != _street(fact.street):
        yield f"address {address!r}, not {fact.street!r}"
    if place.postcode is not None and place.postcode != fact.postcode:
        yield f"postcode {place.postcode}, not {fact.postcode}"


def _same_hours(place: Place, fact: Fact) -> bool:
    if place.opening_hours is None or fact.hours is None:
        return place.opening_hours == fact.hours
    if place.source in WRITTEN_AS_LISTS:
        return week_as_evaluated(place.opening_hours) == week_as_written(fact.hours)
    return _spelling(place.opening_hours) == _spelling(fact.hours)


def _contact_differences(place: Place, fact: Fact) -> Iterator[str]:
    if place.phone is not None and _digits(place.phone) != _digits(fact.phone):
        yield f"phone {place.phone}, not {fact.phone}"
    if place.email is not None and place.email not in (fact.email or "").lower().split(", "):
        yield f"email {place.email}, not {fact.email}"
    if place.website is not None and place.website != fact.website:
        yield f"website {place.website}, not {fact.website}"


def _differences(place: Place, fact: Fact, outlines: dict[str, list[Polygon]]) -> Iterator[str]:
    if place.name not in fact.names:
        yield f"name {place.name!r}, not {sorted(fact.names)}"
    yield from _place_differences(place, fact, outlines)
    if not _same_hours(place, fact):
        yield f"hours {place.opening_hours}, not {fact.hours}"
    yield from _contact_differences(place, fact)
    if place.wheelchair != fact.wheelchair:
        yield f"wheelchair {place.wheelchair}, not {fact.wheelchair}"


def list_contradictions(places: list[Place], facts: dict[str, Facts], outlines: dict[str, list[Polygon]]) -> list[str]:
    """Every field in which a place says something else than its source, as one line each."""
    found: list[str] = []
    for place in places:
        fact = facts[place.source].get(place.source_id)
        if fact is None:
            found.append(f"{place.slug}: {place.source} has no {place.source_id}")
            continue
        found += [f"{place.slug}: {difference}" for difference in _differences(place, fact, outlines)]
    return found
