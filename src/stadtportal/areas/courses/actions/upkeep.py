"""What the clock changes: courses that are over, waiting lists that end, and the next date that search shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from stadtportal.areas.courses.actions import letters
from stadtportal.areas.courses.actions.publishing import write_entry
from stadtportal.areas.courses.actions.waiting import lock_dates, move_up
from stadtportal.areas.courses.models import BookedSession, Booking, Course, Session
from stadtportal.areas.courses.rules import State
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def close_past(*, now: datetime) -> tuple[int, int]:
    """End bookings whose last date is over and waiting places whose dates have begun; return how many of each.

    One transaction for each course, so that nobody who books waits for long.
    """
    held = BookedSession.objects.filter(booking=OuterRef("pk"), released_at=None)
    over = Booking.objects.filter(state=State.BOOKED.value).exclude(Exists(held.filter(session__ends_at__gt=now)))
    too_late = Booking.objects.filter(state=State.WAITING.value).exclude(
        Exists(held.filter(session__starts_at__gt=now))
    )
    done = lapsed = 0
    with trust.system("Beendete Kurse abschließen"):
        concerned = (over | too_late).values_list("course", flat=True).distinct()
        for course in Course.objects.filter(pk__in=concerned).order_by("pk"):
            with transaction.atomic():
                lock_dates(course, session_ids=_list_ids(course))
                done += _end(over.filter(course=course), state=State.DONE, now=now)
                lapsed += _end(too_late.filter(course=course), state=State.LAPSED, now=now)
    return done, lapsed


def refresh_entries(*, since: timedelta, now: datetime) -> int:
    """Write the next date of every course that had one in the last ``since``, and let its waiting list move up.

    In a series the date that has just begun may have been the only full one. Returns how many courses that were.
    """
    begun = Session.objects.filter(starts_at__gt=now - since, starts_at__lte=now)
    courses = list(Course.objects.filter(pk__in=begun.values("course"), published_at__lte=now).order_by("pk"))
    for course in courses:
        with transaction.atomic():
            move_up(course, locked=lock_dates(course, session_ids=_list_ids(course)), now=now)
            write_entry(course, now=now)
    return len(courses)


def _list_ids(course: Course) -> list[int]:
    return list(Session.objects.filter(course=course).values_list("id", flat=True))


def _end(bookings: QuerySet[Booking], *, state: State, now: datetime) -> int:
    ended = list(bookings.select_for_update(of=("self",)).select_related("course"))
    for booking in ended:
        booking.state = state.value
        booking.ended_at = now
        letter = letters.lapsed(booking.course) if state is State.LAPSED else None
        cases.move_case(
            reference=booking.case_reference,
            status=state.value,
            event=letter.event if letter else "Der Kurs ist zu Ende.",
            now=now,
        )
        if letter:
            inbox.send(
                person_id=booking.person_id,
                subject=letter.subject,
                body=letter.body,
                case_reference=booking.case_reference,
                now=now,
            )
    Booking.objects.bulk_update(ended, ["state", "ended_at"])
    return len(ended)
