"""Courses as search knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from stadtportal.areas.courses import rules
from stadtportal.areas.courses.models import Course
from stadtportal.areas.courses.queries.listing import course_view, published, with_details
from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.web.api import BERLIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from stadtportal.areas.courses.queries.shapes import CourseView

_BATCH = 500


def find_listed(*, course_id: int, now: datetime) -> CourseView | None:
    """Return a course if it is shown and has a date that can be booked."""
    course = with_details(published(now).filter(pk=course_id), now=now).first()
    view = course_view(course, now=now) if course else None
    return view if view and view.open_sessions else None


def list_entries(*, now: datetime) -> Iterator[EntryDraft]:
    """Yield every course that can be booked at that time."""
    last = 0
    while True:
        rows = published(now).filter(pk__gt=last).order_by("pk")
        batch: list[Course] = list(with_details(rows, now=now)[:_BATCH])
        for course in batch:
            view = course_view(course, now=now)
            if view.open_sessions:
                yield entry_of(view)
        if len(batch) < _BATCH:
            return
        last = batch[-1].pk


def entry_of(course: CourseView) -> EntryDraft:
    """Describe a course for search."""
    following, venue = course.next_session, course.venue
    return EntryDraft(
        area="courses",
        kind="course",
        key=course.slug,
        title=course.title,
        url=reverse("courses:course", args=[course.slug]),
        summary=course.where,
        words=" ".join(["Kurs", course.level, course.language, *course.audience]),
        body=course.description,
        category=course.category,
        category_title=course.category_title,
        district=venue.district_slug if venue else "",
        address=venue.address if venue else "",
        organisation=course.provider.name,
        point=venue.point if venue else None,
        next_at=following.starts_at if following else None,
        price_cents=course.min_cents,
        audience=tuple(code for code, word in rules.AUDIENCES.items() if word in course.audience),
        accessible={"yes": True, "no": False}.get(venue.wheelchair) if venue else None,
        label="Beispiel" if course.example else "",
        languages=tuple(code for code, word in rules.LANGUAGES.items() if word == course.language),
        days=tuple(sorted({session.starts_at.astimezone(BERLIN).date() for session in course.open_sessions})),
    )
