"""Services as search knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from stadtportal.areas.townhall.models import Service
from stadtportal.areas.townhall.rules.markup import plain
from stadtportal.kernel.contracts import EntryDraft

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 500


def entry_of(service: Service) -> EntryDraft:
    """Describe a service for search."""
    return EntryDraft(
        area="townhall",
        kind="service",
        key=service.slug,
        title=service.title,
        url=reverse("townhall:service", args=[service.slug]),
        summary=service.summary,
        words=" ".join(part for part in (service.topic, service.situation, service.words) if part),
        body=plain(service.body),
        source_id=f"{service.source}:{service.source_id}",
        label=service.label,
    )


def list_entries() -> Iterator[EntryDraft]:
    """Yield the entries of all services."""
    for service in Service.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield entry_of(service)
