"""The city pack holds together: complete, unique, referenced, placed and licensed."""

import json
import re
from collections import Counter
from itertools import chain

import pytest
from opening_hours import OpeningHours, validate

from tests.city_pack.geometry import contains, edges, metres_outside
from tests.city_pack.reading import PACK, Course, District, Place, read_pack

# Simplifying moved the boundaries; of all places one lies outside its outline, by 3 metres.
OUTLINE_TOLERANCE_METRES = 5.0
ICONS = {
    *("sport", "school", "health", "office", "shop", "food", "culture", "tree", "transit", "family"),
    *("service", "emergency", "market", "library", "pool", "yoga", "gym", "church", "parking", "info"),
}
WEEKDAYS = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

PACK_DATA = read_pack()
ALL_PLACES = [*PACK_DATA.places, *PACK_DATA.demo.places]


def _by_slug(thing: Place | Course | District) -> str:
    return thing.slug


def test_there_are_the_23_districts_with_the_five_inner_ones() -> None:
    districts = PACK_DATA.districts
    assert sorted(district.number for district in districts.values()) == list(range(1, 24))
    assert {slug for slug, district in districts.items() if district.inner} == {"mitte", "nord", "ost", "sued", "west"}


@pytest.mark.parametrize("district", PACK_DATA.districts.values(), ids=_by_slug)
def test_a_district_contains_its_centre_and_knows_its_neighbours_both_ways(district: District) -> None:
    assert contains(district.polygons, district.centre)
    assert district.neighbours
    for neighbour in district.neighbours:
        assert district.slug in PACK_DATA.districts[neighbour].neighbours


@pytest.mark.parametrize("district", PACK_DATA.districts.values(), ids=_by_slug)
def test_neighbours_share_their_boundary_point_by_point_so_the_map_has_no_gaps(district: District) -> None:
    own = edges(district.polygons)
    for slug in district.neighbours:
        assert own & edges(PACK_DATA.districts[slug].polygons), slug


def test_districts_lie_in_the_bounds_of_the_city() -> None:
    west, south, east, north = PACK_DATA.bounds
    points = [
        point
        for district in PACK_DATA.districts.values()
        for polygon in district.polygons
        for ring in polygon
        for point in ring
    ]
    assert west <= min(lon for lon, _ in points)
    assert max(lon for lon, _ in points) <= east
    assert south <= min(lat for _, lat in points)
    assert max(lat for _, lat in points) <= north


def test_slugs_are_unique_readable_and_ascii() -> None:
    slugs = [place.slug for place in ALL_PLACES]
    assert [slug for slug, count in Counter(slugs).items() if count > 1] == []
    courses = [course.slug for course in PACK_DATA.demo.courses]
    assert [slug for slug, count in Counter(courses).items() if count > 1] == []
    bodies = [*PACK_DATA.organisations, *(body.slug for body in PACK_DATA.demo.organisations)]
    assert [slug for slug, count in Counter(bodies).items() if count > 1] == []
    everything = [*slugs, *courses, *bodies, *PACK_DATA.categories, *PACK_DATA.districts]
    assert [slug for slug in everything if not SLUG.fullmatch(slug)] == []
    assert max(map(len, everything)) <= 80


def test_at_least_300_public_places_each_name_a_source_and_an_id_of_their_own() -> None:
    assert len(PACK_DATA.places) >= 300
    assert [
        place.slug for place in PACK_DATA.places if not (place.source in PACK_DATA.sources and place.source_id)
    ] == []
    ids = Counter((place.source, place.source_id) for place in PACK_DATA.places)
    assert [key for key, count in ids.items() if count > 1] == []
    assert [place.slug for place in PACK_DATA.places if place.example] == []


def test_the_promised_groups_are_complete() -> None:
    counts = Counter(place.source for place in PACK_DATA.places)
    assert counts["buergerbueros"] == 22
    assert counts["schulen"] == 171
    assert counts["maerkte"] == 28
    assert counts["osm-parks"] >= 90
    assert counts["haltestellen"] >= 300


def test_every_source_states_its_licence_and_attribution() -> None:
    for key, source in PACK_DATA.sources.items():
        assert source.licence, key
        assert source.attribution, key
        assert source.holder, key
        if "ODbL" in source.licence or source.licence.startswith("CC"):
            assert source.licence_url, key


