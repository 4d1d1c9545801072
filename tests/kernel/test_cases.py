"""Every dealing has a reference, a status and a history that only its person sees."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.cases import rules
from stadtportal.kernel.contracts import VISITOR, Actor, Area, NotFound
from stadtportal.kernel.trust import api as trust

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@given(seed=st.integers(), position=st.integers(0, 8), replacement=st.sampled_from(rules.ALPHABET))
def test_one_wrong_character_is_always_noticed(seed: int, position: int, replacement: str) -> None:
    reference = rules.new_reference(random.Random(seed).choice)  # noqa: S311 -- repeatable on purpose.
    characters = list(reference.replace("-", "")[2:])
    wrong = [*characters]
    wrong[position] = replacement
    expected = reference if wrong == characters else None
    assert rules.normal_reference("ST" + "".join(wrong)) == expected


@given(seed=st.integers(), position=st.integers(0, 7))
def test_two_neighbours_swapped_are_noticed(seed: int, position: int) -> None:
    reference = rules.new_reference(random.Random(seed).choice)  # noqa: S311 -- as above.
    characters = list(reference.replace("-", "")[2:])
    characters[position], characters[position + 1] = characters[position + 1], characters[position]
    swapped = "ST" + "".join(characters)
    expected = reference if swapped == reference.replace("-", "") else None
    assert rules.normal_reference(swapped) == expected


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_not_but_never_an_error(text: str) -> None:
    normal = rules.normal_reference(text)
    assert normal is None or rules.normal_reference(normal) == normal


def test_a_reference_may_be_typed_in_small_letters_with_spaces() -> None:
    reference = rules.new_reference(random.Random(1).choice)  # noqa: S311 -- as above.
    assert rules.normal_reference(f" {reference.lower().replace('-', ' ')} ") == reference


def open_trial(actor: Actor, title: str = "Ein Versuch") -> str:
    assert actor.person_id is not None
    return cases.open_case(
        person_id=actor.person_id,
        area="probe",
        kind="trial",
        title=title,
        status="open",
        event="Wir haben Ihren Versuch notiert.",
        next_step="Sie müssen nichts tun.",
        now=NOW,
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("probe_area")
def test_a_case_is_opened_moved_and_followed(make_resident: Callable[[], Actor]) -> None:
    lena = make_resident()
    reference = open_trial(lena)
    with trust.system("Versuch beenden"):
        cases.move_case(reference=reference, status="done", event="Fertig.", now=NOW + timedelta(hours=1))
    case = cases.get_case(actor=lena, reference=reference.lower())
    assert (case.title, case.status.title, case.next_step) == ("Ein Versuch", "Fertig", "")
    assert [
        (event.at, event.sentence, event.status.code)
        for event in cases.list_case_events(actor=lena, reference=reference)
    ] == [
        (NOW, "Wir haben Ihren Versuch notiert.", "open"),
        (NOW + timedelta(hours=1), "Fertig.", "done"),
    ]
    assert lena.person_id is not None
    assert cases.count_cases(lena.person_id, final=True) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("probe_area")
def test_a_foreign_case_looks_like_one_that_does_not_exist(make_resident: Callable[[], Actor]) -> None:
    lena, omar = make_resident(), make_resident()
    reference = open_trial(lena)
    sentences = set()
    for actor, asked in [(omar, reference), (VISITOR, reference), (omar, "ST-2222-2222-2"), (omar, "Unsinn")]:
        with pytest.raises(NotFound) as refusal:
            cases.get_case(actor=actor, reference=asked)
        sentences.add(refusal.value.sentence)
    assert sentences == {"Diesen Vorgang gibt es nicht, oder er gehört zu einem anderen Konto."}
    assert cases.list_cases(actor=omar) == []


@pytest.mark.django_db
def test_a_case_of_an_area_that_was_switched_off_breaks_nothing(
    make_resident: Callable[[], Actor], probe_area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadtportal.kernel.contracts import registry

    lena = make_resident()
    reference = open_trial(lena)
    monkeypatch.setattr(
        registry, "_areas", {slug: area for slug, area in registry._areas.items() if area is not probe_area}
    )
    assert cases.list_cases(actor=lena) == []
    with pytest.raises(NotFound):
        cases.get_case(actor=lena, reference=reference)


@pytest.mark.django_db
@pytest.mark.usefixtures("probe_area")
def test_an_unknown_status_is_refused(make_resident: Callable[[], Actor]) -> None:
    reference = open_trial(make_resident())
    with trust.system("Versuch"), pytest.raises(KeyError):
        cases.move_case(reference=reference, status="wonderful", event="?", now=NOW)
