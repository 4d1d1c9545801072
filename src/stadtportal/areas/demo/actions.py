"""Writes of the demonstration: invented people, providers and courses, and mail that was not sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from stadtportal.areas.courses import api as courses
from stadtportal.areas.demo.models import CourseRun, OutgoingMail, Seeding
from stadtportal.areas.demo.queries import mail_to
from stadtportal.areas.demo.rules import (
    BERLIN,
    KEPT_MAILS,
    at_berlin,
    next_first_day,
    parties,
    run_days,
    seats_to_fill,
    split_name,
)
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import Actor, AssuranceLevel, Erased, Grant, Role, RuleBroken
from stadtportal.kernel.people import api as people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

WAITING_PARTIES = 2
# Of a course booked by single dates so many of the next ones have people in them.
DATES_FILLED = 4


@transaction.atomic
def keep_mail(*, sender: str, recipients: Sequence[str], subject: str, text: str, source: bytes) -> int:
    """Keep a mail instead of sending it, and forget all but the last 500. Returns its id."""
    mail = OutgoingMail.objects.create(
        sender=sender, recipients=", ".join(recipients), subject=subject, text=text, source=source
    )
    OutgoingMail.objects.filter(pk__lte=mail.pk - KEPT_MAILS).delete()
    return int(mail.pk)


def erase_mail(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase the mails the portal wrote to this person."""
    return Erased(mail_to(people.get_person(person_id).email).delete()[0])


@transaction.atomic
def put_providers(*, organisations: Iterable[Mapping[str, Any]], places: Iterable[Mapping[str, Any]]) -> None:
    """Write the invented organisations and their places, all marked as examples."""
    for facts in organisations:
        city.put_organisation(**_given(facts) | {"example": True})
    for facts in places:
        place = _given(facts) | {"example": True}
        point = (place.pop("lat"), place.pop("lon"))
        city.put_place(**place, point=point)


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the file says nothing about."""
    return {name: value for name, value in facts.items() if value is not None}


@transaction.atomic
def put_people(*, listed: Iterable[Mapping[str, Any]]) -> None:
    """Write the invented people with their roles; those who exist stay as they are."""
    for facts in listed:
        given_name, family_name = split_name(facts["name"])
        person = people.find_person(facts["email"]) or people.create_person(
            email=facts["email"],
            given_name=given_name,
            family_name=family_name,
            email_verified=True,
            example=True,
        )
        role = Role(facts["role"])
        if role is not Role.RESIDENT and person.example:
            organisation = facts.get("organisation")
            people.grant_role(
                person_id=person.id,
                role=role,
                organisation_id=city.get_organisation(organisation).id if organisation else None,
            )


@transaction.atomic
def put_children(*, listed: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Write the invented children of invented people; those who exist stay as they are."""
    today = now.astimezone(BERLIN).date()
    for facts in listed:
        parent = people.find_person(facts["parent"])
        if parent is None or not parent.example:
            continue
        actor = people.actor_for(parent.id)
        held = people.list_delegations(actor=actor, now=now).held
        if any(one.principal_name == facts["name"] for one in held):
            continue
        given_name, family_name = split_name(facts["name"])
        people.add_child(
            actor=actor,
            given_name=given_name,
            family_name=family_name,
            birth_date=date(today.year - facts["age"], 1, 1),
            today=today,
            now=now,
            example=True,
        )


@transaction.atomic
def put_course(
    *,
    facts: Mapping[str, Any],
    run: tuple[date, date] | None,
    residents: Sequence[UUID],
    rewrite: bool,
    now: datetime,
) -> bool:
    """Write one course; where its run has new dates, with people in them. Returns whether it has.

    ``rewrite`` writes a course without new dates too, because the file says something new about it.

    A series stays on the days of its run until the last has passed; a course booked by single dates always has its
    weeks ahead.
    """
    today = now.astimezone(BERLIN).date()
    single = facts["booking"] == courses.Mode.SINGLE.value
    first = next_first_day(
        today=today,
        weekday=facts["weekday"],
        starts_in_weeks=facts["starts_in_weeks"],
        run=None if single else run,
    )
    days = run_days(first=first, weeks=facts["weeks"])
    new_dates = run != (days[0], days[-1])
    if new_dates or rewrite:
        _write(facts=facts, days=days, now=now)
    if not new_dates:
        return False
    CourseRun.objects.update_or_create(slug=facts["slug"], defaults={"first_on": days[0], "last_on": days[-1]})
    known_until = run[1] if run else None
    _fill(facts, residents, known_until=known_until, now=now)
    if run is None or days[0] > run[1]:
        _call_off(facts=facts, days=days, now=now)
    return True


