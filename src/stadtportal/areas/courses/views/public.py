"""The list of courses, one course, and the block on the front page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, overload

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtportal.areas.courses.forms import FilterForm
from stadtportal.areas.courses.queries import bookings, listing
from stadtportal.areas.courses.queries.shapes import CourseView, Filters
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web.api import BERLIN, actor_of, berlin_day, berlin_time, json_for_page

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 12
FRONT_COURSES = 6
WEEK = timedelta(days=7)
_SHORT = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a strip, as ``web/components/day_strip.html`` shows it."""

    short: str
    number: int
    label: str
    note: str
    href: str
    state: str


class CourseRows(Sequence[CourseView]):
    """The courses of a list, fetched page by page."""

    def __init__(self, filters: Filters, *, now: datetime) -> None:
        self.filters, self.now = filters, now

    def __len__(self) -> int:
        """Count all of them."""
        return listing.count_courses(filters=self.filters, now=self.now)

    @overload
    def __getitem__(self, index: int) -> CourseView: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CourseView]: ...
    def __getitem__(self, index: int | slice) -> CourseView | Sequence[CourseView]:
        """Fetch one page (or one course)."""
        if isinstance(index, int):
            return self[index : index + 1][0]
        start = index.start or 0
        stop = len(self) if index.stop is None else index.stop
        return listing.list_courses(filters=self.filters, now=self.now, offset=start, limit=stop - start)


@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    """List the courses that can be booked, the nearest first."""
    now = timezone.now()
    form = FilterForm(request.GET, choices=listing.list_choices(now=now))
    filters = form.filters()
    page = Paginator(CourseRows(filters, now=now), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(
        request,
        "courses/list.html",
        {
            "crumbs": [(_("Kurse"), "")],
            "form": form,
            "filters": filters,
            "page": page,
            "days": _list_strip(request, filters, now=now),
            "without_day": _query(request, day=None),
        },
    )


def _query(request: HttpRequest, *, day: date | None) -> str:
    """Return the address of the list with everything as it is, but for another day."""
    query = request.GET.copy()
    query.pop("seite", None)
    query.pop("day", None)
    if day is not None:
        query["day"] = day.isoformat()
    return f"?{query.urlencode()}" if query else reverse("courses:list")


def _list_strip(request: HttpRequest, filters: Filters, *, now: datetime) -> list[Day]:
    return [
        Day(
            short=_SHORT[one.day.weekday()],
            number=one.day.day,
            label=_("%(day)s, Zahl der Termine") % {"day": berlin_day(one.day)},
            note=str(one.count) if one.count else "",
            href=_query(request, day=one.day) if one.count else "",
            state="on" if one.day == filters.day else "",
        )
        for one in listing.list_days(filters=filters, now=now)
    ]


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one course with everything one needs to know before booking, and the way to book."""
    now = timezone.now()
    shown = listing.get_course(slug=slug, now=now)
    if request.method == "GET" and not actor_of(request).is_staff:
        search.count_use(area="courses", kind="course", key=shown.slug, today=timezone.localdate())
    return render(
        request,
        "courses/course.html",
        {
            "crumbs": [(_("Kurse"), reverse("courses:list")), (shown.title, "")],
            "course": shown,
            "days": course_strip(shown, now=now),
            "own_reference": bookings.find_live_reference(actor=actor_of(request), slug=slug),
            "linked_data": _linked_data(request, shown),
        },
    )


def course_strip(course: CourseView, *, now: datetime) -> list[Day]:
    """Show two weeks of a course as days, from the Monday of its next date on."""
    following = course.next_session
    if following is None:
        return []
    today = now.astimezone(BERLIN).date()
    first = following.starts_at.astimezone(BERLIN).date()
    monday = first - timedelta(days=first.weekday())
    dates = {one.starts_at.astimezone(BERLIN).date(): one for one in course.sessions}
    strip = []
    for number in range(14):
        day = monday + timedelta(days=number)
        session = dates.get(day)
        state = ("cancelled" if session.cancelled else "on") if session else ""
        note = berlin_time(session.starts_at).removesuffix(" Uhr") if session else ""
        strip.append(
            Day(
                short=_SHORT[day.weekday()],
                number=day.day,
                label=berlin_day(day),
                note=note,
                href="",
                state=state or ("past" if day < today else ""),
            )
        )
    return strip


def this_week(district: str) -> Mapping[str, Any]:
    """Return the nearest courses of the coming seven days, for the front page or a district's page."""
    now = timezone.now()
    near = listing.list_courses(
        filters=Filters(district=district, free_only=True), now=now, offset=0, limit=FRONT_COURSES
    )
    return {
        "courses": [one for one in near if one.next_session and one.next_session.starts_at < now + WEEK],
        "district": district,
    }


def _linked_data(request: HttpRequest, course: CourseView) -> str:
    """Describe the course in the words of schema.org, safe inside a ``script`` element."""
    url = request.build_absolute_uri(reverse("courses:course", args=[course.slug]))
    venue = course.venue
    place: dict[str, Any] | None = None
    if venue:
        place = {"@type": "Place", "name": venue.name}
        if venue.address:
            place["address"] = venue.address
        if venue.point:
            latitude, longitude = venue.point
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": latitude,
                "longitude": longitude,
            }
    data = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": course.title,
        "description": course.description or course.title,
        "url": url,
        "provider": {"@type": "Organization", "name": course.provider.name},
        "offers": [
            {
                "@type": "Offer",
                "category": price.name,
                "price": f"{price.cents / 100:.2f}",
                "priceCurrency": "EUR",
            }
            for price in course.prices
        ],
        "hasCourseInstance": [
            {
                "@type": "CourseInstance",
                "courseMode": "onsite",
                "startDate": session.starts_at.astimezone(BERLIN).isoformat(),
                "endDate": session.ends_at.astimezone(BERLIN).isoformat(),
                "maximumAttendeeCapacity": session.capacity,
                "remainingAttendeeCapacity": session.free,
                **({"location": place} if place else {}),
            }
            for session in course.open_sessions
        ],
    }
    return json_for_page(data)