def test_categories_form_groups_and_no_osm_key_has_two_homes() -> None:
    categories = PACK_DATA.categories
    groups = {slug for slug, category in categories.items() if category.parent is None}
    assert len(groups) == 12
    assert {category.parent for category in categories.values()} == {None, *groups}
    keys = Counter(chain.from_iterable(category.osm for category in categories.values()))
    assert [key for key, count in keys.items() if count > 1] == []
    assert [key for key in keys if not re.fullmatch(r"[a-z_]+=([a-z0-9_]+|\*)", key)] == []
    for category in categories.values():
        assert category.icon in ICONS, category.slug
        assert category.words, category.slug
        assert re.fullmatch(r"[A-Z][A-Za-z]+", category.schema_org), category.slug


def test_everything_referred_to_exists() -> None:
    bodies = {*PACK_DATA.organisations, *(body.slug for body in PACK_DATA.demo.organisations)}
    places = {place.slug: place for place in PACK_DATA.demo.places}
    for place in ALL_PLACES:
        assert place.category in PACK_DATA.categories, place.slug
        assert PACK_DATA.categories[place.category].parent is not None, place.slug
        assert place.district in PACK_DATA.districts, place.slug
        assert place.organisation is None or place.organisation in bodies, place.slug
    for course in PACK_DATA.demo.courses:
        assert places[course.place].organisation == course.organisation, course.slug
        assert course.category in PACK_DATA.categories, course.slug
    for person in PACK_DATA.demo.people:
        assert person.organisation is None or person.organisation in bodies, person.email
    assert {slug for slug in PACK_DATA.quarters.values() if slug not in PACK_DATA.districts} == set()
    assert {str(code["district"]) for code in PACK_DATA.postcodes.values()} <= set(PACK_DATA.districts)


def test_hours_can_be_read_by_the_engine_that_will_read_them() -> None:
    stated = [place for place in ALL_PLACES if place.opening_hours is not None]
    assert len(stated) >= 60
    for place in stated:
        assert place.opening_hours is not None
        assert validate(place.opening_hours), place.slug
        assert str(OpeningHours(place.opening_hours)), place.slug


def test_hours_list_weekdays_without_blanks_which_would_mean_a_whole_day() -> None:
    trap = re.compile(r"\b(Mo|Tu|We|Th|Fr|Sa|Su), +(Mo|Tu|We|Th|Fr|Sa|Su)\b")
    assert [place.slug for place in ALL_PLACES if trap.search(place.opening_hours or "")] == []


def test_points_lie_in_the_district_and_in_the_city() -> None:
    west, south, east, north = PACK_DATA.bounds
    for place in ALL_PLACES:
        assert (place.lat is None) == (place.lon is None), place.slug
        if place.lat is None or place.lon is None or place.district is None:
            continue
        assert west <= place.lon <= east, place.slug
        assert south <= place.lat <= north, place.slug
        outside = metres_outside(PACK_DATA.districts[place.district].polygons, (place.lon, place.lat))
        assert outside <= OUTLINE_TOLERANCE_METRES, f"{place.slug}: {outside:.0f} m outside {place.district}"


def test_every_place_can_be_reached_by_point_or_by_address() -> None:
    assert [place.slug for place in ALL_PLACES if place.lat is None and not (place.street and place.postcode)] == []


def test_contact_details_are_well_formed() -> None:
    for place in ALL_PLACES:
        assert place.phone is None or re.fullmatch(r"\+49 [\d -]+", place.phone), place.slug
        assert place.email is None or re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", place.email), place.slug
        assert place.website is None or re.match(r"https?://\S+$", place.website), place.slug
        assert place.postcode is None or re.fullmatch(r"70\d{3}", place.postcode), place.slug
        assert place.wheelchair in {None, "yes", "limited", "no"}, place.slug
        assert {type(value) for value in place.tags.values()} <= {str}, place.slug


def test_postcodes_lie_in_their_district() -> None:
    assert len(PACK_DATA.postcodes) == 34
    for code, entry in PACK_DATA.postcodes.items():
        assert re.fullmatch(r"70\d{3}", code)
        polygons = PACK_DATA.districts[str(entry["district"])].polygons
        assert metres_outside(polygons, (float(entry["lon"]), float(entry["lat"]))) <= OUTLINE_TOLERANCE_METRES, code


