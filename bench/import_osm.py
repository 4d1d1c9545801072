"""Import a file ten times the size of Stuttgart into a fresh portal and measure it.

The file holds 100,000 named places that are generated variants (names, tags and hours put together by chance with a
fixed seed, points inside the city's box); no place in it is real. Usage: ``python bench/import_osm.py [PLACES]``.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

SEED = 20261123
PLACES = 100_000

KINDS = (
    ("amenity", "restaurant", ("Gasthaus", "Ristorante", "Taverna", "Restaurant")),
    ("amenity", "cafe", ("Café", "Kaffeehaus", "Rösterei")),
    ("amenity", "fast_food", ("Imbiss", "Döner", "Pizzeria")),
    ("amenity", "pharmacy", ("Apotheke",)),
    ("amenity", "doctors", ("Praxis Dr.", "Hausarztpraxis")),
    ("amenity", "dentist", ("Zahnarztpraxis",)),
    ("amenity", "kindergarten", ("Kita", "Kindergarten")),
    ("amenity", "bank", ("Sparkasse", "Volksbank")),
    ("shop", "bakery", ("Bäckerei", "Backhaus")),
    ("shop", "hairdresser", ("Friseur", "Salon")),
    ("shop", "clothes", ("Mode", "Boutique")),
    ("shop", "supermarket", ("Markt", "Supermarkt")),
    ("shop", "florist", ("Blumen",)),
    ("shop", "bicycle", ("Fahrrad", "Radhaus")),
    ("leisure", "fitness_centre", ("Fitness", "Studio")),
    ("leisure", "playground", ("Spielplatz",)),
    ("leisure", "sports_centre", ("Sporthalle", "Sportzentrum")),
    ("craft", "carpenter", ("Schreinerei",)),
    ("office", "lawyer", ("Kanzlei",)),
    ("tourism", "hotel", ("Hotel", "Gasthof")),
)
NAMES = (
    "Müller",
    "Schmid",
    "Weber",
    "Bäuerle",
    "Häberle",
    "Pfleiderer",
    "Kurz",
    "Größer",
    "Öttinger",
    "Übele",
    "Yılmaz",
    "Rossi",
    "Nowak",
    "Krämer",
    "Vogel",
    "Adler",
    "Sonne",
    "Linde",
    "Krone",
    "Löwe",
    "Hirsch",
    "Traube",
    "Neckar",
    "Solitude",
    "Weinberg",
    "Rosenstein",
    "Königin",
    "Feuersee",
    "Kastanie",
)
STREETS = (
    "Hauptstraße",
    "Bahnhofstraße",
    "Gartenstraße",
    "Schillerstraße",
    "Uhlandstraße",
    "Mörikestraße",
    "Hölderlinweg",
    "Kelterplatz",
    "Neckarstraße",
    "Olgastraße",
    "Charlottenstraße",
    "Rotebühlstraße",
    "Königstraße",
    "Tübinger",
    "Eberhardstraße",
    "Silberburgstraße",
)
DAYS = ("Mo-Fr", "Mo-Sa", "Tu-Sa", "Mo,Tu,Th,Fr", "Mo-Su")


def generated(number: int, chance: random.Random) -> dict[str, object]:
    """Return one generated place as a line of NDJSON has it."""
    key, value, words = chance.choice(KINDS)
    tags = {key: value, "name": f"{chance.choice(words)} {chance.choice(NAMES)} {chance.randrange(1, 3000)}"}
    if chance.random() < 0.6:
        tags |= {
            "addr:street": chance.choice(STREETS),
            "addr:housenumber": str(chance.randrange(1, 200)),
            "addr:postcode": f"70{chance.randrange(173, 629)}",
            "addr:city": "Stuttgart",
        }
    if chance.random() < 0.5:
        opens, closes = chance.randrange(6, 12), chance.randrange(13, 24)
        quarter = chance.choice(("00", "15", "30"))
        tags["opening_hours"] = f"{chance.choice(DAYS)} {opens:02}:{quarter}-{closes}:{quarter}; PH off"
    if chance.random() < 0.4:
        tags["wheelchair"] = chance.choice(("yes", "no", "limited"))
    if chance.random() < 0.4:
        tags["phone"] = f"+49 711 {chance.randrange(100_000, 9_999_999)}"
    if chance.random() < 0.3:
        tags["website"] = f"https://www.example.org/{number}"
    return {
        "id": f"node/{900_000_000_000 + number}",
        "lon": round(chance.uniform(9.04, 9.31), 6),
        "lat": round(chance.uniform(48.70, 48.86), 6),
        "tags": tags,
    }


def write_file(path: Path, places: int) -> None:
    """Write so many generated places."""
    chance = random.Random(SEED)  # noqa: S311 -- the same file every time is the point.
    with path.open("w", encoding="utf-8") as file:
        for number in range(places):
            file.write(json.dumps(generated(number, chance), ensure_ascii=False) + "\n")


def measure(folder: Path, places: int) -> dict[str, float]:
    """Import the file twice, new and unchanged, into the portal in ``folder``; return the figures."""
    from django.core.management import call_command  # noqa: PLC0415 -- Django is set up by now.
    from django.db import connection  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.city import api as city  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.

    call_command("migrate", interactive=False, verbosity=0)
    started = time.perf_counter()
    city.load_city()
    pack = time.perf_counter() - started
    file = folder / "generated.ndjson"
    write_file(file, places)
    size = file.stat().st_size
    print(f"Stadtpaket geladen in {pack:.1f} s; Datei: {places} erzeugte Orte, {size / 1024**2:.1f} MB")
    before = search.count_entries()
    started = time.perf_counter()
    first = city.import_osm(file)
    seconds = time.perf_counter() - started
    entries = search.count_entries() - before
    print(f"Erster Lauf:  {first.created} neu in {seconds:.1f} s ({first.created / seconds:.0f} je Sekunde)")
    started = time.perf_counter()
    second = city.import_osm(file)
    again = time.perf_counter() - started
    print(f"Zweiter Lauf: {second.changed} geändert, {second.unchanged} unverändert in {again:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('city_place') / 1048576.0")
        megabytes = float(cursor.fetchone()[0])
    print(f"Sucheinträge: {entries}; Tabelle der Orte: {megabytes:.0f} MB")
    return {
        "places": first.created,
        "seconds": round(seconds, 2),
        "places_per_second": round(first.created / seconds, 1),
        "second_run_seconds": round(again, 2),
        "second_run_changed": second.changed,
        "search_entries": entries,
        "pack_seconds": round(pack, 2),
    }


def main() -> None:
    """Set up a portal of its own, measure, and take it down."""
    places = int(sys.argv[1]) if len(sys.argv) > 1 else PLACES
    with tempfile.TemporaryDirectory(prefix="portal-import-") as name:
        folder = Path(name)
        os.environ["PORTAL_DATA"] = name
        os.environ["DJANGO_SETTINGS_MODULE"] = "stadtportal.project.settings"
        os.environ.pop("DATABASE_URL", None)
        from stadtportal.project.runtime.database import EmbeddedDatabase  # noqa: PLC0415 -- reads PORTAL_DATA.

        database = EmbeddedDatabase(folder)
        database.start()
        try:
            import django  # noqa: PLC0415 -- as above.

            django.setup()
            figures = measure(folder, places)
        finally:
            database.stop()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
