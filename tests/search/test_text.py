"""Cleaning, normalising and reading places, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.search.rules.places import index_places, locate
from stadtportal.kernel.search.rules.text import clean, normalised, storable

from .conftest import PLACES

INDEX = index_places(PLACES)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("  Yoga \t am\nAbend ", "Yoga am Abend"),
        ("Yo\u200bga", "Yoga"),
        ("\u202eYoga\u202c", "Yoga"),
        ("Ba\u0308der", "Bäder"),
        ("a\0b", "a b"),
        ("\ud800x", "x"),
    ],
)
def test_text_is_cleaned(typed: str, left: str) -> None:
    assert clean(typed).text == left


@given(st.text())
def test_clean_text_is_short_storable_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.text) <= 200
    assert len(cleaned.words) <= 16
    cleaned.text.encode()
    assert "\0" not in cleaned.text
    assert clean(cleaned.text).text == cleaned.text


@given(st.text())
def test_storable_text_can_be_stored(text: str) -> None:
    assert "\0" not in storable(text)
    storable(text).encode()


@pytest.mark.parametrize(
    ("text", "key"),
    [("Öffnung", "offnung"), ("Straße", "strasse"), ("Café – Bar", "cafe bar"), ("ÆØ", "aeo"), ("a_b", "a b")],
)
def test_names_compare_without_case_accents_and_signs(text: str, key: str) -> None:
    assert normalised(text) == key


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("Yoga in Bad Cannstatt", ("Yoga",), "Bad Cannstatt"),
        ("Bad Cannstatt", (), "Bad Cannstatt"),
        ("Bad", ("Bad",), None),
        ("Yoga Stuttgart West", ("Yoga",), "West"),
        ("Yoga in Stuttgart", ("Yoga",), None),
        ("Stuttgart", ("Stuttgart",), None),
        ("Apotheke Königstrasse Stuttgart", ("Apotheke",), "Königstraße"),
        ("in in in", ("in", "in", "in"), None),
    ],
)
def test_a_place_is_read_out_of_the_words(text: str, words: tuple[str, ...], place: str | None) -> None:
    located = locate(clean(text).words, INDEX)
    assert located.words == words
    assert (located.place.name if located.place else None) == place