def _write(*, facts: Mapping[str, Any], days: list[date], now: datetime) -> None:
    dates = [at_berlin(day, facts["start"], minutes=facts["minutes"]) for day in days]
    courses.put_course(
        slug=facts["slug"],
        organisation=facts["organisation"],
        place=facts["place"],
        title=facts["title"],
        description=facts["description"],
        category=facts["category"],
        audience=facts["audience"],
        level=facts["level"],
        language=facts["language"],
        bring=facts["bring"],
        asks_phone=facts.get("asks_phone", False),
        mode=courses.Mode(facts["booking"]),
        min_age=facts["min_age"],
        cancel_until=timedelta(hours=facts["cancel_until_hours"]),
        prices=[
            courses.NewPrice(name=price["name"], cents=price["cents"], proof=price.get("proof", ""))
            for price in facts["prices"]
        ],
        sessions=[
            courses.NewSession(starts_at=starts_at, ends_at=ends_at, capacity=facts["capacity"])
            for starts_at, ends_at in dates
        ],
        example=True,
        now=now,
    )


def _fill(facts: Mapping[str, Any], residents: Sequence[UUID], *, known_until: date | None, now: datetime) -> None:
    """Book invented people into the coming dates that are new, as the file's ``fill`` says."""
    course = courses.get_course(slug=facts["slug"], now=now)
    if not course.series:
        for ahead, session in enumerate(course.open_sessions[:DATES_FILLED]):
            day = session.starts_at.astimezone(BERLIN).date()
            if known_until is None or day > known_until:
                # The further ahead a single date lies, the fewer have booked it.
                _book(course, session, residents, fill=facts["fill"] * 0.75**ahead, turn=ahead, now=now)
    elif course.open_sessions:
        _book(course, course.open_sessions[0], residents, fill=facts["fill"], turn=0, now=now)


def _book(
    course: courses.CourseView,
    session: courses.SessionView,
    residents: Sequence[UUID],
    *,
    fill: float,
    turn: int,
    now: datetime,
) -> None:
    seats = seats_to_fill(capacity=session.capacity, fill=fill)
    wanted = [(size, False) for size in parties(seats - session.taken)]
    if fill >= 1:
        wanted += [(1, True)] * WAITING_PARTIES
    start = (course.id * 7 + turn * 5) % max(1, len(residents))
    in_turn = [*residents[start:], *residents[:start]]
    for person_id, (size, waiting) in zip(in_turn, wanted, strict=False):
        price = course.prices[0]
        order = courses.Order(
            slug=course.slug,
            session_id=None if course.series else session.id,
            party_size=size,
            price_id=price.id,
            key=f"demo-{session.id}",
            shown_cents=price.cents * size,
            waiting_ok=waiting,
            ages_ok=True,
        )
        actor = Actor(person_id=person_id, shown_as="Demo", level=AssuranceLevel.BASIC)
        try:
            with transaction.atomic():
                courses.book(actor=actor, order=order, now=now)
        except RuleBroken:
            continue  # Somebody of an earlier run, or a date people have filled meanwhile: the next one may fit.


def _call_off(*, facts: Mapping[str, Any], days: list[date], now: datetime) -> None:
    """Call off the dates that the file names by number, so that the demo shows one that does not take place."""
    numbers: Sequence[int] = facts["cancelled_dates"]
    if not numbers:
        return
    course = courses.get_course(slug=facts["slug"], now=now)
    called_off = {days[number] for number in numbers if number < len(days)}
    staff = Actor(
        shown_as=course.provider.name,
        grants=frozenset({Grant(Role.PROVIDER_STAFF, course.provider.id)}),
    )
    for session in course.open_sessions:
        if session.starts_at.astimezone(BERLIN).date() in called_off:
            courses.call_off(actor=staff, session_id=session.id, reason="Die Kursleitung ist verhindert.", now=now)


@transaction.atomic
def remember_seeding(*, checksum: str, today: date) -> None:
    """Note that the data of this file is written for this day."""
    Seeding.objects.update_or_create(pk=1, defaults={"checksum": checksum, "seeded_on": today})
