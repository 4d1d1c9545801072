"""The door to courses: offering them, booking them, and seeing what is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.areas.courses.actions import (
    Booked,
    NewPrice,
    NewSession,
    book,
    call_off,
    cancel,
    change_capacity,
    put_course,
)
from stadtportal.areas.courses.queries import listing
from stadtportal.areas.courses.queries.bookings import get_booking
from stadtportal.areas.courses.queries.listing import get_course
from stadtportal.areas.courses.queries.shapes import (
    BookingView,
    CourseView,
    Filters,
    PriceView,
    ProviderView,
    SessionView,
    VenueView,
)
from stadtportal.areas.courses.rules import Mode, Order, State

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "Booked",
    "BookingView",
    "CourseView",
    "Filters",
    "Mode",
    "NewPrice",
    "NewSession",
    "Order",
    "PriceView",
    "ProviderView",
    "SessionView",
    "State",
    "VenueView",
    "book",
    "call_off",
    "cancel",
    "change_capacity",
    "get_booking",
    "get_course",
    "list_courses",
    "put_course",
]


def list_courses(
    *, now: datetime, filters: Filters | None = None, offset: int = 0, limit: int = 20
) -> list[CourseView]:
    """Return courses with a coming date, the nearest first."""
    return listing.list_courses(filters=filters or Filters(), now=now, offset=offset, limit=limit)
