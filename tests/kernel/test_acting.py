"""Whoever acts for another person sees that person's things by a mandate, and is named in the log and in the cases."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.cases.models import Case
from stadtportal.kernel.contracts import Actor, Area, Mandate, NotAllowed, NotFound, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.models import AccessEvent
from tests.kernel.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_area")]


def acting(agent: Actor, principal: Actor, *, areas: frozenset[str] = frozenset()) -> Actor:
    assert agent.person_id is not None
    assert principal.person_id is not None
    mandate = Mandate(
        delegation_id=7,
        principal_id=principal.person_id,
        principal_name=principal.shown_as,
        agent_id=agent.person_id,
        agent_name=agent.shown_as,
        title="Vollmacht Nr. 7",
        basis="Vollmacht, § 167 BGB",
        areas=areas,
    )
    return replace(agent, person_id=principal.person_id, shown_as=mandate.shown_as, mandate=mandate)


def open_trial(actor: Actor) -> str:
    assert actor.person_id is not None
    return cases.open_case(
        person_id=actor.person_id, area="probe", kind="trial", title="Probe", status="open", event="Auf.", now=NOW
    )


def test_a_look_by_mandate_is_in_the_log_of_the_person_with_the_name_of_the_delegation(
    make_resident: Callable[[], Actor],
) -> None:
    lena, tim = make_resident(), make_resident()
    open_trial(tim)
    assert len(cases.list_cases(actor=acting(lena, tim))) == 1
    (event,) = AccessEvent.objects.all()
    assert (event.subject_id, event.actor_id, event.actor_name) == (tim.person_id, lena.person_id, lena.shown_as)
    assert (event.purpose, event.legal_basis) == (
        "Handeln in Vertretung (Vollmacht Nr. 7)",
        "Vollmacht, § 167 BGB",
    )
    assert event.fields == ["Vorgänge"]


def test_who_looks_at_their_own_things_is_not_logged(make_resident: Callable[[], Actor]) -> None:
    tim = make_resident()
    open_trial(tim)
    cases.list_cases(actor=tim)
    assert not AccessEvent.objects.exists()


def test_nothing_seen_is_nothing_logged(make_resident: Callable[[], Actor]) -> None:
    cases.list_cases(actor=acting(make_resident(), make_resident()))
    assert not AccessEvent.objects.exists()


def test_by_mandate_nothing_is_shown_when_the_event_cannot_be_written(make_resident: Callable[[], Actor]) -> None:
    lena, tim = make_resident(), make_resident()
    open_trial(tim)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trust_accessevent ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
    with pytest.raises(IntegrityError, match="full_disk"), transaction.atomic():
        cases.list_cases(actor=acting(lena, tim))


def test_a_mandate_for_one_person_shows_nothing_of_the_agent_or_a_third(make_resident: Callable[[], Actor]) -> None:
    lena, tim, omar = make_resident(), make_resident(), make_resident()
    assert lena.person_id is not None
    open_trial(lena)
    open_trial(omar)
    assert cases.list_cases(actor=acting(lena, tim)) == []
    with trust.own(acting(lena, tim)), pytest.raises(trust.ForeignRow):
        list(Case.objects.filter(person_id=lena.person_id))


def test_the_log_of_the_person_acted_for_is_not_shown_to_the_agent(make_resident: Callable[[], Actor]) -> None:
    lena, tim = make_resident(), make_resident()
    open_trial(tim)
    cases.list_cases(actor=acting(lena, tim))
    assert len(trust.list_access(actor=tim)) == 1
    assert trust.list_access(actor=acting(lena, tim)) == []


def test_a_case_and_its_events_say_who_acted(make_resident: Callable[[], Actor]) -> None:
    lena, tim = make_resident(), make_resident()
    actor = acting(lena, tim)
    with trust.own(actor):
        reference = open_trial(actor)
        cases.move_case(reference=reference, status="done", event="Zu.", now=NOW)
    assert cases.get_case(actor=tim, reference=reference).agent_name == lena.shown_as
    names = [event.actor_name for event in cases.list_case_events(actor=tim, reference=reference)]
    assert names == [f"{lena.shown_as} für {tim.shown_as}"] * 2


def test_what_machinery_or_oneself_does_names_nobody(make_resident: Callable[[], Actor]) -> None:
    lena, tim = make_resident(), make_resident()
    with trust.own(acting(lena, tim)), trust.system("Nachrücken"):
        reference = open_trial(tim)
    with trust.own(acting(lena, tim)):
        other = open_trial(lena)
    with trust.system("Test"):
        assert {case.reference: case.agent_name for case in Case.objects.all()} == {reference: "", other: ""}


def test_a_mandate_for_some_areas_shows_only_cases_of_these(
    make_resident: Callable[[], Actor], probe_area: Area
) -> None:
    lena, tim = make_resident(), make_resident()
    reference = open_trial(tim)
    outside = acting(lena, tim, areas=frozenset({"courses"}))
    inside = acting(lena, tim, areas=frozenset({probe_area.slug}))
    assert tim.person_id is not None
    assert cases.list_cases(actor=outside) == []
    assert cases.count_cases(tim.person_id, areas=outside.areas) == 0
    assert cases.count_cases(tim.person_id, areas=inside.areas) == 1
    with pytest.raises(NotFound):
        cases.get_case(actor=outside, reference=reference)
    assert cases.get_case(actor=inside, reference=reference).title == "Probe"


def test_a_mandate_for_some_areas_does_not_open_the_inbox(make_resident: Callable[[], Actor]) -> None:
    lena, tim = make_resident(), make_resident()
    assert tim.person_id is not None
    message = inbox.send(person_id=tim.person_id, subject="Steuer", body="Geheim", now=NOW)
    narrow, wide = acting(lena, tim, areas=frozenset({"probe"})), acting(lena, tim)
    with pytest.raises(NotAllowed):
        inbox.read_message(actor=narrow, message_id=message, now=NOW)
    with pytest.raises(NotAllowed):
        inbox.list_messages(actor=narrow)
    assert inbox.read_message(actor=wide, message_id=message, now=NOW).subject == "Steuer"
    assert [event.fields for event in trust.list_access(actor=tim)] == [("Nachrichten",)]


def test_who_acts_for_another_has_no_role_of_either(make_resident: Callable[[], Actor], clerk: Actor) -> None:
    actor = replace(acting(clerk, make_resident()), grants=frozenset())
    assert not actor.has_role(Role.CASE_WORKER)
    assert actor.agent_id == clerk.person_id


def test_what_people_keep_and_agree_to_is_closed_to_whoever_acts_for_them(make_resident: Callable[[], Actor]) -> None:
    lena, tim = make_resident(), make_resident()
    agent, parts = acting(lena, tim), {"number": "0711 123456"}
    receiver, purpose = trust.Receiver(id=7, name="Studio"), trust.Purpose("contact", "Anrufen", "1 Jahr")
    trust.keep_fact(actor=tim, kind="phone", parts=parts, now=NOW)
    trust.give_consent(actor=tim, receiver=receiver, kind="phone", purpose=purpose, now=NOW)
    assert trust.offer_prefill(actor=agent, fields=("phone",), purpose=purpose, receiver=receiver) == []
    for attempt in (
        lambda: trust.list_own_facts(agent),
        lambda: trust.list_own_consents(agent),
        lambda: trust.list_own_looks(actor=agent, asked=trust.LookFilter()),
        lambda: trust.keep_fact(actor=agent, kind="phone", parts=parts, now=NOW),
        lambda: trust.give_consent(actor=agent, receiver=receiver, kind="phone", purpose=purpose, now=NOW),
        lambda: trust.use_fact(actor=agent, kind="phone", receiver=receiver, purpose=purpose, now=NOW),
        lambda: trust.stop_sharing(actor=agent, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not AccessEvent.objects.exists()
