"""The clock erases what is past its time, says when, and never on a jump."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.areas.courses.models import Booking
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.models import AccessEvent, LegalHold, RetentionRun
from stadtportal.kernel.trust.rules.keeping import LARGEST_STEP, TOLERANCE, check_clock, end_of_limitation
from tests.keeping.conftest import NOW, Bird

YEARS = timedelta(days=3 * 365)


def run_daily(*, at: datetime) -> trust.ClockView:
    """Run the clock at ``at``, having run it the day before too."""
    trust.accept_clock(now=at - timedelta(days=1))
    return trust.expire(now=at)


@pytest.mark.django_db
def test_the_first_run_erases_nothing_and_the_next_day_does(bird: Bird) -> None:
    assert trust.expire(now=NOW + YEARS * 2).refusal.startswith("Erster Lauf")
    assert AccessEvent.objects.filter(subject_id=bird.id).count() == 1
    assert trust.expire(now=NOW + YEARS * 2 + timedelta(days=1)).refusal == ""
    assert AccessEvent.objects.filter(subject_id=bird.id).count() == 0


@pytest.mark.django_db
def test_things_go_on_the_day_their_time_is_over_and_not_before(bird: Bird) -> None:
    """The look and the messages are three years old then; the case and its message are not over and stay."""
    begun = AccessEvent.objects.get(subject_id=bird.id).at
    run_daily(at=begun + YEARS)
    assert AccessEvent.objects.filter(subject_id=bird.id).count() == 1
    run_daily(at=begun + YEARS + timedelta(seconds=1))
    assert AccessEvent.objects.filter(subject_id=bird.id).count() == 0
    assert [message.case_reference for message in inbox.list_messages(actor=bird.actor)] == [bird.reference]
    assert [case.reference for case in cases.list_cases(actor=bird.actor)] == [bird.reference]


@pytest.mark.django_db
def test_a_booking_its_case_and_its_messages_go_together(bird: Bird) -> None:
    from stadtportal.areas.courses import api as courses

    courses.cancel(actor=bird.actor, reference=bird.reference, now=NOW)
    run_daily(at=NOW + YEARS + timedelta(seconds=1))
    assert Booking.objects.filter(person_id=bird.id).count() == 0
    assert cases.count_cases(bird.id) == 0
    assert inbox.count_messages(bird.id) == 0


@pytest.mark.django_db
def test_sessions_that_ended_go(bird: Bird) -> None:
    store = SessionStore()
    store["x"] = 1
    store.set_expiry(NOW + timedelta(hours=1))
    store.save()
    run_daily(at=NOW + timedelta(hours=2))
    assert not Session.objects.filter(session_key=store.session_key).exists()
    assert Session.objects.count() == 2
    assert bird.reference


@pytest.mark.django_db
def test_what_a_law_keeps_goes_after_its_last_day() -> None:
    LegalHold.objects.create(title="x", law="y", until=date(2026, 12, 31), facts={}, created_at=NOW)
    run_daily(at=datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert LegalHold.objects.count() == 1
    run_daily(at=datetime(2027, 1, 1, 3, tzinfo=UTC))
    assert LegalHold.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(days=365 * 10), timedelta(days=8), -timedelta(days=1), -timedelta(hours=1)])
def test_a_clock_that_jumps_erases_nothing_until_an_operator_accepts_it(bird: Bird, jump: timedelta) -> None:
    old = NOW + YEARS * 2
    run_daily(at=NOW)
    for attempt in range(3):
        refused = trust.expire(now=old + timedelta(days=attempt) if jump > timedelta(days=300) else NOW + jump)
        assert (refused.rows, "Uhr" in refused.refusal) == (0, True)
    assert AccessEvent.objects.filter(subject_id=bird.id).count() == 1
    trust.accept_clock(now=old)
    assert trust.expire(now=old + timedelta(minutes=1)).refusal == ""
    assert AccessEvent.objects.filter(subject_id=bird.id).count() == 0


@pytest.mark.django_db
def test_one_kind_that_fails_leaves_all_as_it_was_and_the_clock_where_it_stood(
    bird: Bird, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(_before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- the kernel's signature.
        message = "the table is locked"
        raise RuntimeError(message)

    at = NOW + YEARS * 2
    trust.accept_clock(now=at - timedelta(days=1))
    monkeypatch.setattr("stadtportal.kernel.cases.actions.expire", explode)
    with pytest.raises(RuntimeError):
        trust.expire(now=at)
    assert AccessEvent.objects.filter(subject_id=bird.id).count() == 1
    assert RetentionRun.objects.count() == 1


@pytest.mark.django_db
def test_each_kind_says_when_its_next_thing_goes(bird: Bird) -> None:
    with trust.own(bird.actor):
        due = {one.kind.data.title: one.next_at for one in trust.list_due(bird.id)}
    look = AccessEvent.objects.get(subject_id=bird.id).at
    assert due["Zugriffe auf Ihre Daten"] == look + YEARS
    assert due["Nachrichten"] == NOW + YEARS
    assert due["Konto"] is None
    assert due["Vorgänge"] is None, "it is not over"


@given(step=st.timedeltas(min_value=-timedelta(days=4000), max_value=timedelta(days=4000)))
def test_only_a_small_step_forward_is_trusted(step: timedelta) -> None:
    last = datetime(2026, 11, 25, 3, 10, tzinfo=UTC)
    assert check_clock(now=last + step, last_run=last).trusted == (-TOLERANCE <= step <= LARGEST_STEP)


def test_a_claim_lapses_at_the_end_of_the_third_year_after_its_own() -> None:
    assert [end_of_limitation(day) for day in (date(2026, 1, 1), date(2026, 12, 31), date(2024, 2, 29))] == [
        date(2029, 12, 31),
        date(2029, 12, 31),
        date(2027, 12, 31),
    ]
