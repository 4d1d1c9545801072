"""Accepting, taking back, passing on and ending at the same moment, on the real PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from stadtportal.kernel.contracts import Actor, Role, RuleBroken
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Delegation
from tests.delegation.conftest import address, new_person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 20
NOW = datetime.now(UTC)
TODAY: date = NOW.date()
LATER = TODAY + timedelta(days=90)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all of it at one moment; return what came of each: its answer, or the name of the refusal."""
    line = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        connection.ensure_connection()
        line.wait(30)
        try:
            return str(deed())
        except RuleBroken as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def invite(principal: Actor, email: str) -> int:
    return people.invite(actor=principal, email=email, scope=people.Scope(), last_day=LATER, today=TODAY, now=NOW)


def test_accepting_and_taking_back_at_once_leaves_nothing_half_agreed() -> None:
    lena, tim = new_person("Lena"), new_person("Tim")
    seen: Counter[tuple[str, ...]] = Counter()
    for _round in range(ROUNDS):
        number = invite(tim, address(lena))
        answers = at_once(
            lambda number=number: people.accept(actor=lena, delegation_id=number, now=NOW),  # type: ignore[misc]  # bound now.
            lambda number=number: people.end(actor=tim, delegation_id=number, now=NOW),  # type: ignore[misc]  # as above.
        )
        row = Delegation.objects.get(pk=number)
        seen[tuple(answers)] += 1
        assert row.ended_at == NOW
        assert (row.agent_accepted_at is None) == (answers[0] == "NotFound")
        assert row.ended_how == ("withdrawn" if answers[0] == "NotFound" else "ended")
    assert set(seen) <= {("None", "True"), ("NotFound", "True")}


def test_accepting_twice_at_once_is_accepting_once() -> None:
    lena, tim = new_person("Lena"), new_person("Tim")
    number = invite(tim, address(lena))
    answers = at_once(*[lambda: people.accept(actor=lena, delegation_id=number, now=NOW)] * 4)
    assert Counter(answers) == Counter({"None": 1, "NotFound": 3})


def test_inviting_the_same_address_at_once_is_one_invitation() -> None:
    tim = new_person("Tim")
    answers = at_once(*[lambda: invite(tim, "neu@example.org")] * 4)
    assert Counter(answers)["DelegationRefused"] == 3
    assert Delegation.objects.filter(ended_at=None).count() == 1


def test_both_sides_end_it_at_once_and_it_ends_once() -> None:
    lena, tim = new_person("Lena"), new_person("Tim")
    for _round in range(ROUNDS):
        number = invite(tim, address(lena))
        people.accept(actor=lena, delegation_id=number, now=NOW)
        answers = at_once(
            lambda number=number: people.end(actor=lena, delegation_id=number, now=NOW),  # type: ignore[misc]  # bound now.
            lambda number=number: people.end(actor=tim, delegation_id=number, now=NOW),  # type: ignore[misc]  # as above.
        )
        assert sorted(answers) == ["False", "True"]


def test_nothing_passed_on_outlives_what_it_was_given_under() -> None:
    """The representative's delegation ends while they pass it on, and while somebody accepts."""
    lena, tim, clerk = new_person("Lena"), new_person("Tim"), new_person("Alex", role=Role.CASE_WORKER)
    for _round in range(ROUNDS):
        club = people.request_organisation(actor=lena, name="Verein", register_entry="VR 1", today=TODAY, now=NOW)
        people.confirm(actor=clerk, delegation_id=club, evidence="Registerauszug", last_day=LATER, today=TODAY, now=NOW)
        facts = {"scope": people.Scope(), "last_day": LATER, "today": TODAY, "now": NOW}
        below = people.pass_on(actor=lena, delegation_id=club, email=address(tim), **facts)  # type: ignore[arg-type]  # by name.
        answers = at_once(
            lambda club=club: people.end(actor=lena, delegation_id=club, now=NOW),  # type: ignore[misc]  # bound now.
            lambda below=below: people.accept(actor=tim, delegation_id=below, now=NOW),  # type: ignore[misc]  # as above.
            lambda club=club, facts=facts: people.pass_on(  # type: ignore[misc]  # as above.
                actor=lena, delegation_id=club, email="neu@example.org", **facts
            ),
        )
        assert answers[0] == "True"
        assert answers[1] in {"None", "NotFound", "DelegationRefused"}
        assert Delegation.objects.filter(granted_under=club, ended_at=None).count() == 0


def test_two_parents_share_with_two_others_at_once_and_one_is_invited() -> None:
    lena = new_person("Lena")
    child = people.add_child(
        actor=lena, given_name="Mika", family_name="M", birth_date=TODAY - timedelta(days=3000), today=TODAY, now=NOW,
        example=False,
    )  # fmt: skip
    answers = at_once(
        *[
            lambda email=email: people.share_child(actor=lena, delegation_id=child, email=email, now=NOW)
            for email in ("a@example.org", "b@example.org", "c@example.org")
        ]
    )
    assert Counter(answers)["DelegationRefused"] == 2
