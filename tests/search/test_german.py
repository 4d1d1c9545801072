"""Words, compounds, spelling and dialect, without a database."""

import pytest

from stadtportal.kernel.city.api import pack_folder
from stadtportal.kernel.city.engine.pack_files import read_dialect as read_rules
from stadtportal.kernel.search.engine.german import analyse, content_positions, halves, lemmas, split, stem
from stadtportal.kernel.search.engine.terms import terms_of
from stadtportal.kernel.search.rules.dialect import read_dialect
from stadtportal.kernel.search.rules.spelling import Neighbour, choose, choose_frequent


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kurs", "Kurse"),
        ("Bürgerbüro", "buergerbuero"),
        ("Ausweis", "Ausweise"),
        ("Arzt", "Ärzte"),
        ("Haus", "Häuser"),
        ("Straße", "strasse"),
        ("anmelden", "Anmeldung"),
    ],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_kur_and_kurs_are_two_words() -> None:
    assert stem("Kur") != stem("Kurs")


@pytest.mark.parametrize(
    ("form", "lemma"), [("abgelaufen", "ablaufen"), ("umgezogen", "umziehen"), ("gestorben", "sterben")]
)
def test_participles_are_found_by_their_verb(form: str, lemma: str) -> None:
    assert stem(lemma) in analyse(form).exact


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("Schwimmkurs", ("schwimm", "kurs")),
        ("Personalausweis", ("personal", "ausweis")),
        ("Hundesteuer", ("hunde", "steuer")),
        ("Führerscheinstelle", ("führerschein", "stelle")),
        ("Standesamt", ("standes", "amt")),
        ("Fahrradreparatur", ("fahrrad", "reparatur")),
        ("Autozulassung", ("auto", "zulassung")),
        ("Bewohnerparkausweis", ("bewohner", "parkausweis")),
    ],
)
def test_a_compound_is_cut_into_first_part_and_head(compound: str, parts: tuple[str, str]) -> None:
    assert halves(compound) == parts or set(parts) <= set(split(compound.lower()))


@pytest.mark.parametrize(
    "word", ["Apotheke", "Restaurant", "Antrag", "Vaihingen", "Museum", "Bibliothek", "Umzug", "Bestattung", "Kita"]
)
def test_what_is_no_compound_stays_whole(word: str) -> None:
    assert split(word.lower()) == ()


def test_larger_parts_are_kept_beside_smaller_ones() -> None:
    assert {"zahnarzt", "zahn", "arzt", "praxis"} <= set(split("zahnarztpraxis"))


def test_words_that_say_nothing_are_left_out_unless_nothing_is_left() -> None:
    words = ["wo", "kann", "ich", "schwimmen", "lernen"]
    assert [words[position] for position in content_positions(words)] == ["schwimmen", "lernen"]
    assert content_positions(["der", "die", "das"]) == [0, 1, 2]


def test_terms_tell_title_parts_and_body_apart() -> None:
    vector = terms_of({"title": "Schwimmkurs", "body": "Wasser"}).vector.split()
    assert {"'schwimmkurs':1A", "'schwimm':1B", "'kurs':1B", "'wass':1D"} <= set(vector)


def test_a_hyphened_title_is_found_as_one_word() -> None:
    assert "'gewerbeanmeld':1B" in terms_of({"title": "Gewerbe-Anmeldung"}).vector.split()


def test_tags_and_titles_say_what_an_entry_is() -> None:
    assert "'=zahnarzt':1A" in terms_of({"title": "Dr. Beispiel"}, tags=["amenity=dentist"]).names.split()
    assert "'=zahnarzt':1A" in terms_of({"title": "Zahnarztpraxis Beispiel"}).names.split()


def neighbours(*words: str) -> list[Neighbour]:
    return [
        Neighbour(word, stem_free, 10) for word in words for stem_free in [word.replace("ü", "u").replace("ä", "a")]
    ]


@pytest.mark.parametrize(
    ("typed", "near", "meant"),
    [
        ("Apoteke", ("apotheke", "bodega"), "apotheke"),
        ("Zahnartz", ("zahnarzt", "zahnart"), "zahnarzt"),
        ("Fürerschein", ("führerschein",), "führerschein"),
        ("joga", ("yoga", "toga", "doga"), "yoga"),
        ("Friseuer", ("friseur", "frisur"), "friseur"),
    ],
)
def test_the_word_meant_is_chosen(typed: str, near: tuple[str, ...], meant: str) -> None:
    assert choose(typed, neighbours(*near))[0] == meant


def test_a_short_word_allows_one_mistake_and_a_long_one_three() -> None:
    assert choose("Zoo", neighbours("zebra", "zone")) == ()
    assert choose("Staatsangehorikgeit", neighbours("staatsangehorigkeit")) == ("staatsangehorigkeit",)
    assert choose("Krankenhaus", neighbours("wasserwerk")) == ()


def test_a_known_rare_word_may_be_one_that_is_far_more_frequent() -> None:
    often = [Neighbour("gewerbe", "gewerbe", 90), Neighbour("gewebes", "gewebes", 3)]
    assert choose_frequent("Gewebe", often, entries=7) == ("gewerbe",)
    assert choose_frequent("Gewebe", often, entries=80) == ()


@pytest.mark.parametrize(
    ("spoken", "written"),
    [("ommelda", "ummelden"), ("amelda", "anmelden"), ("Garta", "garten"), ("Kloid", "kleid"), ("Hond", "hund")],
)
def test_swabian_is_read_as_german(spoken: str, written: str) -> None:
    assert read_dialect(spoken, read_rules(pack_folder("stuttgart")), known=lambda form: bool(lemmas(form))) == written


def test_what_no_rule_explains_stays_unknown() -> None:
    assert read_dialect("qwrtz", read_rules(pack_folder("stuttgart")), known=lambda form: bool(lemmas(form))) == ""
