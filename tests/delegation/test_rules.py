"""The rules alone: nothing that is passed on ever allows more, or lasts longer, than what it comes from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.people.rules import delegation as rules
from stadtportal.kernel.people.rules.delegation import BeyondMandate, DelegationRefused, Held, Kind, Scope, State

AREAS = ("courses", "townhall", "votes")
START = datetime(2026, 1, 1, tzinfo=UTC)
scopes = st.builds(Scope, st.frozensets(st.sampled_from(AREAS)), st.booleans())
times = st.integers(0, 3000).map(lambda days: START + timedelta(days=days))
helds = st.builds(Held, st.sampled_from(Kind), scopes, times, st.sampled_from(State), st.booleans())


def allowed(scope: Scope) -> set[tuple[str, str]]:
    """Write out what a scope allows, area by area, including one that does not exist yet."""
    areas = [area for area in (*AREAS, "future") if not scope.areas or area in scope.areas]
    return {(area, deed) for area in areas for deed in ("look", "act") if deed == "look" or scope.may_act}


@given(scopes, scopes)
def test_within_means_allowing_nothing_more(inner: Scope, outer: Scope) -> None:
    assert inner.within(outer) == (allowed(inner) <= allowed(outer))


@given(helds, st.lists(st.tuples(scopes, times), max_size=6))
def test_along_any_chain_rights_only_shrink_and_the_chain_has_one_link(
    first: Held, wishes: list[tuple[Scope, datetime]]
) -> None:
    held, links = first, 0
    for scope, expires_at in wishes:
        try:
            rules.check_passed_on(held, scope=scope, expires_at=expires_at)
        except DelegationRefused:
            continue
        assert held.state is State.ACTIVE
        held = Held(held.kind, scope, expires_at, State.ACTIVE, passed_on=True)
        links += 1
    assert links <= (1 if first.kind is Kind.ORGANISATION and not first.passed_on else 0)
    assert allowed(held.scope) <= allowed(first.scope)
    assert held.expires_at <= first.expires_at


@given(scopes, st.sampled_from((*AREAS, "")), st.booleans(), st.sampled_from(("GET", "HEAD", "POST", "PUT", "DELETE")))
def test_a_request_is_let_through_only_where_the_scope_allows_it(
    scope: Scope,
    area: str,
    has_cases: bool,  # noqa: FBT001 -- drawn by hypothesis.
    method: str,
) -> None:
    deed = "look" if method in {"GET", "HEAD"} else "act"
    try:
        rules.check_request(
            name="Tim", view_name="x:y", path="/x/", method=method, area=area, has_cases=has_cases, scope=scope
        )
    except BeyondMandate:
        assert (area, deed) not in allowed(scope) or (not area and scope.areas)
        return
    if deed == "act":
        assert scope.may_act
    if has_cases or deed == "act":
        assert not scope.areas or area in scope.areas


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.integers(0, 17))
def test_custody_ends_the_day_before_the_eighteenth_birthday(born: date, age: int) -> None:
    today = rules.birthday(born, age)
    last = rules.custody_ends(born, today=today)
    assert rules.age_on(born, last) == 17
    assert rules.age_on(born, last + timedelta(days=1)) == 18
    with pytest.raises(DelegationRefused):
        rules.custody_ends(born, today=last + timedelta(days=1))


def test_a_leap_day_child_comes_of_age_on_the_first_of_march() -> None:
    assert rules.custody_ends(date(2012, 2, 29), today=date(2026, 1, 1)) == date(2030, 2, 28)
    assert rules.birthday(date(2012, 2, 29), 4) == date(2016, 2, 29)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_last_day_is_whole_also_when_the_clocks_change(day: date) -> None:
    ends = rules.end_of(day)
    assert rules.last_day_of(ends) == day
    assert rules.last_day_of(ends.astimezone(UTC)) == day


@pytest.mark.parametrize("words", ["", "   ", "gesehen", "\n\t kurz "])
def test_saying_nothing_is_no_evidence(words: str) -> None:
    with pytest.raises(DelegationRefused):
        rules.check_evidence(words)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"ended": True}, State.ENDED),
        ({"now": START + timedelta(days=50)}, State.EXPIRED),
        ({"both_agreed": True}, State.ACTIVE),
        ({"both_agreed": True, "now": START + timedelta(days=31)}, State.ACTIVE),
        ({"checking": True, "now": START + timedelta(days=31)}, State.CHECKING),
        ({"now": START + timedelta(days=30) - timedelta(seconds=1)}, State.INVITED),
        ({"now": START + timedelta(days=30)}, State.EXPIRED),
    ],
)
def test_how_things_stand(facts: dict[str, object], state: State) -> None:
    whole: dict[str, object] = {
        "both_agreed": False, "checking": False, "ended": False, "expires_at": START + timedelta(days=50),
        "proposed_at": START, "now": START,
    }  # fmt: skip
    assert rules.state_of(**whole | facts) is state  # type: ignore[arg-type]  # by name.
