"""What people want done with a thing: said with verbs in any language, named in titles with nouns."""

import pytest

from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.engine.asking import thing_query
from stadtportal.kernel.search.engine.deeds import deeds_in, deeds_said, thing_of
from stadtportal.kernel.search.engine.terms import terms_of

from .conftest import NOW, draft


@pytest.mark.parametrize(
    ("words", "deed"),
    [
        ("Pass verlängern", "renew"),
        ("mein Ausweis ist abgelaufen", "renew"),
        ("Führerschein geklaut", "loss"),
        ("lost my passport", "loss"),
        ("kimlik kartımı kaybettim", "loss"),
        ("wymiana prawa jazdy", "exchange"),
        ("Passverlängerung", "renew"),
    ],
)
def test_a_question_says_what_is_to_be_done(words: str, deed: str) -> None:
    assert deed in deeds_said(words.split())


@pytest.mark.parametrize(
    ("title", "deeds"),
    [
        ("Reisepass Verlängerung", {"renew"}),
        ("Wohnsitzanmeldung", {"register"}),
        ("Personalausweis Ausstellung neu wegen Verlust", {"apply", "loss"}),
        ("Reisepass", set()),
        # Roads are no losses, though "weg" asks for one.
        ("Haltestelle Ährenweg", set()),
    ],
)
def test_a_title_names_deeds_by_words_and_by_parts_of_words(title: str, deeds: set[str]) -> None:
    assert deeds_in(title.split()) == deeds
    assert ("'=deed':1A" in terms_of({"title": title}).names.split()) is bool(deeds)


def test_the_thing_is_what_is_left_without_the_deed() -> None:
    assert thing_of("Wohnsitzanmeldung") == ("wohnsitz",)
    assert thing_of("Reisepass verlängern") == ("Reisepass",)
    assert thing_of("Anmeldung") == ()
    assert thing_of("Zahnarzt") == ()
    assert thing_query("gewerbeanmeldung")
    assert thing_query("zahnarzt") == ""


@pytest.mark.django_db
def test_of_one_things_services_the_one_that_does_it_comes_first_and_the_thing_itself_next() -> None:
    titles = ("Angelschein", "Angelschein Ausgabe gegen Pfand", "Angelschein Verlängerung", "Angelschein Sperrung")
    search.put(*(draft(title, title, kind="service") for title in titles))
    found = [one.key for one in search.find(search.SearchQuery(text="Angelschein abgelaufen"), now=NOW).results]
    assert found[:2] == ["Angelschein Verlängerung", "Angelschein"]


@pytest.mark.django_db
def test_a_score_says_what_the_deed_added() -> None:
    search.put(draft("ab", "Angelschein Verlängerung"), draft("an", "Angelschein Sperrung"))
    page = search.find(search.SearchQuery(text="Angelschein verlängern", explain=True), now=NOW)
    assert {one.key: one.parts["deed"] for one in page.results} == {"ab": search.WEIGHTS.deed, "an": 0.0}
