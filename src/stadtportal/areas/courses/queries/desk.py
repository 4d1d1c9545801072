"""What a provider's staff see: their courses, and who takes part."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.models import BookedSession, Booking, Course, Session
from stadtportal.areas.courses.queries.shapes import DeskCourse, DeskSession, Participant
from stadtportal.areas.courses.rules import Mode, State
from stadtportal.kernel.contracts import NotFound, Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import datetime

    from stadtportal.kernel.contracts import Actor

PURPOSE = "Teilnahmeliste führen"
LEGAL_BASIS = "Art. 6 Abs. 1 b DSGVO"
FIELDS = ("Name", "E-Mail", "Personenzahl", "Preiskategorie")


def list_desk_courses(*, actor: Actor, now: datetime) -> list[DeskCourse]:
    """Return the courses of the actor's organisations with their dates from ``now`` on; three queries."""
    courses = list(
        Course.objects.filter(organisation__in=actor.organisation_ids(Role.PROVIDER_STAFF))
        .select_related("organisation")
        .prefetch_related(_dates(now))
        .order_by("title", "id")
    )
    waiting = _count_waiting([course.pk for course in courses])
    return [_desk_course(course, waiting=waiting, now=now) for course in courses]


def get_desk_course(*, actor: Actor, course_id: int, now: datetime) -> DeskCourse:
    """Return one of them. Raises ``NotFound`` for another provider's course."""
    course = Course.objects.filter(pk=course_id).select_related("organisation").prefetch_related(_dates(now)).first()
    if course is None or not _runs(actor, course):
        raise NotFound(_("Diesen Kurs gibt es nicht, oder er gehört zu einem anderen Anbieter."))
    return _desk_course(course, waiting=_count_waiting([course.pk]), now=now)


def get_desk_session(*, actor: Actor, session_id: int, now: datetime) -> tuple[DeskCourse, DeskSession]:
    """Return one date, coming or past, with its course. Raises ``NotFound`` for another provider's date."""
    session = Session.objects.select_related("course__organisation").filter(pk=session_id).first()
    if session is None or not _runs(actor, session.course):
        raise NotFound(_("Diesen Termin gibt es nicht, oder er gehört zu einem anderen Anbieter."))
    course = session.course
    waiting = _count_waiting([course.pk])
    shown = DeskCourse(
        id=course.pk,
        slug=course.slug,
        title=course.title,
        organisation=course.organisation.name,
        mode=Mode(course.mode),
        published=course.published_at is not None and course.published_at <= now,
        sessions=(),
    )
    return shown, _desk_session(session, waiting=waiting, now=now)


def list_participants(
    *, actor: Actor, session_id: int, now: datetime
) -> tuple[DeskCourse, DeskSession, list[Participant]]:
    """Return who has seats or waits on a date; everybody shown gets an access event in the same transaction.

    People with seats come first, by family name; then those who wait, in their order.
    """
    course, session = get_desk_session(actor=actor, session_id=session_id, now=now)
    fields = (*FIELDS, "Telefonnummer") if _asks_phone(session_id) else FIELDS
    states = [*sorted(rules.SEATED), State.WAITING.value]
    with trust.reading(
        actor=actor, on_behalf_of=course.organisation, purpose=PURPOSE, legal_basis=LEGAL_BASIS, fields=fields
    ):
        bookings = list(
            Booking.objects.filter(
                places__session=session_id, places__released_at=None, state__in=states
            ).select_related("price_category")
        )
        persons = people.list_people({booking.person_id for booking in bookings})
    order = {person.id: (number, person) for number, person in enumerate(persons)}

    def rank(booking: Booking) -> tuple[bool, int, int]:
        waits = booking.state == State.WAITING.value
        return waits, booking.queue_no or 0 if waits else order[booking.person_id][0], booking.pk

    return (
        course,
        session,
        [
            Participant(
                reference=booking.case_reference,
                name=order[booking.person_id][1].name,
                email=order[booking.person_id][1].email,
                party_size=booking.party_size,
                price_name=booking.price_category.name,
                price_proof=booking.price_category.proof,
                price_cents=booking.price_cents,
                phone=booking.contact_phone,
                state=State(booking.state),
                queue_no=booking.queue_no,
            )
            for booking in sorted(bookings, key=rank)
        ],
    )


def _asks_phone(session_id: int) -> bool:
    return Session.objects.filter(pk=session_id, course__asks_phone=True).exists()


def list_wrong_counts() -> list[tuple[int, int, int]]:
    """Return (date, seats taken, seats booked) for every date whose count is not the sum of its seats."""
    booked = Coalesce(
        Sum(
            "places__seats",
            filter=Q(places__released_at=None, places__booking__state__in=rules.SEATED),
        ),
        0,
    )
    rows = Session.objects.annotate(booked=booked).exclude(taken=F("booked")).order_by("pk")
    return list(rows.values_list("pk", "taken", "booked"))


def count_bookings() -> int:
    """Count the bookings that hold seats."""
    return Booking.objects.filter(state=State.BOOKED.value).count()


def count_coming_courses(*, now: datetime) -> int:
    """Count the published courses with a date still to come."""
    coming = Session.objects.filter(cancelled_at=None, starts_at__gt=now)
    return Course.objects.filter(published_at__lte=now, pk__in=coming.values("course")).count()


def _runs(actor: Actor, course: Course) -> bool:
    return actor.has_role(Role.PROVIDER_STAFF, organisation_id=course.organisation_id)


def _dates(now: datetime) -> Prefetch[str, QuerySet[Session], str]:
    dates = Session.objects.filter(ends_at__gt=now).order_by("starts_at")
    return Prefetch("sessions", queryset=dates)


def _count_waiting(course_ids: list[int]) -> Counter[int]:
    """Count the people (not parties) who wait for each date."""
    rows = (
        BookedSession.objects.filter(
            session__course__in=course_ids,
            released_at=None,
            booking__state=State.WAITING.value,
        )
        .values("session")
        .annotate(people=Sum("seats"))
        .values_list("session", "people")
    )
    return Counter(dict(rows))


def _desk_course(course: Course, *, waiting: Counter[int], now: datetime) -> DeskCourse:
    return DeskCourse(
        id=course.pk,
        slug=course.slug,
        title=course.title,
        organisation=course.organisation.name,
        mode=Mode(course.mode),
        published=course.published_at is not None and course.published_at <= now,
        sessions=tuple(_desk_session(session, waiting=waiting, now=now) for session in course.sessions.all()),
    )


def _desk_session(session: Session, *, waiting: Counter[int], now: datetime) -> DeskSession:
    seats = session.as_seats()
    return DeskSession(
        id=session.pk,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        capacity=session.capacity,
        taken=session.taken,
        waiting=waiting[session.pk],
        cancelled=seats.cancelled,
        open=seats.open(now),
    )
