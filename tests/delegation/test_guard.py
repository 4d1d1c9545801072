"""What the database refuses, whoever writes and by whatever way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.people.models import Delegation, Person
from tests.delegation.conftest import Grant, account_of, new_person

pytestmark = pytest.mark.django_db
Write = Callable[..., Delegation]


@pytest.fixture
def write(lena: Actor, tim: Actor, now: datetime) -> Write:
    """Write a delegation of Tim's that Lena holds, changed as asked, past all rules."""

    def create(**changes: Any) -> Delegation:  # noqa: ANN401 -- any field.
        facts: dict[str, Any] = {
            "principal": account_of(tim),
            "agent": account_of(lena),
            "kind": "adult",
            "starts_at": now,
            "expires_at": now + timedelta(days=9),
            "proposed_at": now,
            "principal_accepted_at": now,
            "agent_accepted_at": now,
        }
        return Delegation.objects.create(**facts | changes)

    return create


def refused(write: Callable[[], object]) -> str:
    """Return the name of what the database says against it."""
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        write()
    return str(fault.value)


def test_nobody_is_their_own_agent_and_nobody_is_it_twice(write: Write, lena: Actor) -> None:
    assert "not_oneself" in refused(lambda: write(principal=account_of(lena)))
    write()
    assert "people_delegation_once" in refused(write)


def test_a_delegation_is_for_the_right_sort_of_principal_and_held_by_an_account(
    write: Write, child: int, club: int
) -> None:
    mika, verein = (Delegation.objects.get(pk=number).principal for number in (child, club))
    assert "people_delegation_principal_kind" in refused(lambda: write(kind="child"))
    assert "people_delegation_principal_kind" in refused(lambda: write(principal=mika, kind="adult"))
    assert "people_delegation_principal_kind" in refused(lambda: write(principal=verein, kind="care"))
    assert "people_delegation_agent_kind" in refused(lambda: write(agent=mika))
    assert "people_delegation_agent_kind" in refused(lambda: write(agent=verein))


def test_who_does_not_sign_in_has_neither_address_nor_password(child: int) -> None:
    mika = Delegation.objects.get(pk=child).principal
    for changes in ({"email": "mika@example.org"}, {"password": "pbkdf2_sha256$1$a$b"}, {"kind": "account"}):
        assert "signs_in_or_not" in refused(lambda changes=changes: Person.objects.filter(pk=mika.pk).update(**changes))  # type: ignore[misc]  # bound now.


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": timedelta(days=400)},
        {"granted_under": "below"},
        {"granted_under": "other club"},
        {"granted_under": "ended"},
    ],
)
def test_what_is_passed_on_lies_within_what_its_giver_has(
    write: Write, club: int, changes: dict[str, Any], now: datetime
) -> None:
    above = Delegation.objects.get(pk=club)
    agent = account_of(new_person("Omar"))
    below = write(principal=above.principal, agent=agent, kind="organisation", granted_under=above)
    other = Person.objects.create(kind="organisation", email=None, password="!", family_name="Anders")  # noqa: S106 -- a password that never matches.
    facts: dict[str, Any] = {"principal": above.principal, "kind": "organisation", "granted_under": above}
    facts["agent"] = account_of(new_person("Ida"))
    match changes:
        case {"granted_under": "below"}:
            facts["granted_under"] = below
        case {"granted_under": "other club"}:
            facts["principal"] = other
        case {"granted_under": "ended"}:
            Delegation.objects.filter(pk=above.pk).update(ended_at=now, ended_how="ended")
        case {"expires_at": ahead}:
            facts["expires_at"] = now + ahead
    assert "people_delegation_within" in refused(lambda: write(**facts))


def test_a_narrow_giver_passes_on_nothing_wider(write: Write, tim: Actor, now: datetime) -> None:
    verein = Person.objects.create(kind="organisation", email=None, password="!", family_name="Verein")  # noqa: S106 -- a password that never matches.
    above = write(principal=verein, kind="organisation", areas=["courses"], may_act=False)
    facts = {"principal": verein, "kind": "organisation", "granted_under": above, "agent": account_of(tim)}
    attempts: list[dict[str, Any]] = [
        {"areas": []},
        {"areas": ["courses", "other"]},
        {"areas": ["courses"], "may_act": True},
    ]
    for wider in attempts:
        assert "people_delegation_within" in refused(lambda wider=wider: write(**facts | {"may_act": False} | wider))  # type: ignore[misc]  # bound now.
    below = write(**facts, areas=["courses"], may_act=False)
    Delegation.objects.filter(pk=above.pk).update(ended_at=now, ended_how="ended")
    below.refresh_from_db()
    assert (below.ended_at, below.ended_how) == (now, "ended")


@pytest.mark.parametrize(
    "changes",
    [
        {"areas": ["courses"]},
        {"may_act": False},
        {"expires_at": timedelta(days=99)},
        {"agent": None, "invited_email": "neu@example.org", "agent_accepted_at": None},
        {"kind": "care"},
        {"principal_accepted_at": None},
    ],
)
def test_what_both_agreed_to_does_not_change(
    lena: Actor, tim: Actor, grant: Grant, now: datetime, changes: dict[str, Any]
) -> None:
    number = grant(tim, lena)
    changes = {name: now + value if isinstance(value, timedelta) else value for name, value in changes.items()}
    said = refused(lambda: Delegation.objects.filter(pk=number).update(**changes))
    assert "people_delegation_settled" in said or "people_delegation_principal_kind" in said


def test_an_end_is_for_good_and_says_how(lena: Actor, tim: Actor, grant: Grant, now: datetime) -> None:
    row = Delegation.objects.filter(pk=grant(tim, lena))
    assert "end_is_told" in refused(lambda: row.update(ended_at=now))
    row.update(ended_at=now, ended_how="ended")
    assert "people_delegation_settled" in refused(lambda: row.update(ended_at=None, ended_how=""))
