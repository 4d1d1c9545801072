"""What people type and what they get, in exactly this order."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from stadtportal.kernel.search import api as search

from .conftest import CANNSTATT, MITTE, NOW, TOWN, draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
Keys = Callable[..., list[str]]


def ask(text: str = "", **fields: object) -> search.SearchPage:
    return search.find(search.SearchQuery(text=text, **fields), now=NOW)  # type: ignore[arg-type]  # names are checked by the class.


def test_the_title_counts_more_than_words_summary_and_body(keys: Keys) -> None:
    # Exactly the title, beginning with it, containing it, then words, summary, body.
    assert keys("Yoga") == ["yoga", "yoga-haus", "haus-yoga", "studio", "cafe", "lesung"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("schwimmbäder", ["bad"]),
        ("Schwimmbaeder", ["bad"]),
        ("SCHWIMMBAD", ["bad"]),
        ("cafe", ["cafe"]),
        ("Café", ["cafe"]),
        ("Kurs", ["gratis", "kurs"]),
        ("Kurse", ["gratis", "kurs"]),
        ("Rückenkurs", ["kurs"]),
        ("stark Rücken", ["kurs"]),
        ("das Bürgerbüro", ["amt"]),
        ("buergerbuero", ["amt"]),
    ],
)
def test_endings_umlauts_accents_and_small_words_do_not_matter(keys: Keys, typed: str, found: list[str]) -> None:
    assert keys(typed) == found


def test_a_weight_lifts_an_entry_above_its_equals(keys: Keys) -> None:
    search.put(
        draft("a", "Halle Nord", weight=0), draft("b", "Halle Ost", weight=30), draft("c", "Halle Süd", weight=30)
    )
    assert keys("Halle") == ["b", "c", "a"]


def test_without_words_everything_comes_by_weight_and_name(keys: Keys) -> None:
    assert keys()[:3] == ["amt", "cafe", "haus-yoga"]
    assert len(keys()) == len(TOWN)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"kind": "course"}, ["gratis", "kurs"]),
        ({"category": "yoga"}, ["yoga", "yoga-haus"]),
        ({"categories": ("yoga", "pool")}, ["yoga", "yoga-haus"]),
        ({"district": "west"}, ["haus-yoga", "lesung"]),
        ({"max_price_cents": 0}, ["gratis"]),
        ({"max_price_cents": 1200, "sort": search.Sort.PRICE}, ["gratis", "kurs"]),
        ({"audience": "adults"}, ["kurs"]),
        ({"accessible": True}, ["gratis"]),
        ({"sort": search.Sort.DATE}, ["gratis", "kurs"]),
        ({"from_on": date(2026, 11, 25)}, ["kurs"]),
        ({"to_on": date(2026, 11, 24)}, ["gratis"]),
        ({"near": MITTE, "radius_m": 800}, ["yoga", "cafe", "studio"]),
        ({"near": CANNSTATT, "sort": search.Sort.NEAR, "limit": 2}, ["yoga-haus", "bad"]),
        ({"bounds": search.Bounds(48.79, 9.2, 48.81, 9.22)}, ["bad", "yoga-haus"]),
        ({"area": "nobody"}, []),
    ],
)
def test_each_filter_limits_the_results(keys: Keys, fields: dict[str, object], found: list[str]) -> None:
    assert keys(**fields, relax=False) == found


def test_near_a_point_the_nearer_of_two_equals_comes_first(keys: Keys) -> None:
    search.put(draft("far", "Halle Nord", point=CANNSTATT), draft("near", "Halle Ost", point=MITTE))
    assert keys("Halle", near=MITTE) == ["near", "far"]
    assert keys("Halle", near=CANNSTATT) == ["far", "near"]


def test_results_tell_their_distance() -> None:
    first = ask("Yoga Haus", near=MITTE).results[0]
    assert first.key == "yoga-haus"
    assert first.distance_m == pytest.approx(4166, abs=5)  # From the haversine formula, computed by hand.


@pytest.mark.parametrize(
    ("typed", "place", "found"),
    [
        ("Yoga Bad Cannstatt", "Bad Cannstatt", ["yoga-haus"]),
        ("Yoga in bad cannstatt", "Bad Cannstatt", ["yoga-haus"]),
        ("Bad Cannstatt Yoga", "Bad Cannstatt", ["yoga-haus"]),
        ("yoga stuttgart-west", "West", ["haus-yoga", "lesung"]),
        ("Yoga in Stuttgart", None, ["yoga", "yoga-haus", "haus-yoga", "studio", "cafe", "lesung"]),
        ("Yoga Königstraße", "Königstraße", ["yoga", "studio", "cafe"]),
        ("Mineralbad 70372", "70372", ["bad"]),
        ("Bürgerbüro Bad Cannstatt", "Bad Cannstatt", ["amt"]),
        ("Bad Cannstatt", "Bad Cannstatt", ["amt", "bad", "kurs", "yoga-haus"]),
    ],
)
def test_a_place_in_the_text_limits_where(typed: str, place: str | None, found: list[str]) -> None:
    page = ask(typed)
    assert (page.place.name if page.place else None) == place
    assert [one.key for one in page.results] == found


def test_taken_literally_a_place_is_a_word_like_any_other() -> None:
    page = ask("Bürgerbüro Bad Cannstatt", literal=True)
    assert (page.place, page.understood) == (None, ())
    assert page.results[0].key == "amt"
    assert page.total == 1
    assert ask("Mineralbad Königstraße", literal=True).relaxed is search.Relaxed.WORDS


@pytest.mark.parametrize(
    ("typed", "meant", "found"),
    [
        ("Yga", "Yoga", 6),
        ("Schwimbad", "Schwimmbad", 1),
        ("Bürgerbürro", "Bürgerbüro", 1),
        ("Minneralbad", "Mineralbad", 1),
        ("Yoga Bad Canstatt", "Yoga Bad Cannstatt", 1),
    ],
)
def test_a_misspelt_word_finds_what_was_meant_and_says_so(typed: str, meant: str, found: int) -> None:
    search.refresh_vocabulary()
    page = ask(typed)
    assert page.relaxed is search.Relaxed.SPELLING
    assert page.did_you_mean.lower() == meant.lower()
    assert page.total == found


def test_nothing_in_the_district_shows_the_whole_city() -> None:
    page = ask("Mineralbad in Mitte")
    assert (page.relaxed, [one.key for one in page.results]) == (search.Relaxed.DISTRICT, ["bad"])
    page = ask("Mineralbad", district="west")
    assert (page.relaxed, [one.key for one in page.results]) == (search.Relaxed.DISTRICT, ["bad"])


def test_nothing_with_these_filters_shows_the_results_without() -> None:
    page = ask("Mineralbad", max_price_cents=100)
    assert (page.relaxed, [one.key for one in page.results]) == (search.Relaxed.FILTERS, ["bad"])


def test_words_that_never_meet_are_looked_for_one_by_one() -> None:
    page = ask("Mineralbad Kuchen")
    assert (page.relaxed, {one.key for one in page.results}) == (search.Relaxed.WORDS, {"bad", "cafe"})
    page = ask("Mineralbad qqqqq")
    assert (page.relaxed, [one.key for one in page.results], page.total) == (search.Relaxed.NOTHING, ["bad"], 1)


@pytest.mark.parametrize("typed", ["qqqqqqq", "die", "der die das", "!?", "🧘", "٣٤٥"])
def test_what_nobody_can_answer_still_leads_somewhere(typed: str) -> None:
    page = ask(typed)
    assert page.results
    assert page.relaxed in {search.Relaxed.MEANING, search.Relaxed.NOTHING}


@pytest.mark.usefixtures("opening_check")
def test_open_now_asks_whoever_can_read_opening_hours() -> None:
    search.put(
        draft("offen", "Laden Eins", opening_hours="always"),
        draft("zu", "Laden Zwei", opening_hours="never"),
        draft("still", "Laden Drei"),
    )
    page = ask("Laden", open_now=True)
    assert ([one.key for one in page.results], page.total) == (["offen"], 1)
    page = ask("Yoga", open_now=True)
    assert page.relaxed is search.Relaxed.FILTERS


def test_pages_follow_each_other_without_gap_or_repeat(keys: Keys) -> None:
    search.put(*(draft(f"h{number:03}", f"Halle {number:03}") for number in range(50)))
    walked = [key for offset in range(0, 50, 20) for key in keys("Halle", offset=offset)]
    assert walked == [f"h{number:03}" for number in range(50)]


def test_a_page_behind_the_last_is_the_last() -> None:
    search.put(*(draft(f"h{number:03}", f"Halle {number:03}") for number in range(50)))
    page = ask("Halle", offset=10_000_000)
    assert (page.offset, len(page.results), page.total) == (40, 10, 50)


@pytest.mark.parametrize(
    "fields",
    [
        {"offset": -1},
        {"limit": 0},
        {"limit": 100_000},
        {"near": (float("nan"), 9.0)},
        {"near": (91.0, 9.0)},
        {"near": (float("inf"), 9.0)},
        {"radius_m": 0},
        {"max_price_cents": -1},
        {"max_price_cents": 2**40},
        {"bounds": search.Bounds(1, 1, 1, 1)},
    ],
)
def test_numbers_without_a_meaning_are_refused_with_a_sentence(fields: dict[str, object]) -> None:
    with pytest.raises(search.BadQuestion) as refusal:
        search.SearchQuery(**fields)  # type: ignore[arg-type]  # wrong on purpose.
    assert refusal.value.status == 400
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\0",
        "Yo\0ga",
        "der die das und",
        "yoga & ! | <-> :* ( ) '",
        "'; DROP TABLE search_entry; --",
        "%s %(text)s %%",
        "\u202eagoY\u202c",
        "\ud800",
        "🧘",
        "a" * 100_000,
        "yoga " * 10_000,
        "\\",
        "_" * 50,
        "ﷺ" * 300,
    ],
)
def test_no_text_breaks_the_search(text: str) -> None:
    page = ask(text)
    assert page.total >= 0


def test_control_characters_vanish_and_long_text_is_cut() -> None:
    assert [one.key for one in ask("Mi\u202eneral\u200bbad\0").results] == ["bad"]
    page = ask("yoga " + "x" * 10_000)
    assert page.text_cut
    assert not ask("yoga").text_cut


@given(text=st.text(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered(text: str) -> None:
    page = ask(text)
    assert 1 <= len(page.results) <= 20
    assert page.listed >= len(page.results)


def test_a_search_asks_the_database_twice(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    search.put(*(draft(f"y{number}", f"Yoga {number}", district="bad-cannstatt") for number in range(20)))
    # Reads the names of the city once, and how often each word occurs once a minute.
    ask("Yoga Bad Cannstatt")
    for text in ("Yoga", "Yoga Bad Cannstatt"):
        # Concepts near in meaning, then the results.
        with django_assert_num_queries(2):
            ask(text)
    with django_assert_num_queries(1):
        ask("")


def test_facets_count_the_results_by_kind_category_and_district() -> None:
    facets = ask("Yoga").facets
    assert {one.value: one.count for one in facets["kind"]} == {"place": 6}
    assert [(one.value, one.title, one.count) for one in facets["category"]] == [("yoga", "Yoga", 2)]
    assert {one.value: one.count for one in facets["district"]} == {"mitte": 3, "west": 2, "bad-cannstatt": 1}


def test_a_date_that_has_passed_is_not_offered_by_date() -> None:
    search.put(draft("alt", "Alter Kurs", kind="course", next_at=datetime(2026, 11, 1, tzinfo=UTC)))
    assert "alt" not in [one.key for one in ask(sort=search.Sort.DATE).results]
    assert "alt" not in [one.key for one in ask(to_on=date(2026, 12, 1)).results]
