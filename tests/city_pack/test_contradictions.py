"""The pack says nothing else than the files it was written from; needs ``../shared/data``."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.city_pack.comparing import list_contradictions
from tests.city_pack.geometry import contains
from tests.city_pack.reading import Place, Polygon, polygons_of, read_pack
from tests.city_pack.shared_facts import Facts, read_facts
from tests.city_pack.weeks import week_as_evaluated, week_as_written

PACK_DATA = read_pack()
# Places whose source names another district than the one its own point lies in; the pack follows the point.
STATED_ELSEWHERE = {
    ("freie-aktive-schule-stuttgart-grundschule", "Sillenbuch", "degerloch"),
    ("freie-aktive-schule-stuttgart", "Sillenbuch", "degerloch"),
    ("neckar-realschule", "Mitte", "nord"),
    ("park-realschule", "Zuffenhausen", "stammheim"),
    ("tapachtal", "Münster", "zuffenhausen"),
}


@pytest.fixture(scope="module")
def facts(request: pytest.FixtureRequest) -> dict[str, Facts]:
    return read_facts(_folder(request))


@pytest.fixture(scope="module")
def outlines(request: pytest.FixtureRequest) -> dict[str, list[Polygon]]:
    """The full, unsimplified outlines by district slug."""
    text = (_folder(request) / "stadtbezirke_stuttgart.geojson").read_text(encoding="utf-8")
    return {feature["properties"]["slug"]: polygons_of(feature["geometry"]) for feature in json.loads(text)["features"]}


def _folder(request: pytest.FixtureRequest) -> Path:
    folder = Path(request.config.rootpath).parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data, which a plain clone does not have")
    return folder


def test_no_place_contradicts_its_source(facts: dict[str, Facts], outlines: dict[str, list[Polygon]]) -> None:
    assert list_contradictions(PACK_DATA.places, facts, outlines) == []


def test_nothing_of_the_complete_files_is_missing(facts: dict[str, Facts]) -> None:
    for key in ("buergerbueros", "schulen", "maerkte"):
        assert {place.source_id for place in PACK_DATA.places if place.source == key} == set(facts[key]), key


def test_districts_are_named_and_numbered_as_the_city_does(shared_data: Path) -> None:
    text = (shared_data / "stadtbezirke_stuttgart.geojson").read_text(encoding="utf-8")
    stated = {
        feature["properties"]["slug"]: (feature["properties"]["name"], int(feature["properties"]["districtNumber"]))
        for feature in json.loads(text)["features"]
    }
    assert {slug: (one.name, one.number) for slug, one in PACK_DATA.districts.items()} == stated


def test_the_district_a_source_states_is_the_one_of_the_point_but_for_five(facts: dict[str, Facts]) -> None:
    names = {slug: {slug, district.name} for slug, district in PACK_DATA.districts.items()}
    elsewhere = set()
    for place in PACK_DATA.places:
        stated = facts[place.source][place.source_id].district_name
        if stated is not None and place.district is not None and stated not in names[place.district]:
            elsewhere.add((place.slug, stated, place.district))
    assert elsewhere == STATED_ELSEWHERE


def test_postcodes_are_those_of_the_file_and_lie_in_the_district(
    shared_data: Path, outlines: dict[str, list[Polygon]]
) -> None:
    stated = {
        record["plz"]: record for record in json.loads((shared_data / "plz_stuttgart.json").read_text(encoding="utf-8"))
    }
    # The airport's postcode has its centre outside the city.
    assert set(stated) - set(PACK_DATA.postcodes) == {"70629"}
    for code, entry in PACK_DATA.postcodes.items():
        assert abs(float(entry["lat"]) - stated[code]["lat"]) < 1e-5
        assert abs(float(entry["lon"]) - stated[code]["lon"]) < 1e-5
        assert contains(outlines[str(entry["district"])], (stated[code]["lon"], stated[code]["lat"]))


def test_example_streets_exist(shared_data: Path) -> None:
    text = (shared_data / "stuttgart_streets.csv").read_text(encoding="utf-8")
    streets = {line.split(",")[0].replace("str.", "straße").replace("Str.", "Straße") for line in text.splitlines()}
    assert {place.street for place in PACK_DATA.demo.places} - streets == set()


@pytest.mark.parametrize(
    ("slug", "spoil", "complaint"),
    [
        ("albschule", lambda place: replace(place, name="Andere Schule"), "name 'Andere Schule'"),
        ("albschule", lambda place: replace(place, lat=48.7), "point 48.7"),
        ("albschule", lambda place: replace(place, district="mitte"), "district mitte does not contain the point"),
        ("albschule", lambda place: replace(place, phone="+49 711 1"), "phone +49 711 1"),
        ("albschule", lambda place: replace(place, house_number="62"), "address 'Wurmlinger Straße 62'"),
        ("albschule", lambda place: replace(place, source_id="STG-0"), "schulen has no STG-0"),
        ("buergerbuero-ost", lambda place: replace(place, opening_hours="Mo 08:15-12:31"), "hours Mo 08:15-12:31"),
        ("buergerbuero-ost", lambda place: replace(place, opening_hours=None), "hours None"),
        ("buergerbuero-ost", lambda place: replace(place, lat=48.8, lon=9.2), "a point nobody stated"),
        ("kamps-mitte", lambda place: replace(place, wheelchair="limited"), "wheelchair limited"),
    ],
)
def test_a_wrong_field_is_found(
    facts: dict[str, Facts],
    outlines: dict[str, list[Polygon]],
    slug: str,
    spoil: Callable[[Place], Place],
    complaint: str,
) -> None:
    place = next(one for one in PACK_DATA.places if one.slug == slug)
    assert list_contradictions([place], facts, outlines) == []
    found = list_contradictions([spoil(place)], facts, outlines)
    assert len(found) == 1
    assert complaint in found[0]


def test_days_listed_with_blanks_mean_the_hours_that_follow() -> None:
    assert week_as_written("Tu, Th 07:00-12:30, Sa 08:00-12:00") == {
        "Tu": ["07:00-12:30"],
        "Th": ["07:00-12:30"],
        "Sa": ["08:00-12:00"],
    }
    assert week_as_evaluated("Tu, Th 07:00-12:30")["Tu"] == ["00:00-00:00"]
    with pytest.raises(ValueError, match="cannot read hours"):
        week_as_written("by appointment")