def test_park_outlines_belong_to_places() -> None:
    collection = json.loads((PACK / "parks.geojson").read_text(encoding="utf-8"))
    names = {place.slug: place.name for place in PACK_DATA.places if place.source == "osm-parks"}
    outlines = {feature["properties"]["slug"]: feature["properties"]["name"] for feature in collection["features"]}
    assert len(collection["features"]) == len(outlines)
    assert outlines == names


@pytest.mark.parametrize(("name", "limit"), [("districts.geojson", 60_000), ("parks.geojson", 150_000)])
def test_map_files_stay_small(name: str, limit: int) -> None:
    assert (PACK / name).stat().st_size <= limit


def test_the_pack_is_data_only() -> None:
    kinds = {path.suffix for path in PACK.rglob("*") if path.is_file()}
    assert kinds <= {".yaml", ".ndjson", ".geojson", ".md"}


def test_examples_are_marked_as_examples() -> None:
    demo = PACK_DATA.demo
    assert len(demo.organisations) >= 8
    for body in demo.organisations:
        assert body.example, body.slug
        assert "Beispiel" in body.name, body.slug
        assert body.phone is None, body.slug
        assert (body.email or "").endswith("@example.org"), body.slug
    for place in demo.places:
        assert place.example, place.slug
        assert "Beispiel" in place.name, place.slug
        assert place.house_number is None, place.slug
        assert place.organisation in {body.slug for body in demo.organisations}, place.slug
        assert place.source == "beispiele", place.slug
    assert {place.organisation for place in demo.places} == {body.slug for body in demo.organisations}


def test_there_are_at_least_40_example_series_in_many_districts() -> None:
    demo = PACK_DATA.demo
    where = {place.slug: place.district for place in demo.places}
    assert len(demo.courses) >= 40
    assert len({where[course.place] for course in demo.courses}) >= 12
    yoga = [course for course in demo.courses if course.category == "yoga" and where[course.place] == "bad-cannstatt"]
    assert any(
        course.weeks == 8 and course.booking == "series" and "beginners" in course.audience and course.start >= "17:00"
        for course in yoga
    )
    assert any(course.booking == "single" for course in yoga)


@pytest.mark.parametrize("course", PACK_DATA.demo.courses, ids=_by_slug)
def test_a_series_can_be_offered_as_written(course: Course) -> None:
    assert course.weekday in WEEKDAYS
    assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", course.start)
    assert course.booking in {"series", "single"}
    assert course.level in {"beginner", "intermediate", "advanced", "all"}
    assert course.audience
    assert set(course.audience) <= {"adults", "children", "seniors", "families", "women", "beginners"}
    assert -2 <= course.starts_in_weeks <= 2
    assert 1 <= course.weeks <= 8
    assert course.capacity >= 1
    assert 0 <= course.fill <= 1
    assert all(0 <= number < course.weeks for number in course.cancelled_dates)
    assert course.prices[0]["name"] == "Regulär"
    cents = [price["cents"] for price in course.prices]
    assert all(isinstance(amount, int) and amount >= 0 for amount in cents)
    assert all("proof" in price for price in course.prices[1:])
    assert 2 <= len(re.findall(r"[.!?](?: |$)", course.description)) <= 4
    taken = round(course.fill * course.capacity)
    residents = [person for person in PACK_DATA.demo.people if person.role == "resident"]
    assert taken < len(residents)


def test_some_series_are_full_and_some_dates_are_cancelled() -> None:
    courses = PACK_DATA.demo.courses
    assert sum(course.fill == 1 for course in courses) >= 3
    assert 1 <= sum(bool(course.cancelled_dates) for course in courses) <= 5
    assert any(course.starts_in_weeks < 0 for course in courses)


def test_the_demo_people_can_sign_in_and_have_harmless_addresses() -> None:
    people = {person.email: person for person in PACK_DATA.demo.people}
    assert len(people) == len(PACK_DATA.demo.people) >= 34
    assert people["lena@example.org"].role == "resident"
    assert people["studio@example.org"].role == "provider_staff"
    assert people["studio@example.org"].organisation == "yogaraum-am-kurpark-beispiel"
    assert people["amt@example.org"].role == "case_worker"
    assert people["admin@example.org"].role == "operator"
    assert all(email.endswith("@example.org") for email in people)
