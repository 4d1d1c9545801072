"""Importing OpenStreetMap data: what becomes a place, what is left out, and that nothing is done twice."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from django.utils import timezone

from stadtportal.kernel.city import api as city
from stadtportal.kernel.city.actions import importing
from stadtportal.kernel.city.models import Place, Street
from stadtportal.kernel.contracts import PlaceName, registry
from stadtportal.kernel.search import api as search
from tests.city.conftest import WriteLines, node
from tests.city.extract import write_extract

pytestmark = pytest.mark.usefixtures("tiny_city")

CAFE = node(
    1,
    name="Café Äpfle",
    amenity="cafe",
    addr__street="Hangweg",
    addr__housenumber="5",
    addr__postcode="70001",
    opening_hours="Mo-Sa 09:00-18:00",
    contact__phone="0711/1234",
    website="www.example.org",
    wheelchair="limited",
    toilets__wheelchair="yes",
)


def imported() -> list[str]:
    return list(Place.objects.filter(origin="import").order_by("source_id").values_list("source_id", flat=True))


def found(text: str) -> list[str]:
    return [result.title for result in search.find(search.SearchQuery(text=text), now=timezone.now()).results]


def test_a_named_object_becomes_a_place_with_all_it_says(write_lines: WriteLines) -> None:
    report = city.import_osm(write_lines(CAFE))
    assert (report.read, report.named, report.created, report.changed) == (1, 1, 1, 1)
    place = city.get_place("cafe-aepfle-n1")
    assert place.name == "Café Äpfle"
    assert (place.category, place.district) == ("cafe", "oben")
    assert place.address == "Hangweg 5, 70001 Stuttgart"
    assert (place.phone, place.phone_link) == ("0711 1234", "tel:+497111234")
    assert place.website == "https://www.example.org"
    assert place.accessibility == (
        "Mit dem Rollstuhl teilweise zugänglich",
        "Toilette für Menschen im Rollstuhl vorhanden",
    )
    assert (place.source, place.source_id, place.label) == ("osm", "node/1", "")
    assert found("Äpfle") == ["Café Äpfle"]


def test_what_is_left_out_is_counted_with_its_reason(write_lines: WriteLines) -> None:
    report = city.import_osm(
        write_lines(
            CAFE,
            node(2, amenity="cafe"),
            node(3, name="Briefkasten", emergency="no"),
            node(4, name="Nirgends", amenity="cafe", lat=None, lon=None),
            node(5, name="Nordpol", amenity="cafe", lat=95.0),
            node(6, name="Text", amenity="cafe", lat="48.7", lon="9.1"),
            {"id": "node/x", "tags": {"name": "kein Objekt"}},
            node(7, name="Laune", shop="gift", opening_hours="nach Laune"),
            node(8, name="Amt", office="government"),
        )
    )
    assert {reason: tally.count for reason, tally in report.skipped.items()} == {
        importing.UNNAMED: 1,
        importing.NO_PLACE: 1,
        importing.NO_POINT: 3,
        importing.NO_OBJECT: 1,
    }
    assert report.skipped[importing.NO_POINT].examples == ["Nirgends (node/4)", "Nordpol (node/5)", "Text (node/6)"]
    assert report.flagged[importing.BAD_HOURS].examples == ["Laune (node/7): nach Laune"]
    assert report.flagged[importing.NO_CATEGORY].examples == ["Amt (node/8)"]
    assert imported() == ["node/1", "node/7", "node/8"]
    assert not city.get_place("laune-n7").hours_parsable


def test_the_most_telling_tag_names_the_category(write_lines: WriteLines) -> None:
    city.import_osm(
        write_lines(
            node(1, name="Halle", leisure="sports_centre", sport="tennis"),
            node(2, name="Lesecafé", shop="books", amenity="cafe"),
            node(3, name="Kram", shop="clothes;books"),
            node(4, name="Park mit Tennis", leisure="park", sport="tennis"),
            node(5, name="Leer", shop="vacant", amenity="cafe"),
        )
    )
    found_categories = dict(Place.objects.filter(origin="import").values_list("name", "category__slug"))
    assert found_categories == {
        "Halle": "tennis",
        "Lesecafé": "buecher",
        "Kram": "buecher",
        "Park mit Tennis": "park",
        "Leer": "cafe",
    }


def test_a_second_run_changes_nothing(write_lines: WriteLines) -> None:
    file = write_lines(CAFE, node(2, name="Kram", shop="gift"))
    city.import_osm(file)
    before = list(Place.objects.order_by("pk").values())
    report = city.import_osm(file)
    assert (report.changed, report.unchanged) == (0, 2)
    assert list(Place.objects.order_by("pk").values()) == before


def test_a_changed_object_is_updated_and_keeps_its_address(write_lines: WriteLines) -> None:
    city.import_osm(write_lines(CAFE))
    report = city.import_osm(write_lines(node(1, name="Café Birnle", amenity="cafe")))
    assert (report.created, report.updated) == (0, 1)
    assert city.get_place("cafe-aepfle-n1").name == "Café Birnle"
    assert city.get_place("cafe-aepfle-n1").phone == ""
    assert found("Birnle") == ["Café Birnle"]


def test_of_two_entries_of_one_object_the_later_counts(write_lines: WriteLines) -> None:
    report = city.import_osm(write_lines(CAFE, node(1, name="Später", amenity="cafe")))
    assert report.created == 1
    assert report.skipped[importing.TWICE].count == 1
    assert city.get_place("spaeter-n1").name == "Später"


def test_what_the_city_pack_holds_stays_the_packs(write_lines: WriteLines) -> None:
    report = city.import_osm(write_lines(node(11, name="Anders", amenity="cafe")))
    assert (report.created, report.changed) == (0, 0)
    assert report.skipped[importing.IN_PACK].examples == ["Anders (node/11)"]
    assert city.get_place("cafe-ueberblick").name == "Café Überblick"


def test_data_from_elsewhere_is_labelled(write_lines: WriteLines) -> None:
    city.import_osm(write_lines(node(1, name="Printe", shop="bakery")), label="Beispieldaten", city_name="Aachen")
    place = city.get_place("printe-n1")
    assert (place.label, place.city_name, place.category) == ("Beispieldaten", "Aachen", "laden")
    [result] = search.find(search.SearchQuery(text="Printe"), now=timezone.now()).results
    assert result.label == "Beispieldaten"


def test_only_the_city_can_be_taken(write_lines: WriteLines) -> None:
    far = node(2, name="Fern", amenity="cafe", lat=52.5, lon=13.4)
    report = city.import_osm(write_lines(CAFE, far), within_city=True)
    assert imported() == ["node/1"]
    assert report.skipped[importing.ELSEWHERE].examples == ["Fern (node/2)"]


def test_hostile_text_is_kept_harmless(write_lines: WriteLines) -> None:
    tags = {f"key{number}": "x" * 5000 for number in range(300)}
    hostile = node(
        1, name="  <b>\u0000Na\nme</b>\u202e ", amenity="cafe", website="javascript:alert(1)", phone="ruf an"
    )
    hostile["tags"] |= tags
    city.import_osm(write_lines(hostile))
    place = city.get_place("b-na-me-b-n1")
    assert place.name == "<b> Na me</b>"
    assert (place.website, place.phone) == ("", "")
    assert len(place.tags) <= 60
    assert max(len(value) for value in place.tags.values()) == 255


def test_packed_and_overpass_files_are_read_too(tmp_path: Path) -> None:
    packed = tmp_path / "a.ndjson.gz"
    packed.write_bytes(gzip.compress(json.dumps(CAFE).encode()))
    assert city.import_osm(packed).created == 1
    overpass = tmp_path / "b.json"
    way = {"type": "way", "id": 5, "center": {"lat": 48.77, "lon": 9.18}, "tags": {"name": "Weg", "shop": "gift"}}
    overpass.write_text(json.dumps({"elements": [way]}))
    assert city.import_osm(overpass).created == 1
    assert imported() == ["node/1", "way/5"]


def test_an_extract_brings_places_and_streets(tmp_path: Path) -> None:
    file = write_extract(tmp_path / "ort.osm.pbf")
    report = city.import_osm(file)
    assert imported() == ["node/1", "relation/601", "way/504"]
    assert (report.created, report.streets, report.streets_changed) == (3, 2, 2)
    near, far = Street.objects.order_by("source_id")
    assert (near.source_id, near.name, len(near.lines)) == ("way/501", "Lange Straße", 2)
    assert near.district is not None
    assert near.district.slug == "unten"
    assert (far.source_id, far.district) == ("way/503", None)
    again = city.import_osm(file)
    assert (again.changed, again.unchanged) == (0, 3)
    names = {(name.name, name.kind, name.district) for name in search_names()}
    assert ("Lange Straße", "street", "unten") in names


def search_names() -> list[PlaceName]:
    return list(registry.place_names())


def test_a_street_that_left_the_extract_leaves_the_city(tmp_path: Path) -> None:
    file = write_extract(tmp_path / "ort.osm.pbf")
    city.import_osm(file)
    Street.objects.create(
        name="Alte Gasse", sort_name="alte gasse", source="osm", source_id="way/999", lines=[], city_name="Stuttgart",
        lat=48.77, lon=9.19, south=48.77, west=9.19, north=48.77, east=9.19,
    )  # fmt: skip
    report = city.import_osm(file)
    assert report.streets_changed == 1
    assert not Street.objects.filter(name="Alte Gasse").exists()


def test_an_import_that_stops_says_how_far_it_came(write_lines: WriteLines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    file = write_lines(*(node(number, name=f"Café {number}", amenity="cafe") for number in range(100, 125)))
    with file.open("a") as opened:
        opened.write("{kaputt\n")
    with pytest.raises(city.ImportStopped) as stopped:
        city.import_osm(file)
    assert stopped.value.sentence == (
        "orte.ndjson, Zeile 26: Die Zeile ist kein gültiges JSON. Bitte berichtigen oder löschen Sie die Zeile. "
        "Bis dahin wurden 20 Orte übernommen und bleiben erhalten. "
        "Ein neuer Lauf setzt darauf auf und legt nichts doppelt an."
    )
    assert stopped.value.report.created == 20
    assert len(imported()) == 20
    assert search.count_entries() == 24  # The tiny city has three places and one organisation.


def test_an_import_that_cannot_begin_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "halb.osm.pbf"
    file.write_bytes(write_extract(tmp_path / "ort.osm.pbf", nodes=3000).read_bytes()[:-400])
    with pytest.raises(city.ImportStopped, match=r"abgeschnitten.*Es wurde nichts übernommen"):
        city.import_osm(file)
    assert imported() == []


def test_progress_is_told_in_bytes_of_the_file(write_lines: WriteLines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "PROGRESS_EVERY", 2)
    monkeypatch.setattr(importing, "BATCH", 2)
    file = write_lines(*(node(number, name=f"Café {number}", amenity="cafe") for number in range(4)))
    told: list[tuple[int, int | None, str]] = []
    city.import_osm(file, progress=lambda done, total, what: told.append((done, total, what)))
    assert [what for _, _, what in told] == ["2 Orte", "4 Orte", "Wörter für die Suche zählen", "4 Orte"]
    assert told[0][1] == file.stat().st_size


def test_aachen_as_a_whole(shared_data: Path) -> None:
    report = city.import_osm(shared_data / "osm_pois_standin_aachen.ndjson", label="Beispieldaten", city_name="Aachen")
    assert (report.read, report.named, report.created) == (8287, 3696, 3696)
    assert report.skipped[importing.UNNAMED].count == 4591
    assert report.flagged[importing.BAD_HOURS].count == 8
    assert Place.objects.filter(origin="import", hours_parsable=False).count() == 8
    again = city.import_osm(shared_data / "osm_pois_standin_aachen.ndjson", label="Beispieldaten", city_name="Aachen")
    assert (again.changed, again.unchanged) == (0, 3696)
