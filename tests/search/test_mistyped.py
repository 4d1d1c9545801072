"""Words with one mistake anywhere lead to what was meant; nouns in small letters are read as nouns."""

import pytest

from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.engine.german import with_capitals
from stadtportal.kernel.search.queries.spelling import spell
from stadtportal.kernel.search.queries.vocabulary import list_neighbours

from .conftest import NOW, draft

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def one_mistake(word: str) -> set[str]:
    """Return the word with any letter left out, doubled, replaced by any other, or swapped with the next."""
    made = set()
    for place in range(len(word)):
        before, letter, after = word[:place], word[place], word[place + 1 :]
        made |= {before + after, before + letter + letter + after}
        made |= {before + other + after for other in LETTERS}
        if after:
            made.add(before + after[0] + letter + after[1:])
    return made - {word}


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["bäcker", "steuer", "yoga", "zahnarztpraxis"])
def test_any_single_mistake_finds_the_word_again(word: str) -> None:
    search.put(draft("wort", word.capitalize()))
    for typed in one_mistake(word):
        assert word in {one.word for one in list_neighbours([typed])[typed]}, typed


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Passverälngerung", "Passverlängeerung", "Passverlngerung"])
def test_a_compound_nobody_wrote_is_corrected_by_its_head(typed: str) -> None:
    search.put(draft("a", "Pass"), draft("b", "Verlängerung"))
    assert spell([typed], without=frozenset()).corrected == {typed: "passverlängerung"}


@pytest.mark.django_db
def test_a_mistyped_street_of_an_address_is_found() -> None:
    search.put(draft("haar", "Friseur Schnitt", address="Jakobstraße 7"), draft("auch", "Friseur", address="Rotweg 1"))
    page = search.find(search.SearchQuery(text="Friseur Jaokbstraße"), now=NOW)
    assert page.did_you_mean == "Friseur jakobstraße"
    assert page.results[0].key == "haar"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("wo kann ich meinen ausweis verlängern", "wo kann ich meinen Ausweis verlängern"),
        ("heiratsanmeldung", "Heiratsanmeldung"),
        ("mein hund ist gestorben", "mein Hund ist gestorben"),
        ("Auto ummelden", "Auto ummelden"),
        ("IBAN xyzq", "IBAN xyzq"),
        ("", ""),
    ],
)
def test_nouns_in_small_letters_are_read_as_nouns(text: str, read: str) -> None:
    assert with_capitals(text) == read
