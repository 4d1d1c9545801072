"""What ``../shared/data`` says, by source key and source id, in the spelling the pack uses.

The spelling rules stand here a second time and on purpose: the pack is compared with the files, not with a script.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The timetable shortens this one name; the full one is known.
SPELLED_OUT = {"Neuwirtsh. (Porschep.)": "Neuwirtshaus (Porscheplatz)"}
PARKING_WORDS = {"CAR_PARK": "Parkhaus", "UNDERGROUND": "Tiefgarage"}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One record of a file; ``names`` are the spellings allowed, ``None`` means the file does not say.

    ``district_name`` is the district the file itself states, ``hours`` the hours as the file writes them.
    """

    names: frozenset[str]
    lat: float | None = None
    lon: float | None = None
    district_name: str | None = None
    street: str | None = None
    postcode: str | None = None
    hours: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    wheelchair: str | None = None


Facts = dict[str, Fact]


def _lines(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def read_offices(folder: Path) -> Facts:
    """The citizen offices; their district is the one in their name."""
    facts: Facts = {}
    for record in _lines(folder / "buergerbueros_stuttgart.ndjson"):
        address = re.fullmatch(r"(.+), (\d{5}) Stuttgart", record["address"])
        assert address is not None
        facts[record["name"]] = Fact(
            names=frozenset({record["name"]}),
            district_name=record["name"].removeprefix("Bürgerbüro "),
            street=address[1],
            postcode=address[2],
            hours=record.get("opening_hours"),
        )
    return facts


def read_schools(folder: Path) -> Facts:
    """The schools by their number in the address directory."""
    return {
        record["id"]: Fact(
            names=frozenset({" ".join(record["name"].split()).replace(" )", ")")}),
            lat=float(record["lat"]),
            lon=float(record["lon"]),
            district_name=record["stadtbezirk"],
            street=record["street"],
            phone=record.get("phone"),
            email=record.get("email"),
            website=record.get("website"),
        )
        for record in _lines(folder / "schools_stuttgart.ndjson")
    }


def read_markets(folder: Path) -> Facts:
    """The markets by title; a title that comes again gets its number."""
    collection = json.loads((folder / "wochenmaerkte_stuttgart.json").read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    facts: Facts = {}
    for feature in collection["features"]:
        title = feature["properties"]["title"]
        seen[title] += 1
        lon, lat = feature["geometry"]["coordinates"]
        postcode = re.search(r"\b70\d{3}\b", feature["properties"]["location"])
        facts[title if seen[title] == 1 else f"{title} #{seen[title]}"] = Fact(
            names=frozenset({title}),
            lat=lat,
            lon=lon,
            postcode=postcode[0] if postcode else None,
            hours=feature["properties"]["opening_hours"],
            website=collection["metadata"]["data_source"]["url"],
        )
    return facts


def read_osm(folder: Path) -> Facts:
    """Parks and places from OpenStreetMap by type and number; hire stations carry the network before the name."""
    facts: Facts = {}
    for line in (folder / "osm_pois_stuttgart.ndjson").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        tags = record["tags"]
        street = " ".join(filter(None, (tags.get("addr:street", "").split(" / ")[0], tags.get("addr:housenumber"))))
        facts[record["id"]] = Fact(
            names=frozenset({tags["name"], f"RegioRad {tags['name']}"} if "network" in tags else {tags["name"]}),
            lat=record["lat"],
            lon=record["lon"],
            district_name=record["stadtbezirk"],
            street=street or None,
            postcode=tags.get("addr:postcode"),
            hours=tags.get("opening_hours"),
            phone=tags.get("phone", tags.get("contact:phone")),
            email=tags.get("email", tags.get("contact:email")),
            website=tags.get("website", tags.get("contact:website")),
            wheelchair=tags.get("wheelchair"),
        )
    return facts


def read_stops(folder: Path) -> Facts:
    """The stops by their id; platforms lose their number, and the pack says before the name what it is."""
    facts: Facts = {}
    for record in json.loads((folder / "transit_stops_stuttgart.json").read_text(encoding="utf-8")):
        plain = re.sub(r" (Pos|Bstg) ?\d+$", "", record["name"])
        plain = SPELLED_OUT.get(plain, plain)
        facts[record["id"]] = Fact(
            names=frozenset({plain, f"Haltestelle {plain}", f"S-Bahn-Station {plain}"}),
            lat=record["latitude"],
            lon=record["longitude"],
            district_name=record["districtId"],
        )
    return facts


def read_parking(folder: Path) -> Facts:
    """The parking sites by their id; the city's name in front goes, the kind of site comes."""
    facts: Facts = {}
    for record in json.loads((folder / "parking_sites_stuttgart.json").read_text(encoding="utf-8")):
        plain = re.sub(r"^Stuttgart,? ", "", record["name"])
        address = record["address"] or ""
        postcode = re.search(r"\b70\d{3}\b", address)
        facts[record["id"]] = Fact(
            names=frozenset({plain, f"{PARKING_WORDS.get(record['type'], 'Parkplatz')} {plain}"}),
            lat=record["latitude"],
            lon=record["longitude"],
            district_name=record["districtId"],
            street=re.sub(r", 70\d{3} Stuttgart$", "", address) or None,
            postcode=postcode[0] if postcode else None,
        )
    return facts


def read_facts(folder: Path) -> dict[str, Facts]:
    """All files, by the source key the pack uses."""
    osm = read_osm(folder)
    return {
        "buergerbueros": read_offices(folder),
        "schulen": read_schools(folder),
        "maerkte": read_markets(folder),
        "osm-parks": osm,
        "osm-pois": osm,
        "haltestellen": read_stops(folder),
        "parken": read_parking(folder),
    }
