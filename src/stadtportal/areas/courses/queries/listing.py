"""Finding courses, and showing one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.models import Course, PriceCategory, Session
from stadtportal.areas.courses.queries.shapes import (
    Choice,
    CourseView,
    DayCount,
    Filters,
    PriceView,
    ProviderView,
    SessionView,
    VenueView,
)
from stadtportal.areas.courses.rules import Mode
from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.web.api import BERLIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

#: How many days the strip above the list shows.
STRIP_DAYS = 14


def get_course(*, slug: str, now: datetime) -> CourseView:
    """Return a published course with its dates from ``now`` on; three queries. Raises ``NotFound``."""
    course = with_details(published(now).filter(slug=slug), now=now).first()
    if course is None:
        raise NotFound("Diesen Kurs gibt es nicht.")
    return course_view(course, now=now)


def list_courses(*, filters: Filters, now: datetime, offset: int, limit: int) -> list[CourseView]:
    """Return courses with a coming date, the nearest first; three queries."""
    rows = with_details(_matching(filters, now=now).order_by(F("next_at"), "id"), now=now)
    return [course_view(course, now=now) for course in rows[offset : offset + limit]]


def count_courses(*, filters: Filters, now: datetime) -> int:
    """Count what :func:`list_courses` finds."""
    return _matching(filters, now=now).count()


def list_days(*, filters: Filters, now: datetime, days: int = STRIP_DAYS) -> list[DayCount]:
    """Return the coming days, each with its number of dates; the day chosen does not narrow its own strip."""
    today = now.astimezone(BERLIN).date()
    _start, end = _day_span(today + timedelta(days=days - 1))
    counted = dict(
        coming(now)
        .filter(course__in=_matching(replace(filters, day=None), now=now), starts_at__lt=end)
        .annotate(day=TruncDate("starts_at", tzinfo=BERLIN))
        .values("day")
        .annotate(count=Count("id"))
        .values_list("day", "count")
    )
    span = [today + timedelta(days=number) for number in range(days)]
    return [DayCount(day, counted.get(day, 0)) for day in span]


def list_choices(*, now: datetime) -> tuple[list[Choice], list[Choice], list[Choice]]:
    """Return the categories, districts and audiences that coming courses have, sorted by word; one query."""
    rows = (
        _listed(now)
        .order_by()
        .values_list(
            "category_id",
            "category__title",
            "place__district__slug",
            "place__district__name",
            "audience",
        )
        .distinct()
    )
    categories: dict[str, str] = {}
    districts: dict[str, str] = {}
    audiences: set[str] = set()
    for category, category_title, district, district_name, audience in rows:
        if category:
            categories[str(category)] = str(category_title or category)
        if district:
            districts[district] = str(district_name)
        audiences.update(audience)
    return (
        _choices(categories),
        _choices(districts),
        _choices({one: rules.AUDIENCES.get(one, one) for one in audiences}),
    )


def _choices(words: dict[str, str]) -> list[Choice]:
    return sorted(
        (Choice(value, title) for value, title in words.items()),
        key=lambda choice: choice.title.casefold(),
    )


def published(now: datetime) -> QuerySet[Course]:
    """Return the courses that are shown."""
    return Course.objects.filter(published_at__lte=now)


def coming(now: datetime) -> QuerySet[Session]:
    """Return the dates that can be booked, if seats are free."""
    return Session.objects.filter(cancelled_at=None, starts_at__gt=now)


def _listed(now: datetime) -> QuerySet[Course]:
    return published(now).filter(Exists(coming(now).filter(course=OuterRef("pk"))))


def _matching(filters: Filters, *, now: datetime) -> QuerySet[Course]:
    dates = coming(now).filter(course=OuterRef("pk"))
    courses = published(now)
    if filters.category:
        courses = courses.filter(Q(category=filters.category) | Q(category__parent__slug=filters.category))
    if filters.district:
        courses = courses.filter(place__district__slug=filters.district)
    if filters.audience:
        courses = courses.filter(audience__contains=[filters.audience])
    if filters.weekday:
        courses = courses.filter(Exists(dates.filter(starts_at__iso_week_day=filters.weekday)))
    if filters.free_only:
        full = dates.filter(taken=F("capacity"))
        courses = courses.filter(
            Q(Q(mode=Mode.SINGLE.value), Exists(dates.filter(taken__lt=F("capacity"))))
            | Q(Q(mode=Mode.SERIES.value), ~Exists(full))
        )
    if filters.day:
        start, end = _day_span(filters.day)
        dates = dates.filter(starts_at__gte=start, starts_at__lt=end)
    return courses.annotate(next_at=Subquery(dates.order_by("starts_at").values("starts_at")[:1])).filter(
        next_at__isnull=False
    )


def _day_span(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), tzinfo=BERLIN)
    return start, datetime.combine(day + timedelta(days=1), time(), tzinfo=BERLIN)


def with_details(courses: QuerySet[Course], *, now: datetime) -> QuerySet[Course]:
    """Fetch with each course all that :func:`course_view` shows; two queries more, however many courses."""
    dates = Session.objects.filter(starts_at__gt=now).order_by("starts_at")
    prices = PriceCategory.objects.filter(retired_at=None).order_by("position", "id")
    return courses.select_related("organisation", "place__district", "category").prefetch_related(
        Prefetch("sessions", queryset=dates), Prefetch("prices", queryset=prices)
    )


def session_view(session: Session, *, now: datetime) -> SessionView:
    """Show one date."""
    seats = session.as_seats()
    return SessionView(
        id=session.pk,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        capacity=session.capacity,
        taken=session.taken,
        free=seats.free,
        cancelled=seats.cancelled,
        open=seats.open(now),
    )


def course_view(course: Course, *, now: datetime) -> CourseView:
    """Show a course fetched by :func:`with_details`."""
    sessions = list(course.sessions.all())
    seats = [session.as_seats() for session in sessions]
    mode = Mode(course.mode)
    free = rules.free_seats(seats, mode=mode, now=now)
    organisation, category = course.organisation, course.category
    return CourseView(
        id=course.pk,
        slug=course.slug,
        title=course.title,
        description=course.description,
        mode=mode,
        category=category.slug if category else "",
        category_title=category.title if category else "",
        category_icon=category.icon if category else "",
        audience=tuple(rules.AUDIENCES.get(one, one) for one in course.audience),
        level=rules.LEVELS.get(course.level, course.level),
        language=rules.LANGUAGES.get(course.language, course.language),
        bring=course.bring,
        asks_phone=course.asks_phone,
        ages=rules.ages(course.min_age, course.max_age),
        cancel_until=course.cancel_until,
        cancel_words=rules.in_advance(course.cancel_until),
        example=course.example or organisation.example,
        provider=ProviderView(
            id=organisation.pk,
            slug=organisation.slug,
            name=organisation.name,
            phone=organisation.phone,
            email=organisation.email,
        ),
        venue=venue_view(course),
        sessions=tuple(session_view(session, now=now) for session in sessions),
        prices=tuple(PriceView(price.pk, price.name, price.cents, price.proof) for price in course.prices.all()),
        free=free,
        room=_room(seats, mode=mode, free=free, now=now),
    )


def _room(seats: Sequence[rules.Seats], *, mode: Mode, free: int, now: datetime) -> int:
    """Return out of how many seats ``free`` are: the room of the date that decides."""
    deciding = [one for one in seats if one.open(now) and one.free == free]
    if not deciding:
        return 0
    return min(one.capacity for one in deciding) if mode is Mode.SERIES else deciding[0].capacity


def venue_view(course: Course) -> VenueView | None:
    """Show where a course takes place, if that is known."""
    place = course.place
    if place is None:
        return None
    town = f"{place.postcode} {place.city_name}".strip()
    street = f"{place.street} {place.house_number}".strip()
    district = place.district
    return VenueView(
        slug=place.slug,
        name=place.name,
        address=", ".join(part for part in (street, town) if part),
        district=district.name if district else "",
        district_slug=district.slug if district else "",
        point=(place.lat, place.lon) if place.lat is not None and place.lon is not None else None,
        wheelchair=place.wheelchair,
    )
