"""Courses, their dates and prices, and who booked them."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stadtportal.areas.courses.rules import MAX_PARTY, Mode, Seats, State
from stadtportal.kernel.trust.api import PersonalManager


class Course(models.Model):
    """Something an organisation teaches on given dates. It is shown once ``published_at`` has come.

    ``cancel_until`` is how long before the first booked date people may still cancel; ``asks_phone`` offers to leave a
    telephone number when booking; ``example`` marks invented courses.
    """

    slug = models.SlugField(max_length=120, unique=True)
    organisation = models.ForeignKey("city.Organisation", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("city.Place", on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.ForeignKey(
        "city.Category", on_delete=models.SET_NULL, to_field="slug", null=True, related_name="+"
    )
    audience = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    level = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=60, blank=True)
    bring = models.CharField(max_length=300, blank=True)
    asks_phone = models.BooleanField(default=False)
    mode = models.CharField(max_length=10, choices=[(mode.value, mode.value) for mode in Mode])
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    cancel_until = models.DurationField(default=timedelta(hours=24))
    published_at = models.DateTimeField(null=True, blank=True)
    example = models.BooleanField(default=False)

    class Meta:
        """How courses are kept."""

        ordering: ClassVar[list[str]] = ["title", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title=""), name="course_has_title"),
            models.CheckConstraint(condition=Q(mode__in=[mode.value for mode in Mode]), name="course_mode_known"),
            models.CheckConstraint(condition=Q(cancel_until__gte=timedelta(0)), name="course_cancel_until_before"),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=F("max_age")),
                name="course_ages_in_order",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "title"], name="course_by_organisation"),
            models.Index(fields=["category"], name="course_by_category"),
        ]

    def __str__(self) -> str:
        """Show the title."""
        return self.title


class Session(models.Model):
    """One date of a course (*Termin*).

    ``taken`` is the sum of the seats booked on it; ``waiting_seq`` the last number given on its waiting list.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    waiting_seq = models.PositiveIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How dates are kept. The first constraint is what nobody can oversell against."""

        ordering: ClassVar[list[str]] = ["starts_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("capacity")), name="session_never_oversold"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.UniqueConstraint(fields=["course", "starts_at"], name="session_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("starts_at"), F("course"), condition=Q(cancelled_at=None), name="session_coming"),
        ]

    def __str__(self) -> str:
        """Show when it starts."""
        return self.starts_at.isoformat()

    def as_seats(self) -> Seats:
        """Return the date as the rules see it."""
        return Seats(
            id=self.pk,
            starts_at=self.starts_at,
            capacity=self.capacity,
            taken=self.taken,
            queue=self.waiting_seq,
            cancelled=self.cancelled_at is not None,
        )


class PriceCategory(models.Model):
    """What one seat costs whom. ``proof`` says what to bring to show that the category applies."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="prices")
    name = models.CharField(max_length=120)
    cents = models.PositiveIntegerField()
    proof = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How prices are kept; a price that somebody booked is retired, never deleted."""

        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(cents__gte=0), name="price_not_negative"),
            models.UniqueConstraint(fields=["course", "name"], name="price_named_once"),
        ]

    def __str__(self) -> str:
        """Show for whom it is."""
        return self.name


class Booking(models.Model):
    """One party of one person in one course. Its case tells its history; ``price_cents`` is the total agreed to."""

    case_reference = models.TextField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    price_category = models.ForeignKey(PriceCategory, on_delete=models.PROTECT, related_name="+")
    party_size = models.PositiveSmallIntegerField()
    price_cents = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in State])
    queue_no = models.PositiveIntegerField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=64)
    contact_phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalManager["Booking"]("person_id")

    class Meta:
        """How bookings are kept: repeating a request finds the same one."""

        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "idempotency_key"], name="booking_once_per_key"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="booking_state_known"),
            models.CheckConstraint(
                condition=Q(party_size__gte=1, party_size__lte=MAX_PARTY), name="booking_party_size"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WAITING.value) | Q(queue_no__isnull=False),
                name="booking_waiting_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.BOOKED.value, State.WAITING.value], ended_at=None)
                | Q(~Q(state__in=[State.BOOKED.value, State.WAITING.value]), ended_at__isnull=False),
                name="booking_over_has_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "course"], name="booking_by_person"),
            models.Index(
                F("course"),
                F("queue_no"),
                condition=Q(state=State.WAITING.value),
                name="booking_queue",
            ),
        ]

    def __str__(self) -> str:
        """Show the reference."""
        return self.case_reference


class BookedSession(models.Model):
    """The seats of one booking on one date.

    They count in ``Session.taken`` while the booking is booked and ``released_at`` is empty.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="places")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="places")
    seats = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How seats are kept."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["booking", "session"], name="booked_session_once"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="booked_session_seats"),
        ]

    def __str__(self) -> str:
        """Show how many seats."""
        return str(self.seats)
