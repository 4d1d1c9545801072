"""Loading a city pack: all of it, again without change, and what leaves it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from stadtportal.kernel.city import api as city
from stadtportal.kernel.city.models import Category, District, Organisation, Place, Postcode, Quarter, Source
from stadtportal.kernel.contracts import NotFound, registry
from stadtportal.kernel.search import api as search
from tests.city.conftest import WriteLines, node

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_pack(pack: Path, tmp_path: Path) -> Path:
    """A copy of the tiny pack that a test may change."""
    return Path(shutil.copytree(pack, tmp_path / "kleinstadt"))


def change(folder: Path, slug: str, **values: Any) -> None:  # noqa: ANN401 -- whatever a pack may hold.
    """Change one place of a pack; without values it leaves."""
    path = folder / "places" / "orte.ndjson"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    kept = [row | values if row["slug"] == slug else row for row in rows if values or row["slug"] != slug]
    path.write_text("".join(json.dumps(row) + "\n" for row in kept))


def titles(text: str) -> list[str]:
    return [result.title for result in search.find(search.SearchQuery(text=text), now=timezone.now()).results]


def test_everything_of_the_pack_is_there(pack: Path) -> None:
    report = city.load_city(folder=pack)
    assert (report.read, report.created, report.changed) == (3, 3, 3)
    assert [(one.slug, one.number, one.inner, one.neighbours) for one in city.list_districts()] == [
        ("unten", 1, True, ("oben",)),
        ("oben", 2, False, ("unten",)),
    ]
    assert [(one.slug, one.parent, one.place_count) for one in city.list_categories()] == [
        ("buecher", "laden", 1),
        ("cafe", "essen", 1),
        ("essen", "", 0),
        ("laden", "", 0),
        ("park", "", 1),
        ("tennis", "", 0),
    ]
    place = city.get_place("cafe-ueberblick")
    assert (place.district, place.organisation_name, place.phone) == ("oben", "Stadt Kleinstadt", "0711 216-0")
    assert place.city_line == "70001 Kleinstadt"
    assert not city.get_place("buecherei-ohne-punkt").hours_parsable
    source = city.get_source("osm-pois")
    assert source is not None
    assert (source.attribution, str(source.as_of)) == ("© OpenStreetMap-Mitwirkende, ODbL 1.0", "2026-07-17")
    assert search.count_entries() == 4


def test_loading_again_changes_nothing(pack: Path) -> None:
    models = (Category, District, Organisation, Place, Source)
    city.load_city(folder=pack)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    report = city.load_city(folder=pack)
    assert (report.changed, report.unchanged) == (0, 3)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    assert (Quarter.objects.count(), Postcode.objects.count()) == (1, 1)


def test_the_real_pack_loads_twice() -> None:
    first = city.load_city()
    assert first.created == first.read >= 300
    assert city.load_city().changed == 0
    assert len(city.list_districts()) == 23


def test_a_change_reaches_page_and_search(own_pack: Path) -> None:
    city.load_city(folder=own_pack)
    change(own_pack, "stadtpark", name="Volkspark")
    report = city.load_city(folder=own_pack)
    assert (report.created, report.updated, report.unchanged) == (0, 1, 2)
    assert city.get_place("stadtpark").name == "Volkspark"
    assert titles("Volkspark") == ["Volkspark"]


def test_a_new_word_for_a_category_reaches_search(own_pack: Path) -> None:
    city.load_city(folder=own_pack)
    path = own_pack / "categories.yaml"
    path.write_text(path.read_text().replace("Kuchen]", "Kuchen, Sahnetorte]"))
    city.load_city(folder=own_pack)
    assert titles("Sahnetorte") == ["Café Überblick"]


def test_what_left_the_pack_is_gone_and_may_come_back(own_pack: Path, pack: Path) -> None:
    city.load_city(folder=own_pack)
    change(own_pack, "stadtpark")
    city.load_city(folder=own_pack)
    with pytest.raises(NotFound):
        city.get_place("stadtpark")
    assert "Stadtpark" not in titles("Stadtpark")
    city.load_city(folder=pack)
    assert city.get_place("stadtpark").name == "Stadtpark"
    assert titles("Stadtpark") == ["Stadtpark"]


def test_an_imported_place_makes_room_for_the_packs(own_pack: Path, write_lines: WriteLines) -> None:
    change(own_pack, "stadtpark")
    city.load_city(folder=own_pack)
    park = node(12, name="Stadtpark laut OSM", leisure="park") | {"id": "way/12"}
    city.import_osm(write_lines(park))
    row = json.dumps({"slug": "stadtpark", "name": "Stadtpark", "source": "osm-pois", "source_id": "way/12"})
    (own_pack / "places" / "neu.ndjson").write_text(row)
    city.load_city(folder=own_pack)
    assert list(Place.objects.filter(removed_at=None, source_id="way/12").values_list("slug", flat=True)) == [
        "stadtpark"
    ]
    assert titles("Stadtpark") == ["Stadtpark"]


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("places/x.ndjson", '{"slug": "a", "name": "A", "category": "gibt-es-nicht"}', "„gibt-es-nicht“ gibt es nicht"),
        ("places/x.ndjson", '{"slug": "a", "name": "A", "lat": 95, "lon": 9}', "liegt nicht auf der Erde"),
        ("places/x.ndjson", '{"slug": "a", "name": "A", "lat": 48.7, "lon": null}', "liegt nicht auf der Erde"),
        ("places/x.ndjson", '{"slug": "stadtpark", "name": "A"}', "steht zweimal im Stadtpaket"),
        ("places/x.ndjson", '{"slug": "a"}', "places/x.ndjson, Zeile 1"),
        ("places/x.ndjson", "kaputt", "places/x.ndjson, Zeile 1"),
        ("city.yaml", "name: [", "city.yaml"),
        ("city.yaml", "titel: x", "Es fehlt „name“"),
        ("districts.geojson", "{}", "kein GeoJSON"),
        ("categories.yaml", "- {slug: a, title: A, parent: b}", "„a“ liegt unter „b“, das es nicht gibt"),
        ("quarters.yaml", "Ort: nirgends", "quarters.yaml: Ort: „nirgends“ gibt es nicht"),
    ],
)
def test_a_broken_pack_is_refused_whole(own_pack: Path, file: str, content: str, said: str) -> None:
    city.load_city(folder=own_pack)
    before = list(Place.objects.order_by("pk").values())
    (own_pack / file).write_text(content)
    with pytest.raises(city.PackBroken) as refused:
        city.load_city(folder=own_pack)
    assert said in refused.value.sentence
    assert list(Place.objects.order_by("pk").values()) == before


def test_a_pack_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(city.PackBroken, match="„atlantis“ gibt es nicht"):
        city.load_city(folder=tmp_path / "atlantis")


def test_the_district_of_a_point(tiny_city: None) -> None:  # noqa: ARG001 -- asking for the city is its use.
    below, above = city.district_at(48.77, 9.18), city.district_at(48.785, 9.18)
    assert below is not None
    assert above is not None
    assert (below.slug, above.slug) == ("unten", "oben")
    assert city.district_at(52.5, 13.4) is None


def test_search_is_told_every_name_of_the_city(tiny_city: None) -> None:  # noqa: ARG001 -- see above.
    names = [(name.kind, name.name, name.district, name.point) for name in registry.place_names()]
    assert names[1:] == [
        ("district", "Unten", "unten", (48.77, 9.185)),
        ("district", "Oben", "oben", (48.785, 9.185)),
        ("quarter", "Am Hang", "oben", (48.785, 9.185)),
        ("postcode", "70001", "unten", (48.77, 9.185)),
        ("landmark", "Stadtpark", "unten", (48.7703, 9.1805)),
    ]
    assert names[0][:2] == ("city", city.city().name)
