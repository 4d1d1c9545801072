"""The demonstration writes its data once, and brings passed dates anew."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import Count, Model
from django.utils import timezone

from stadtportal.areas.courses.models import Booking, Course, Session
from stadtportal.areas.demo import actions, queries
from stadtportal.areas.demo import api as demo
from stadtportal.areas.demo.models import CourseRun
from stadtportal.areas.demo.rules import BERLIN, SIGN_INS, at_berlin, first_day, next_first_day, parties, run_days
from stadtportal.kernel.city.models import Organisation
from stadtportal.kernel.contracts import Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person


def person_id(email: str) -> UUID:
    person = people.find_person(email)
    assert person is not None
    return person.id


def counts() -> dict[str, int]:
    models: list[type[Model]] = [Organisation, Person, Course, Session, Booking, CourseRun]
    return {model.__name__: model._default_manager.count() for model in models}


@pytest.mark.usefixtures("seeded", "db")
def test_seeding_writes_what_the_file_says_and_twice_changes_nothing() -> None:
    data = queries.get_demo_data()
    before = counts()
    assert before["Person"] == len(data["people"]) + len(data["children"])
    assert before["Course"] == before["CourseRun"] == len(data["courses"])
    assert Course.objects.filter(example=False).count() == 0
    assert Person.objects.filter(example=False).count() == 0
    assert before["Booking"] > 100
    assert demo.is_seeded()
    demo.seed()
    assert counts() == before


@pytest.mark.usefixtures("seeded", "db")
def test_those_who_sign_in_have_the_roles_the_start_prints() -> None:
    assert [who.email for who in demo.sign_ins()] == list(SIGN_INS)
    roles = {
        who.email: {grant.role for grant in people.actor_for(person_id(who.email)).grants} for who in demo.sign_ins()
    }
    assert roles == {
        "lena@example.org": set(),
        "studio@example.org": {Role.PROVIDER_STAFF},
        "amt@example.org": {Role.CASE_WORKER},
        "admin@example.org": {Role.OPERATOR},
    }
    studio = people.actor_for(person_id("studio@example.org"))
    yoga = Organisation.objects.get(slug="yogaraum-am-kurpark-beispiel")
    assert studio.organisation_ids(Role.PROVIDER_STAFF) == {yoga.pk}


@pytest.mark.usefixtures("seeded", "db")
def test_courses_are_as_full_as_the_file_says_and_full_ones_have_a_waiting_list() -> None:
    now = timezone.now()
    for facts in queries.get_demo_data()["courses"]:
        coming = Session.objects.filter(course__slug=facts["slug"], cancelled_at=None, starts_at__gt=now).order_by(
            "starts_at"
        )
        wanted = min(facts["capacity"], round(facts["capacity"] * facts["fill"]))
        first = coming.first()
        if first is not None:
            assert first.taken == wanted, facts["slug"]
            assert bool(first.waiting_seq) == (facts["fill"] >= 1), facts["slug"]


@pytest.mark.usefixtures("seeded", "db")
def test_the_named_dates_are_called_off() -> None:
    for facts in queries.get_demo_data()["courses"]:
        dates = list(Session.objects.filter(course__slug=facts["slug"]).order_by("starts_at"))
        off = [number for number, session in enumerate(dates) if session.cancelled_at]
        coming = [number for number in facts["cancelled_dates"] if dates[number].starts_at > timezone.now()]
        assert off == coming, facts["slug"]


@pytest.mark.usefixtures("seeded", "db")
def test_nobody_who_signs_in_has_booked_before() -> None:
    ids = [person_id(email) for email in SIGN_INS]
    assert Booking.objects.filter(person_id__in=ids).count() == 0


@pytest.mark.usefixtures("seeded", "db")
def test_a_run_whose_dates_have_passed_is_followed_by_a_new_one() -> None:
    facts = next(one for one in queries.get_demo_data()["courses"] if one["booking"] == "series")
    old = queries.list_runs()[facts["slug"]]
    later = datetime.combine(old[1] + timedelta(days=1), datetime.min.time(), BERLIN) + timedelta(hours=9)
    residents = queries.list_residents()
    assert actions.put_course(facts=facts, run=old, residents=residents, rewrite=False, now=later)
    new = queries.list_runs()[facts["slug"]]
    assert new[0] > old[1] or facts["starts_in_weeks"] < 0
    assert new[1] > old[1]
    again = actions.put_course(facts=facts, run=new, residents=residents, rewrite=False, now=later + timedelta(days=2))
    assert again is False


@pytest.mark.usefixtures("seeded", "db")
def test_a_course_by_single_dates_always_has_its_weeks_ahead() -> None:
    facts = next(one for one in queries.get_demo_data()["courses"] if one["booking"] == "single")
    old = queries.list_runs()[facts["slug"]]
    dates = Session.objects.filter(course__slug=facts["slug"]).count()
    later = timezone.now() + timedelta(weeks=2)
    assert actions.put_course(facts=facts, run=old, residents=queries.list_residents(), rewrite=False, now=later)
    assert Session.objects.filter(course__slug=facts["slug"]).count() == dates + 2
    repeated = Session.objects.values("course", "starts_at").annotate(n=Count("id")).filter(n__gt=1)
    assert not repeated.exists()


@pytest.mark.parametrize(
    ("today", "weekday", "weeks", "expected"),
    [
        (date(2026, 11, 23), "Mo", 0, date(2026, 11, 23)),
        (date(2026, 11, 24), "Mo", 0, date(2026, 11, 30)),
        (date(2026, 11, 23), "Su", 1, date(2026, 12, 6)),
        (date(2026, 11, 23), "Tu", -2, date(2026, 11, 10)),
    ],
)
def test_the_first_day_of_a_run(today: date, weekday: str, weeks: int, expected: date) -> None:
    assert first_day(today=today, weekday=weekday, starts_in_weeks=weeks) == expected


def test_a_run_stays_until_its_last_day_is_over() -> None:
    run = (date(2026, 11, 2), date(2026, 11, 23))
    assert next_first_day(today=date(2026, 11, 23), weekday="Mo", starts_in_weeks=1, run=run) == run[0]
    assert next_first_day(today=date(2026, 11, 24), weekday="Mo", starts_in_weeks=1, run=run) == date(2026, 12, 7)


def test_local_time_holds_over_the_change_of_the_clocks() -> None:
    days = run_days(first=date(2027, 3, 24), weeks=2)
    starts = [at_berlin(day, "18:30", minutes=75) for day in days]
    assert [start.isoformat() for start, _end in starts] == ["2027-03-24T18:30:00+01:00", "2027-03-31T18:30:00+02:00"]
    assert all(end - start == timedelta(minutes=75) for start, end in starts)


def test_parties_fill_exactly_the_seats() -> None:
    for seats in range(40):
        assert sum(parties(seats)) == seats
    assert list(parties(0)) == list(parties(-3)) == []


@pytest.mark.usefixtures("seeded", "db")
def test_lena_has_a_child_she_can_act_for() -> None:
    held = people.list_delegations(actor=people.actor_for(person_id("lena@example.org")), now=timezone.now()).held
    assert [(one.principal_name, one.kind, one.state) for one in held] == [
        ("Mika Beispiel", people.Kind.CHILD, people.State.ACTIVE)
    ]
