"""What pages and other packages get to see of courses: frozen, and nothing about people except one's own booking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stadtportal.areas.courses.rules import Mode, State

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionView:
    """One date; ``open`` tells whether it can still be booked."""

    id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    free: int
    cancelled: bool
    open: bool


@dataclass(frozen=True, slots=True)
class PriceView:
    """What one seat costs, in cents; ``proof`` says what to show for it."""

    id: int
    name: str
    cents: int
    proof: str


@dataclass(frozen=True, slots=True)
class VenueView:
    """Where a course takes place. ``point`` is (latitude, longitude)."""

    slug: str
    name: str
    address: str
    district: str
    district_slug: str
    point: tuple[float, float] | None
    wheelchair: str


@dataclass(frozen=True, slots=True)
class ProviderView:
    """Who runs a course."""

    id: int
    slug: str
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class CourseView:
    """One course with its coming dates (those called off too) and current prices. Times are UTC.

    ``free`` is how many seats somebody could book now, ``room`` out of how many.
    """

    id: int
    slug: str
    title: str
    description: str
    mode: Mode
    category: str
    category_title: str
    category_icon: str
    audience: tuple[str, ...]
    level: str
    language: str
    bring: str
    asks_phone: bool
    ages: str
    cancel_until: timedelta
    cancel_words: str
    example: bool
    provider: ProviderView
    venue: VenueView | None
    sessions: tuple[SessionView, ...]
    prices: tuple[PriceView, ...]
    free: int
    room: int

    @property
    def series(self) -> bool:
        """Tell whether one booking takes all dates."""
        return self.mode is Mode.SERIES

    @property
    def open_sessions(self) -> tuple[SessionView, ...]:
        """Return the dates that can be booked."""
        return tuple(session for session in self.sessions if session.open)

    @property
    def next_session(self) -> SessionView | None:
        """Return the next date that can be booked."""
        return next(iter(self.open_sessions), None)

    @property
    def nearest_free(self) -> SessionView | None:
        """Return the nearest date with a free seat, or the nearest one of a course that is full."""
        return next((session for session in self.open_sessions if session.free), self.next_session)

    @property
    def taken(self) -> int:
        """Return how many of ``room`` are taken."""
        return self.room - self.free

    @property
    def min_cents(self) -> int | None:
        """Return the lowest price."""
        return min((price.cents for price in self.prices), default=None)

    @property
    def where(self) -> str:
        """Return who runs it and where; a place that carries its provider's name says both."""
        if self.venue is None:
            return self.provider.name
        own = self.provider.name.removesuffix(" (Beispiel)")
        names = [self.venue.name] if self.venue.name.startswith(own) else [self.provider.name, self.venue.name]
        return ", ".join(names)

    @property
    def one_price(self) -> bool:
        """Tell whether everybody pays the same."""
        return len({price.cents for price in self.prices}) == 1


@dataclass(frozen=True, slots=True)
class BookingView:
    """One's own booking. ``ahead`` is how many parties wait before this one; ``cancel_until`` until when it is free.

    ``sessions`` are the dates that it holds or waits for.
    """

    reference: str
    course: CourseView
    sessions: tuple[SessionView, ...]
    state: State
    party_size: int
    price_name: str
    price_proof: str
    price_cents: int
    ahead: int
    created_at: datetime
    cancel_until: datetime
    can_cancel: bool


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day with its number of dates."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, with its word."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of courses is narrowed to; empty fields do not narrow. ``weekday`` is 1 (Monday) to 7."""

    category: str = ""
    district: str = ""
    weekday: int | None = None
    audience: str = ""
    free_only: bool = False
    day: date | None = None

    @property
    def active(self) -> bool:
        """Tell whether anything is narrowed."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Participant:
    """One party as the provider sees it."""

    reference: str
    name: str
    email: str
    party_size: int
    price_name: str
    price_proof: str
    price_cents: int
    phone: str
    state: State
    queue_no: int | None


@dataclass(frozen=True, slots=True)
class DeskCourse:
    """One course on the provider's desk: all of its dates from ``now`` on, with who waits."""

    id: int
    slug: str
    title: str
    organisation: str
    mode: Mode
    published: bool
    sessions: tuple[DeskSession, ...]

    @property
    def next_session(self) -> DeskSession | None:
        """Return the next date that takes place."""
        return next((session for session in self.sessions if session.open), None)


@dataclass(frozen=True, slots=True)
class DeskSession:
    """One date on the provider's desk."""

    id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    cancelled: bool
    open: bool
