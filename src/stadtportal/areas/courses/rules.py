"""What holds for booking a course. Pure: facts and the time come in, a decision or a refusal goes out.

A booking takes ``seats`` on one date (a *single* course) or on every remaining date (a *series*). Whoever does not
fit may wait; places that become free go to the waiting list in the order of ``queue_no``, every party whole or not
at all, the first that fits.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stadtportal.kernel.contracts import NotFound, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

MAX_PARTY = 6
MAX_CAPACITY = 5000
MAX_KEY_LENGTH = 64


#: The words for the codes that providers give; what stands in none of them is shown as it is.
LEVELS = {
    "all": "für alle",
    "beginner": "ohne Vorkenntnisse",
    "intermediate": "mit Vorkenntnissen",
    "advanced": "für Fortgeschrittene",
}
AUDIENCES = {
    "adults": "Erwachsene",
    "beginners": "Anfängerinnen und Anfänger",
    "children": "Kinder",
    "families": "Familien",
    "seniors": "Ältere",
    "teenagers": "Jugendliche",
    "women": "Frauen",
    "men": "Männer",
}
LANGUAGES = {
    "ar": "Arabisch",
    "de": "Deutsch",
    "el": "Griechisch",
    "en": "Englisch",
    "es": "Spanisch",
    "fr": "Französisch",
    "hr": "Kroatisch",
    "it": "Italienisch",
    "pl": "Polnisch",
    "ro": "Rumänisch",
    "ru": "Russisch",
    "tr": "Türkisch",
    "uk": "Ukrainisch",
}


class Mode(enum.StrEnum):
    """How a course is booked: all remaining dates at once, or one date of one's choice."""

    SERIES = "series"
    SINGLE = "single"


class State(enum.StrEnum):
    """What a booking can be. ``BOOKED`` and ``WAITING`` are live, the others are over."""

    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"
    DONE = "done"

    @property
    def live(self) -> bool:
        """Tell whether the booking still counts."""
        return self in LIVE


#: What still counts as a dealing, and what holds seats: a course that was held keeps its seats taken.
LIVE = frozenset({State.BOOKED, State.WAITING})
#: In these states the provider has, or had, the person on a list.
KNOWN_TO_PROVIDERS = frozenset({State.BOOKED, State.WAITING, State.DONE})
SEATED = frozenset({State.BOOKED, State.DONE})


class CourseClosed(RuleBroken):
    """The course cannot be booked: not published, or nothing is left of it."""


class DatePassed(RuleBroken):
    """The date has begun already."""


class DateCancelled(RuleBroken):
    """The provider has called this date off."""


class PartyTooLarge(RuleBroken):
    """The party is larger than one booking, or than the room."""

    status = 400


class FullyBooked(RuleBroken):
    """Not enough seats are free, and the person has not agreed to wait."""


class AlreadyBooked(RuleBroken):
    """The person already holds a seat or a waiting place on that date; ``reference`` names that case."""

    def __init__(self, sentence: str, *, reference: str) -> None:
        super().__init__(sentence)
        self.reference = reference


class PriceChanged(RuleBroken):
    """The total on the page the person agreed to is not the total of today."""


class TooLateToCancel(RuleBroken):
    """The time for cancelling is over."""


class NotCancellable(RuleBroken):
    """The booking is over already."""


class CapacityTooSmall(RuleBroken):
    """The new capacity is below the seats already taken."""

    status = 400


class Incomplete(RuleBroken):
    """Something that the order needs is missing or unreadable."""

    status = 400


class WrongAge(RuleBroken):
    """The course is not for somebody of the age of the child it is booked for."""


class UnknownPrice(RuleBroken):
    """The price category does not belong to this course."""

    status = 400


class UnknownDate(RuleBroken):
    """The date does not belong to this course, or none was chosen."""

    status = 400


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody orders, as it was on the page they agreed to.

    ``session_id`` is the chosen date of a single course and ignored for a series; ``shown_cents`` is the total shown;
    ``key`` stays the same however often the same order is sent. ``phone`` is a number typed for this booking; without
    one, ``phone_kept`` takes over the one that the person keeps, on a consent given before, ``phone_consent`` on a new
    one.
    """

    slug: str
    session_id: int | None
    party_size: int
    price_id: int
    key: str
    shown_cents: int
    waiting_ok: bool = False
    ages_ok: bool = False
    phone: str = ""
    phone_kept: bool = False
    phone_consent: bool = False


@dataclass(frozen=True, slots=True)
class Seats:
    """One date as the rules see it. ``queue`` is the number the last party got that began to wait for it."""

    id: int
    starts_at: datetime
    capacity: int
    taken: int
    queue: int = 0
    cancelled: bool = False

    @property
    def free(self) -> int:
        """Return how many seats are free; none on a date that was called off."""
        return 0 if self.cancelled else self.capacity - self.taken

    def open(self, now: datetime) -> bool:
        """Tell whether the date can still be booked."""
        return not self.cancelled and self.starts_at > now


@dataclass(frozen=True, slots=True)
class Placement:
    """What a new party gets: seats, or the number ``queue_no`` on the waiting list."""

    state: State
    queue_no: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One party on the waiting list, with the dates it still waits for."""

    booking_id: int
    queue_no: int
    seats: int
    session_ids: tuple[int, ...]


