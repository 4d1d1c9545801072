"""What cannot be proposed, accepted, passed on or ended, and by whom not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from stadtportal.kernel.contracts import VISITOR, Actor, Mandate, NotAllowed, NotFound, Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.actions.answering import purge_requests
from stadtportal.kernel.people.actions.proposing import purge_invitations
from stadtportal.kernel.people.models import Delegation
from tests.delegation.conftest import Grant, address, browser, new_person

pytestmark = pytest.mark.django_db
Invite = Callable[..., int]


@pytest.fixture
def invite(today: date, later: date, now: datetime) -> Invite:
    def send(principal: Actor, email: str, **changes: Any) -> int:  # noqa: ANN401 -- any argument.
        facts: dict[str, Any] = {"scope": people.Scope(), "last_day": later, "today": today, "now": now}
        return people.invite(actor=principal, email=email, **facts | changes)

    return send


def test_visitors_and_those_who_act_for_others_change_no_delegation(
    lena: Actor, tim: Actor, invite: Invite, now: datetime
) -> None:
    assert lena.person_id is not None
    assert tim.person_id is not None
    mandate = Mandate(1, tim.person_id, "Tim", lena.person_id, "Lena", "Vollmacht Nr. 1", "Vollmacht")
    for actor in (VISITOR, replace(lena, person_id=tim.person_id, mandate=mandate)):
        with pytest.raises(NotAllowed):
            invite(actor, "neu@example.org")
        for act in (people.accept, people.decline, people.end):
            with pytest.raises(NotAllowed):
                act(actor=actor, delegation_id=1, now=now)
        with pytest.raises(NotAllowed):
            people.list_delegations(actor=actor, now=now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scope": people.Scope(frozenset({"nichts"}))}, "areas"),
        ({"last_day": date(2020, 1, 1)}, "last_day"),
        ({"last_day": date(2099, 1, 1)}, "last_day"),
    ],
)
def test_an_invitation_with_a_strange_scope_or_time_is_refused_beside_its_field(
    lena: Actor, invite: Invite, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(people.DelegationRefused) as refused:
        invite(lena, "neu@example.org", **changes)
    assert refused.value.field == field
    assert Delegation.objects.count() == 0


def test_nobody_invites_themselves_or_the_same_person_twice(
    lena: Actor, tim: Actor, invite: Invite, grant: Grant
) -> None:
    with pytest.raises(people.DelegationRefused):
        invite(lena, address(lena).upper())
    invite(lena, "neu@example.org")
    with pytest.raises(people.DelegationRefused):
        invite(lena, " NEU@example.org")
    grant(lena, tim)
    with pytest.raises(people.DelegationRefused):
        invite(lena, address(tim))


def test_an_invitation_is_answered_alike_whether_the_address_has_an_account(
    lena: Actor, tim: Actor, later: date
) -> None:
    pages = []
    for email in (address(tim), "niemand@example.org"):
        form = {"email": email, "may_act": "act", "last_day": later.isoformat()}
        answer = browser(lena).post("/mein/vertretung/einladen/", form, follow=True)
        pages.append(answer.content.decode().replace(email, "x"))
    first, second = (page.count("Wartet auf Annahme") for page in pages)
    assert (first, second) == (1, 2)


def test_an_invitation_is_only_for_the_holder_of_the_confirmed_address(
    lena: Actor, tim: Actor, invite: Invite, now: datetime
) -> None:
    number = invite(lena, address(tim))
    unconfirmed = people.create_person(email="neu@example.org", given_name="Neu", family_name="Da")
    other = invite(lena, unconfirmed.email)
    for actor, one in ((new_person("Omar"), number), (lena, number), (people.actor_for(unconfirmed.id), other)):
        for answer in (people.accept, people.decline):
            with pytest.raises(NotFound):
                answer(actor=actor, delegation_id=one, now=now)
    people.decline(actor=tim, delegation_id=number, now=now)
    with pytest.raises(NotFound):
        people.accept(actor=tim, delegation_id=number, now=now)


def test_an_invitation_taken_back_or_too_old_is_not_accepted_and_forgotten(
    lena: Actor, tim: Actor, invite: Invite, now: datetime
) -> None:
    number = invite(lena, address(tim))
    assert people.end(actor=lena, delegation_id=number, now=now)
    assert not people.end(actor=lena, delegation_id=number, now=now)
    again = invite(lena, address(tim))
    month = now + timedelta(days=30)
    for one, when in ((number, now), (again, month)):
        with pytest.raises(NotFound):
            people.accept(actor=tim, delegation_id=one, now=when)
    assert purge_invitations(now=month - timedelta(seconds=1)) == 0
    assert purge_invitations(now=month) == 2
    assert Delegation.objects.count() == 0


def test_strangers_end_see_and_use_no_delegation(lena: Actor, tim: Actor, grant: Grant, now: datetime) -> None:
    number, omar = grant(lena, tim), new_person("Omar")
    with pytest.raises(NotFound):
        people.end(actor=omar, delegation_id=number, now=now)
    for page in ("beenden", "teilen", "weitergeben", "zugriffe"):
        assert browser(omar).get(f"/mein/vertretung/{number}/{page}/").status_code == 404
    assert browser(omar).post(f"/mein/vertretung/{number}/handeln/").status_code == 404
    assert browser(lena).post(f"/mein/vertretung/{number}/handeln/").status_code == 404


def test_an_agent_of_a_person_passes_nothing_on(
    lena: Actor, tim: Actor, grant: Grant, child: int, today: date, later: date, now: datetime
) -> None:
    for actor, number in ((tim, grant(lena, tim)), (lena, child)):
        with pytest.raises(people.DelegationRefused):
            people.pass_on(
                actor=actor,
                delegation_id=number,
                email="neu@example.org",
                scope=people.Scope(),
                last_day=later,
                today=today,
                now=now,
            )


def test_custody_is_shared_by_two_and_nothing_else_is_shared(
    lena: Actor, tim: Actor, child: int, grant: Grant, club: int, now: datetime
) -> None:
    people.share_child(actor=lena, delegation_id=child, email=address(tim), now=now)
    with pytest.raises(people.DelegationRefused):
        people.share_child(actor=lena, delegation_id=child, email="oma@example.org", now=now)
    for number, actor in ((grant(tim, lena), lena), (club, lena)):
        with pytest.raises(people.DelegationRefused):
            people.share_child(actor=actor, delegation_id=number, email="neu@example.org", now=now)


@pytest.mark.parametrize("years", [-1, 18, 40])
def test_an_unborn_or_grown_up_child_is_refused(lena: Actor, today: date, now: datetime, years: int) -> None:
    born = date(today.year - years, 1, 1)
    with pytest.raises(people.DelegationRefused) as refused:
        people.add_child(
            actor=lena, given_name="A", family_name="B", birth_date=born, today=today, now=now, example=False
        )
    assert refused.value.field == "birth_date"


def test_a_child_needs_the_declaration_of_custody(lena: Actor) -> None:
    form = {"given_name": "Mika", "family_name": "M", "birth_date": "2019-01-01"}
    assert browser(lena).post("/mein/vertretung/kind/", form).status_code == 422
    assert get_user_model().objects.filter(given_name="Mika").count() == 0


def test_one_account_does_not_represent_everybody(lena: Actor, today: date, now: datetime) -> None:
    facts: dict[str, Any] = {"name": "Verein", "register_entry": "VR 1", "today": today, "now": now}
    for _number in range(20):
        people.request_organisation(actor=lena, **facts)
    with pytest.raises(people.DelegationRefused):
        people.request_organisation(actor=lena, **facts)


def test_only_case_workers_confirm_and_not_what_they_asked_for_themselves(
    lena: Actor, clerk: Actor, today: date, later: date, now: datetime
) -> None:
    asked = {
        actor: people.request_organisation(actor=actor, name="Verein", register_entry="VR 1", today=today, now=now)
        for actor in (lena, clerk)
    }
    decision: dict[str, Any] = {"evidence": "Registerauszug vom 3.5.", "last_day": later, "today": today, "now": now}
    operator = new_person("Ada", role=Role.OPERATOR)
    for actor, number in ((lena, asked[lena]), (operator, asked[lena]), (clerk, asked[clerk])):
        with pytest.raises(NotAllowed):
            people.confirm(actor=actor, delegation_id=number, **decision)
        with pytest.raises(NotAllowed):
            people.refuse(actor=actor, delegation_id=number, reason="Nichts vorgelegt", now=now)
    people.confirm(actor=clerk, delegation_id=asked[lena], **decision)
    with pytest.raises(NotFound):
        people.confirm(actor=clerk, delegation_id=asked[lena], **decision)
    with pytest.raises(NotFound):
        people.refuse(actor=clerk, delegation_id=asked[lena], reason="Nichts vorgelegt", now=now)


def test_an_invitation_to_act_for_a_club_falls_with_its_giver(
    lena: Actor, tim: Actor, club: int, today: date, later: date, now: datetime
) -> None:
    number = people.pass_on(
        actor=lena,
        delegation_id=club,
        email=address(tim),
        scope=people.Scope(),
        last_day=later,
        today=today,
        now=now,
    )
    people.end(actor=lena, delegation_id=club, now=now)
    with pytest.raises(NotFound):
        people.accept(actor=tim, delegation_id=number, now=now)


def test_too_many_invitations_in_an_hour_are_stopped(lena: Actor, later: date) -> None:
    client = browser(lena)
    statuses = [
        client.post(
            "/mein/vertretung/einladen/",
            {"email": f"n{number}@example.org", "may_act": "act", "last_day": later.isoformat()},
        ).status_code
        for number in range(21)
    ]
    assert statuses == [*[302] * 20, 429]


def test_what_nobody_has_checked_is_forgotten_with_the_person_it_names(
    lena: Actor, club: int, today: date, now: datetime
) -> None:
    people.request_care(
        actor=lena,
        given_name="Otto",
        family_name="Alt",
        birth_date=date(1940, 2, 29),
        register_entry="12 XVII 3/26",
        today=today,
        now=now,
    )
    late = now + timedelta(days=180)
    assert purge_requests(now=late - timedelta(seconds=1)) == 0
    assert purge_requests(now=late) == 1
    assert not get_user_model().objects.filter(family_name="Alt").exists()
    assert Delegation.objects.filter(pk=club).exists()


@pytest.mark.parametrize("name", ["\u202e", "\u200b\u200b", "\x07"])
def test_a_name_that_nobody_sees_is_none(lena: Actor, today: date, now: datetime, name: str) -> None:
    with pytest.raises(people.DelegationRefused) as refused:
        people.request_organisation(actor=lena, name=name, register_entry="VR 1", today=today, now=now)
    assert refused.value.field == "name"


def test_a_request_taken_back_leaves_nothing(lena: Actor, clerk: Actor, today: date, now: datetime) -> None:
    number = people.request_organisation(actor=lena, name="Verein", register_entry="VR 1", today=today, now=now)
    assert people.end(actor=lena, delegation_id=number, now=now)
    assert not get_user_model().objects.filter(family_name="Verein").exists()
    assert people.list_requests(actor=clerk, now=now) == ()


def test_the_city_does_not_end_what_two_adults_agreed_on_and_nobody_else_ends_for_the_city(
    lena: Actor, tim: Actor, clerk: Actor, grant: Grant, child: int, now: datetime
) -> None:
    reason = "Beschluss AG Stuttgart"
    number = grant(lena, tim)
    with pytest.raises(people.DelegationRefused):
        people.revoke(actor=clerk, delegation_id=number, reason=reason, now=now)
    for actor in (tim, new_person("Ada", role=Role.OPERATOR)):
        with pytest.raises(NotAllowed):
            people.revoke(actor=actor, delegation_id=child, reason=reason, now=now)
    with pytest.raises(people.DelegationRefused):
        people.revoke(actor=clerk, delegation_id=child, reason="so", now=now)
    assert Delegation.objects.filter(ended_at=None).count() == 2
