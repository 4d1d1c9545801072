"""What one organisation offers, by its name, without asking a question."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from stadtportal.kernel.search.models import Entry
from stadtportal.kernel.search.rules.question import Result


def list_offers(*, organisation: str, but_not_area: str, now: datetime, limit: int) -> tuple[Result, ...]:
    """Return entries of an organisation, the next date first, without those of one area and those that are over."""
    if not organisation:
        return ()
    found = (
        Entry.objects.filter(Q(next_at=None) | Q(next_at__gte=now), organisation=organisation)
        .exclude(area=but_not_area)
        .order_by(F("next_at").asc(nulls_last=True), "title_key", "id")
    )
    return tuple(_result(entry) for entry in found.defer("names", "vector", "body", "words")[:limit])


def _result(entry: Entry) -> Result:
    point = None if entry.lat is None or entry.lon is None else (entry.lat, entry.lon)
    return Result(
        number=entry.pk,
        area=entry.area,
        kind=entry.kind,
        key=entry.key,
        title=entry.title,
        url=entry.url,
        summary=entry.summary,
        category=entry.category,
        category_title=entry.category_title,
        district=entry.district,
        address=entry.address,
        organisation=entry.organisation,
        point=point,
        opening_hours=entry.opening_hours,
        next_at=entry.next_at,
        price_cents=entry.price_cents,
        audience=tuple(entry.audience),
        accessible=entry.accessible,
        label=entry.label,
    )