def check_party(seats: int) -> None:
    """Refuse a party that is empty or too large for one booking."""
    if not 1 <= seats <= MAX_PARTY:
        raise PartyTooLarge(
            f"Sie können 1 bis {MAX_PARTY} Personen auf einmal anmelden. Für größere Gruppen rufen Sie bitte "
            "den Anbieter an.",
            field="party_size",
        )


def check_order(order: Order) -> None:
    """Refuse what can be refused without looking anything up."""
    check_party(order.party_size)
    if not 1 <= len(order.key) <= MAX_KEY_LENGTH:
        raise Incomplete("Bitte öffnen Sie den Kurs noch einmal und buchen Sie von dort.")


def check_orderable(order: Order, *, published: bool, price_current: bool, ages: str) -> None:
    """Refuse a course that is not shown, a price that is no longer offered, and people of unknown age."""
    if not published:
        raise NotFound("Diesen Kurs gibt es nicht.")
    if not price_current:
        raise PriceChanged("Diesen Preis gibt es nicht mehr. Bitte wählen Sie noch einmal.")
    if ages and not order.ages_ok:
        raise Incomplete(
            f"Der Kurs ist für Personen {ages}. Bitte bestätigen Sie, dass das auf alle zutrifft.", field="ages_ok"
        )


def place(sessions: Sequence[Seats], *, seats: int, waiting_ok: bool, now: datetime) -> Placement:
    """Decide what a party of ``seats`` gets on all of ``sessions``. Raises the refusal that applies."""
    check_party(seats)
    if not sessions:
        raise CourseClosed("Für diesen Kurs gibt es keine Termine mehr, die Sie buchen können.")
    if any(session.cancelled for session in sessions):
        raise DateCancelled("Der Anbieter hat diesen Termin abgesagt. Bitte wählen Sie einen anderen.")
    if any(session.starts_at <= now for session in sessions):
        raise DatePassed("Dieser Termin hat schon begonnen oder ist vorbei. Bitte wählen Sie einen anderen.")
    if (room := min(session.capacity for session in sessions)) < seats:
        raise PartyTooLarge(
            f"Der Kurs hat nur {room} {'Platz' if room == 1 else 'Plätze'}. Bitte melden Sie weniger Personen an.",
            field="party_size",
        )
    if all(session.free >= seats for session in sessions):
        return Placement(State.BOOKED, None)
    if not waiting_ok:
        raise FullyBooked("Der Kurs ist inzwischen ausgebucht.")
    return Placement(State.WAITING, max(session.queue for session in sessions) + 1)


