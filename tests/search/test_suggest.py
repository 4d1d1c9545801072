"""What is suggested while somebody types, in a town in which every test knows each entry."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stadtportal.kernel.contracts import PlaceName
from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.engine.glossary import get_glossary
from stadtportal.kernel.search.queries.suggest import forget_categories
from stadtportal.kernel.search.rules.suggestions import Beginnings, Suggestion, SuggestionKind, mix
from tests.search.conftest import NOW, PLACES, draft

Texts = Callable[..., list[tuple[str, str]]]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Let every test read its own categories."""
    forget_categories()
    yield
    forget_categories()


@pytest.fixture
def texts(town: None) -> Texts:  # noqa: ARG001 -- asks about the town.
    """Return a function that gives kind and text of what is suggested."""

    def ask(text: str, lang: str = "", limit: int = 8) -> list[tuple[str, str]]:
        return [(one.kind.value, one.text) for one in search.suggest(text, now=NOW, lang=lang, limit=limit)]

    return ask


def test_every_kind_of_suggestion_says_what_it_is_and_leads_there(town: None) -> None:  # noqa: ARG001 -- asked about.
    search.put(
        draft("werk", "Yogawerk", category="yoga", category_title="Yoga", address="Königstraße 1"),
        draft("zahn", "Zahnfee am Markt"),
    )
    # Between them stand expressions of the glossary, which grows.
    suggested = [one for one in search.suggest("yog", now=NOW) if one.kind is not SuggestionKind.CONCEPT]
    assert suggested[:3] == [
        Suggestion("Yoga", SuggestionKind.CATEGORY, "/suche/?kategorie=yoga", "Kategorie"),
        Suggestion("Yoga Haus", SuggestionKind.ENTRY, "/orte/yoga-haus/", "Yoga"),
        Suggestion("Yogawerk", SuggestionKind.ENTRY, "/orte/werk/", "Yoga, Königstraße 1"),
    ]
    assert search.suggest("Bad Cann", now=NOW)[:1] == (
        Suggestion("Bad Cannstatt", SuggestionKind.PLACE, "/suche/?bezirk=bad-cannstatt", "Stadtbezirk"),
    )
    assert search.suggest("KÖNIGSTR", now=NOW)[:1] == (
        Suggestion("Königstraße", SuggestionKind.PLACE, "/suche/?q=K%C3%B6nigstra%C3%9Fe", "Straße"),
    )
    assert search.suggest("zahnw", now=NOW, limit=1) == (
        Suggestion("Zahnweh", SuggestionKind.CONCEPT, "/suche/?q=Zahnweh", get_glossary().concepts["zahnarzt"].title),
    )


def test_titles_that_begin_so_come_before_words_inside_titles(texts: Texts) -> None:
    search.put(
        draft("alpha", "Quakfrosch am Eck"), draft("beta", "Alte Quakfrosch"), draft("gamma", "Quakfroschhof", weight=9)
    )
    assert texts("quakfr") == [("entry", "Quakfroschhof"), ("entry", "Quakfrosch am Eck"), ("entry", "Alte Quakfrosch")]


def test_a_later_word_of_a_place_finds_it(texts: Texts) -> None:
    assert ("place", "Bad Cannstatt") in texts("cannst")


def test_expressions_of_any_language_are_found_with_and_without_accents(texts: Texts) -> None:
    assert texts("dişçi")[0] == texts("disci")[0] == ("concept", "dişçi")
    assert ("concept", "стоматолог") in texts("стомат")
    assert ("concept", "doctors office") in texts("doctors off")


def test_the_language_asked_for_comes_first(texts: Texts) -> None:
    assert texts("den", lang="en")[0] == ("concept", "dentist")
    assert texts("den")[0] != ("concept", "dentist")


def test_what_is_over_is_not_suggested(texts: Texts) -> None:
    search.put(
        draft("gestern", "Xylophon gestern", next_at=NOW - timedelta(days=1)),
        draft("morgen", "Xylophon morgen", next_at=NOW + timedelta(days=1)),
    )
    assert texts("xylophon") == [("entry", "Xylophon morgen")]


