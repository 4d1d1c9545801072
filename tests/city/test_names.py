"""Names sort as in a German telephone book's first kind, and make addresses anybody can type."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.city.rules.names import imported_slug, slug, sort_key, unique_slug


def test_names_sort_after_din_5007_1() -> None:
    given_names = [
        "Zoo",
        "Öttinger",
        "Otto",
        "Ostend",
        "Äpfel",
        "Apfel 10",
        "Apfel 9",
        "Strasse",
        "Straße 2",
        "étage",
        "„Adler“",
    ]
    assert sorted(given_names, key=sort_key) == [
        "„Adler“",
        "Äpfel",
        "Apfel 9",
        "Apfel 10",
        "étage",
        "Ostend",
        "Öttinger",
        "Otto",
        "Strasse",
        "Straße 2",
        "Zoo",
    ]


def test_umlauts_count_as_their_plain_letters() -> None:
    assert sort_key("Müller") == sort_key("Muller") == "muller"
    assert sort_key("Groß") == sort_key("Gross") == "gross"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bäckerei Groß & Co.", "baeckerei-gross-und-co"),
        ("Öffentliches WC", "oeffentliches-wc"),
        ("Café Zürich", "cafe-zuerich"),
        ("Cafe\u0301 U\u0308ber", "cafe-ueber"),
        ("Łódź", "lodz"),
        ("東京", "ort"),
        ("  --- ", "ort"),
        ("A" * 90, "a" * 60),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_taken_slugs_get_a_number() -> None:
    assert unique_slug("Löwe", {"loewe", "loewe-2"}) == "loewe-3"
    assert unique_slug("a" * 80, {"a" * 60}) == "a" * 58 + "-2"


def test_imported_slug_holds_kind_and_id() -> None:
    assert imported_slug("Optik Franzen", "node/12") == "optik-franzen-n12"
    assert imported_slug("Optik Franzen", "way/12") == "optik-franzen-w12"
    assert imported_slug("Optik Franzen", "relation/12") == "optik-franzen-r12"


@given(st.text(max_size=200))
def test_any_text_makes_a_safe_slug(name: str) -> None:
    made = slug(name)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 60
    assert slug(made) == made


@given(st.text(max_size=30))
def test_signs_around_a_name_do_not_change_the_order(name: str) -> None:
    assert sort_key(f" „{name}“ ") == sort_key(name)
    assert sort_key(sort_key(name)) == sort_key(name)


@given(st.lists(st.text(alphabet="abcäöüß 0123456789-", min_size=1), max_size=12), st.text(max_size=20))
def test_unique_slugs_are_unique(names: list[str], extra: str) -> None:
    taken: set[str] = set()
    for name in [*names, *names, extra]:
        made = unique_slug(name, taken)
        assert made not in taken
        assert len(made) <= 60
        taken.add(made)
