"""Concepts learnt from expressions: told apart, kept, and read anew when learnt anew."""

import numpy as np
import pytest

from stadtportal.kernel.search.engine.classifier import NOTHING_LEARNT, Classifier, as_numbers, train
from stadtportal.kernel.search.engine.encoder import encode, encode_question
from stadtportal.kernel.search.models import Expression, LearntConcepts
from stadtportal.kernel.search.queries import concepts

SAID = {
    "bad": ("schwimmen gehen", "ins Wasser springen", "Bahnen ziehen", "Schwimmbad", "baden"),
    "arzt": ("ich bin krank", "Fieber und Husten", "Arzt gesucht", "mir tut der Bauch weh", "Praxis"),
    "pass": ("Ausweis verlängern", "neuer Reisepass", "Personalausweis", "Pass für die Reise", "Papiere abgelaufen"),
}


@pytest.fixture(scope="module")
def learnt() -> Classifier:
    pairs = [(concept, text) for concept, texts in SAID.items() for text in texts]
    return train([as_numbers(encode([text for _, text in pairs]))], [concept for concept, _ in pairs])


@pytest.mark.parametrize(
    ("text", "concept"),
    [("Schwimmhalle", "bad"), ("Halsschmerzen", "arzt"), ("Reisepass beantragen", "pass"), ("swimming pool", "bad")],
)
def test_what_nobody_said_that_way_is_understood(learnt: Classifier, text: str, concept: str) -> None:
    likely = learnt.likely(encode([text])[0])
    assert max(likely, key=lambda one: likely[one]) == concept
    assert sum(likely.values()) <= 1.0001


def test_what_is_kept_says_the_same_as_what_was_learnt(learnt: Classifier) -> None:
    kept = Classifier.from_bytes(learnt.to_bytes())
    vector = encode(["Schwimmhalle"])[0]
    assert kept.concepts == learnt.concepts
    assert kept.likely(vector) == pytest.approx(learnt.likely(vector), abs=0.01)


def test_learning_the_same_twice_gives_the_same() -> None:
    vectors = [as_numbers(encode(list(SAID["bad"] + SAID["arzt"])))]
    names = ["bad"] * 5 + ["arzt"] * 5
    assert np.array_equal(train(vectors, names).weights, train(vectors, names).weights)


def test_before_anything_was_learnt_nothing_is_likely() -> None:
    assert NOTHING_LEARNT.likely([0.0] * 512) == {}


@pytest.mark.django_db
def test_a_likely_concept_counts_even_when_its_own_expressions_are_far(learnt: Classifier) -> None:
    concepts._classifier.cache_clear()
    # The only expression known is one of another concept.
    Expression.objects.create(concept="arzt", text="Praxis", german=True, version="1", vector=encode(["Praxis"])[0])
    meaning = encode_question("Schwimmhalle")
    assert [one for one, _ in concepts.list_near_concepts(meaning, foreign=0.0)] == ["arzt"]
    LearntConcepts.objects.create(version="1", body=learnt.to_bytes())
    assert concepts.list_near_concepts(meaning, foreign=0.0)[0][0] == "bad"
    concepts._classifier.cache_clear()
