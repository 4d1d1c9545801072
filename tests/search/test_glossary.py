"""The glossary is well-formed, complete in its languages, and leads from what people say to what things are."""

import re

import pytest

from stadtportal.kernel.search.engine.glossary import (
    FOLDER,
    GERMAN,
    LANGUAGES,
    Glossary,
    GlossaryError,
    get_glossary,
    read_concepts,
    read_glossary,
)


def test_every_file_is_read_and_no_concept_stands_twice() -> None:
    glossary = read_glossary(FOLDER)
    assert len(glossary.concepts) >= 700
    assert {one for one in glossary.concepts if not re.fullmatch(r"[a-z0-9]+", one)} == set()


def test_concepts_name_only_concepts_there_are() -> None:
    known = get_glossary().concepts
    strays = {
        f"{concept.id} -> {other}"
        for concept in known.values()
        for other in (*concept.related, *concept.includes)
        if other not in known
    }
    assert strays == set()


def test_every_concept_speaks_all_sixteen_languages() -> None:
    assert len(LANGUAGES) == 16
    silent = {
        f"{concept.id}: {language}"
        for concept in get_glossary().concepts.values()
        for language in LANGUAGES
        if not concept.said.get(language) and not (language == GERMAN and concept.words)
    }
    assert silent == set()


def test_situations_bring_something_with_them() -> None:
    assert [one.id for one in get_glossary().concepts.values() if not one.words and not one.includes] == []


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("Zahnweh", "zahnarzt"),
        ("kimlik kartı", "personalausweis"),
        ("gym", "fitnessstudio"),
        ("dentysta", "zahnarzt"),
        ("طبيب أسنان", "zahnarzt"),
        ("стоматолог", "zahnarzt"),
        ("οδοντίατρος", "zahnarzt"),
        ("Muckibude", "fitnessstudio"),
    ],
)
def test_what_people_say_leads_to_what_it_is(words: str, concept: str) -> None:
    found = get_glossary().matches(words.split())
    assert concept in {one for match in found for one in match.concepts}


def test_endings_of_other_languages_are_seen_through() -> None:
    assert get_glossary().without_ending("ehliyetimi") == "ehliyet"
    assert get_glossary().without_ending("Rathaus") == ""


def test_a_glossary_comes_back_from_json_as_it_was() -> None:
    glossary = get_glossary()
    again = Glossary.from_json(glossary.to_json())
    assert again.concepts == glossary.concepts
    assert again.matches(["Zahnweh"]) == glossary.matches(["Zahnweh"])
    assert again.concepts_in(["Bäckerei"]) == glossary.concepts_in(["Bäckerei"])
    assert again.concepts_of_tag("amenity=dentist") == glossary.concepts_of_tag("amenity=dentist")
    assert again.version == glossary.version


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- id: Zahn-Arzt", "no id"),
        ("- words: [x]", "no id"),
        ("- id: a\n  worte: [x]", "unknown fields"),
        ("- id: a\n  languages: {xx: [y]}", "unknown languages"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(text: str, reason: str) -> None:
    with pytest.raises(GlossaryError, match=rf"probe\.yaml.*{reason}"):
        list(read_concepts(text, name="probe.yaml"))
