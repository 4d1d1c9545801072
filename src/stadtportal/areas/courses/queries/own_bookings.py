"""One's own bookings as the export writes them, and when their time begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from stadtportal.areas.courses.models import BookedSession, Booking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID


def export(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield a person's bookings with their dates, oldest first."""
    places = BookedSession.objects.select_related("session").order_by("session__starts_at", "id")
    rows = (
        Booking.objects.filter(person_id=person_id)
        .select_related("course__organisation", "price_category")
        .prefetch_related(Prefetch("places", queryset=places))
        .order_by("id")
    )
    for booking in rows.iterator(chunk_size=500):
        yield {
            "case": booking.case_reference,
            "course": booking.course.title,
            "provider": booking.course.organisation.name,
            "price_name": booking.price_category.name,
            "party_size": booking.party_size,
            "price_cents": booking.price_cents,
            "state": booking.state,
            "queue_no": booking.queue_no,
            "created_at": booking.created_at.isoformat(),
            "ended_at": booking.ended_at.isoformat() if booking.ended_at else None,
            "dates": [
                {
                    "starts_at": place.session.starts_at.isoformat(),
                    "ends_at": place.session.ends_at.isoformat(),
                    "seats": place.seats,
                    "released_at": place.released_at.isoformat() if place.released_at else None,
                }
                for place in booking.places.all()
            ],
            "phone": booking.contact_phone,
            "request_key": booking.idempotency_key,
        }


def oldest(person_id: UUID) -> datetime | None:
    """Return when the first of a person's bookings that are over ended."""
    booking = Booking.objects.filter(person_id=person_id, ended_at__isnull=False).order_by("ended_at").first()
    return booking.ended_at if booking else None
