"""Meaning: encoded in the background, found across languages, and never in the way of words."""

import pytest

from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.actions.encoding import BATCH
from stadtportal.kernel.search.models import Meaning, Unencoded

from .conftest import NOW, TOWN, draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def found(text: str) -> list[str]:
    return [one.key for one in search.find(search.SearchQuery(text=text), now=NOW).results]


def test_what_is_written_waits_for_its_meaning_and_is_found_by_words_at_once() -> None:
    assert Unencoded.objects.count() == len(TOWN)
    search.put(draft("neu", "Sternwarte Uhlandshöhe"))
    assert found("Sternwarte") == ["neu"]
    assert not Meaning.objects.filter(entry__key="neu").exists()


def test_encoding_takes_everything_that_waits_and_nothing_twice() -> None:
    assert search.encode_pending() == len(TOWN)
    assert Meaning.objects.count() == len(TOWN)
    assert search.encode_pending() == 0


def test_more_than_one_batch_is_encoded_in_turn() -> None:
    search.put(*(draft(f"n{number}", f"Laden {number}") for number in range(BATCH + 5)))
    steps: list[int] = []
    assert search.encode_pending(lambda done, _total, _what: steps.append(done)) == BATCH + 5 + len(TOWN)
    assert len(steps) == 2


def test_only_a_new_meaning_is_encoded_again() -> None:
    search.encode_pending()
    search.put(draft("bad", "Mineralbad", words="Schwimmbad Therme", district="bad-cannstatt", price_cents=900))
    assert search.encode_pending() == 0
    search.put(draft("bad", "Heilbad"))
    assert search.encode_pending() == 1


def test_a_question_in_another_language_finds_what_it_means() -> None:
    search.put(draft("sterne", "Sternwarte", summary="Teleskope für alle"))
    search.encode_pending()
    assert found("observatory with telescopes")[0] == "sterne"


def test_what_is_only_near_in_meaning_is_listed_but_not_counted() -> None:
    search.encode_pending()
    page = search.find(search.SearchQuery(text="Mineralbad"), now=NOW)
    assert page.total == 1
    assert page.listed >= 1
    assert page.results[0].key == "bad"


def test_removing_an_entry_removes_its_meaning() -> None:
    search.encode_pending()
    search.remove(area="probe", kind="place", keys=["bad"])
    assert not Meaning.objects.filter(entry__key="bad").exists()


def test_each_part_of_search_can_be_left_out() -> None:
    search.encode_pending()
    for part in search.Part:
        page = search.find(search.SearchQuery(text="Yogga in Mitte", without=frozenset({part})), now=NOW)
        assert page.results


def test_a_score_says_what_it_is_made_of() -> None:
    search.encode_pending()
    (first, *_) = search.find(search.SearchQuery(text="Yoga Haus", explain=True, near=(48.8, 9.2)), now=NOW).results
    assert set(first.parts) == {"words", "concept", "meaning", "title", "fixed", "use", "soon", "near"}
    assert first.score == pytest.approx(sum(first.parts.values()), abs=0.01)