def test_one_mistyped_word_is_corrected_when_nothing_begins_so(texts: Texts) -> None:
    search.put(draft("pony", "Ponyhof Krokodil"))
    assert texts("ponyhof krokodli") == [("entry", "Ponyhof Krokodil")]
    assert texts("ponihof krokodil") == [("entry", "Ponyhof Krokodil")]
    assert texts("krokodil") == [("entry", "Ponyhof Krokodil")]
    assert texts("qqqqxxxx") == []


def test_no_text_is_suggested_twice_and_eight_are_enough(texts: Texts) -> None:
    search.put(*(draft(f"brezel{number}", "Brezelstand") for number in range(12)))
    assert [text for _, text in texts("brezelst")] == ["Brezelstand"]
    search.put(*(draft(f"zz{number}", f"Zzarten {number:02}") for number in range(12)))
    assert texts("zzarten") == [("entry", f"Zzarten {number:02}") for number in range(8)]
    assert texts("zzarten", limit=2) == [("entry", "Zzarten 00"), ("entry", "Zzarten 01")]
    assert all(len(found := texts(letter)) <= 8 and len({text for _, text in found}) == len(found) for letter in "abs")


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "😀", "%", "_", "' OR 1=1 --", "\u202e", "a" * 10_000, "!&|():*<->"]
)
def test_odd_texts_are_answered(texts: Texts, text: str) -> None:
    assert texts(text) == []


def test_a_percent_sign_asks_for_nothing_more_than_without(texts: Texts) -> None:
    assert texts("yoga%") == texts("yoga")


@pytest.mark.parametrize("entries", [1, 3])
def test_suggesting_costs_two_statements_however_much_there_is(
    town: None,  # noqa: ARG001 -- asked about.
    django_assert_num_queries: DjangoAssertNumQueries,
    entries: int,
) -> None:
    search.put(*(draft(f"iltis{number}", f"Iltisbau {number}") for number in range(entries)))
    search.suggest("warm", now=NOW)
    with django_assert_num_queries(2):
        assert len(search.suggest("iltisb", now=NOW)) == entries
    with django_assert_num_queries(1):
        search.suggest("il", now=NOW)
    with django_assert_num_queries(5):
        # Asked, corrected, asked again.
        assert len(search.suggest("iltisbua", now=NOW)) == entries


def test_beginnings_are_ordered_by_rank_then_length_then_alphabet() -> None:
    values = Beginnings(
        [("ab", 1, "late"), ("abcd", 0, "long"), ("abc", 0, "short"), ("abb", 0, "first"), ("b", 0, "no")]
    )
    assert values.starting("ab") == ["first", "short", "long", "late"]
    assert values.starting("ab", most=2) == ["first", "short"]
    assert values.starting("c") == []
    assert len(values) == 5


def test_no_kind_crowds_out_the_others() -> None:
    def many(kind: SuggestionKind) -> list[Suggestion]:
        return [Suggestion(f"{kind.value} {number}", kind, "/") for number in range(9)]

    def counted(kinds: list[SuggestionKind], limit: int = 8) -> list[int]:
        mixed = mix({kind: many(kind) for kind in kinds}, limit=limit)
        return [sum(one.kind is kind for one in mixed) for kind in SuggestionKind]

    assert counted(list(SuggestionKind)) == [2, 2, 2, 2]
    assert counted([SuggestionKind.CONCEPT, SuggestionKind.ENTRY]) == [0, 0, 2, 6]
    assert counted([SuggestionKind.CATEGORY, SuggestionKind.PLACE]) == [4, 4, 0, 0]
    assert counted([SuggestionKind.CONCEPT]) == [0, 0, 4, 0]
    assert counted(list(SuggestionKind), limit=3) == [2, 1, 0, 0]


def test_the_name_of_the_city_is_no_suggestion_of_its_own(texts: Texts) -> None:
    assert PlaceName("Stuttgart", "city", "", PLACES[0].point) in PLACES
    assert ("place", "Stuttgart") not in texts("stuttg")
