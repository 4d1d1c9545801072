"""The door to courses: offering them, booking them, and seeing what is offered."""

from __future__ import annotations

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
from stadtportal.areas.courses.queries.bookings import get_booking
from stadtportal.areas.courses.queries.listing import get_course
from stadtportal.areas.courses.queries.shapes import (
    BookingView,
    CourseView,
    PriceView,
    ProviderView,
    SessionView,
    VenueView,
)
from stadtportal.areas.courses.rules import Mode, Order, State

__all__ = [
    "Booked",
    "BookingView",
    "CourseView",
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
    "put_course",
]