def move_up(free: Mapping[int, int], queue: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Return the waiting parties that get their seats now, in the order they get them.

    ``free`` maps each date to its free seats; dates it does not name are full. A party that does not fit keeps its
    number, and the next one is asked.
    """
    left = dict(free)
    promoted = []
    for party in sorted(queue, key=lambda party: party.queue_no):
        if party.session_ids and all(left.get(one, 0) >= party.seats for one in party.session_ids):
            for one in party.session_ids:
                left[one] -= party.seats
            promoted.append(party)
    return tuple(promoted)


def cancel_deadline(starts: Iterable[datetime], *, cancel_until: timedelta) -> datetime:
    """Return until when a booking may be cancelled: ``cancel_until`` before its first date."""
    return min(starts) - cancel_until


def check_cancel(state: State, *, deadline: datetime, now: datetime) -> None:
    """Refuse cancelling what is over, or booked seats after the deadline; a waiting place may always be given up."""
    if not state.live:
        raise NotCancellable("Diese Buchung ist bereits beendet.")
    if state is State.BOOKED and now > deadline:
        raise TooLateToCancel(
            "Die Frist zum Stornieren ist vorbei. Bitte rufen Sie den Anbieter an, wenn Sie nicht kommen können."
        )


def check_capacity(session: Seats, *, capacity: int, now: datetime) -> Seats:
    """Return the date with its new capacity, or refuse it."""
    if session.cancelled:
        raise DateCancelled("Dieser Termin ist abgesagt. Die Platzzahl lässt sich nicht mehr ändern.")
    if session.starts_at <= now:
        raise DatePassed("Dieser Termin hat schon begonnen. Die Platzzahl lässt sich nicht mehr ändern.")
    if not 1 <= capacity <= MAX_CAPACITY:
        raise CapacityTooSmall(f"Bitte geben Sie eine Zahl von 1 bis {MAX_CAPACITY} an.", field="capacity")
    if capacity < session.taken:
        raise CapacityTooSmall(
            f"Es sind schon {session.taken} Plätze vergeben. Weniger Plätze sind nicht möglich.",
            field="capacity",
        )
    return replace(session, capacity=capacity)


def check_call_off(session: Seats, *, now: datetime) -> None:
    """Refuse calling off a date twice, or after it has begun."""
    if session.cancelled:
        raise DateCancelled("Dieser Termin ist bereits abgesagt.")
    if session.starts_at <= now:
        raise DatePassed("Dieser Termin hat schon begonnen und lässt sich nicht mehr absagen.")


def check_total(*, shown: int, total: int) -> None:
    """Refuse an order whose total differs from what the person saw; both in cents."""
    if shown != total:
        raise PriceChanged(
            "Der Preis hat sich geändert, seit Sie die Seite geöffnet haben. Bitte prüfen Sie die Buchung noch einmal."
        )


def check_course(*, title: str, prices: Sequence[int], dates: Sequence[tuple[datetime, datetime, int]]) -> None:
    """Refuse a course that cannot be offered; ``dates`` are start, end and capacity, prices are cents."""
    if not title.strip():
        raise Incomplete("Ein Kurs braucht einen Titel.", field="title")
    if not prices or min(prices) < 0:
        raise Incomplete("Ein Kurs braucht mindestens einen Preis, 0 Euro oder mehr.", field="prices")
    for starts_at, ends_at, capacity in dates:
        if ends_at <= starts_at:
            raise Incomplete("Ein Termin muss später enden, als er beginnt.", field="sessions")
        if not 1 <= capacity <= MAX_CAPACITY:
            raise Incomplete(f"Ein Termin braucht 1 bis {MAX_CAPACITY} Plätze.", field="sessions")
    if len({starts_at for starts_at, _ends_at, _capacity in dates}) < len(dates):
        raise Incomplete("Zwei Termine können nicht zur selben Zeit beginnen.", field="sessions")


def free_seats(sessions: Sequence[Seats], *, mode: Mode, now: datetime) -> int:
    """Return how many seats somebody could still book: on all dates of a series, on the best date otherwise."""
    free = [session.free for session in sessions if session.open(now)]
    if not free:
        return 0
    return min(free) if mode is Mode.SERIES else max(free)


def not_found() -> NotFound:
    """Return the refusal for a booking that does not exist or belongs to somebody else."""
    return NotFound("Diese Buchung gibt es nicht, oder sie gehört zu einem anderen Konto.")


def ages(min_age: int | None, max_age: int | None) -> str:
    """Say for whom a course is: ``ab 16 Jahren``, ``6 bis 10 Jahre``; empty for everybody."""
    if min_age is not None and max_age is not None:
        return f"{min_age} bis {max_age} Jahre"
    if min_age is not None:
        return f"ab {min_age} Jahren"
    return f"bis {max_age} Jahre" if max_age is not None else ""


def in_advance(span: timedelta) -> str:
    """Say how long before a date: ``24 Stunden``, ``7 Tage``; whole days from two days on."""
    hours = int(span.total_seconds() // 3600)
    if hours >= 48 and hours % 24 == 0:  # noqa: PLR2004 -- from two days on people count in days.
        return f"{hours // 24} Tage"
    return "1 Stunde" if hours == 1 else f"{hours} Stunden"


def check_age(age: int, *, name: str, min_age: int | None, max_age: int | None) -> None:
    """Refuse a course that is not for somebody of this age, in years on its first day."""
    if (min_age is not None and age < min_age) or (max_age is not None and age > max_age):
        raise WrongAge(
            f"Der Kurs ist für Personen {ages(min_age, max_age)}. {name} ist am ersten Tag {age} Jahre alt.",
            field="ages_ok",
        )
