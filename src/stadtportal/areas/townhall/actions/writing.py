"""Writing services and offices, a batch in one transaction together with what search keeps of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from stadtportal.areas.townhall.models import Service, ServiceOffice
from stadtportal.areas.townhall.queries.entries import entry_of
from stadtportal.areas.townhall.rules.drafts import SOURCES, Source
from stadtportal.kernel.city import api as city
from stadtportal.kernel.search import api as search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stadtportal.areas.townhall.rules.drafts import OfficeDraft, ServiceDraft

#: One lock for everything that writes many services, so that two imports take turns batch by batch.
LOCK = 7_203_015
#: The sort of place an office is, where the city pack knows it.
OFFICE_CATEGORY = "behoerde"


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch did; ``without_office`` are titles of services that name an office nobody has imported."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    linked: int = 0
    without_office: tuple[str, ...] = ()


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def put_services(drafts: Sequence[ServiceDraft], *, source: Source, label: str) -> Written:
    """Write services by their ids in the source, link them with offices, and tell search; each id must occur once.

    A slug stays as it was first made. A service of a city's catalogue takes topic and situation from the federal
    catalogue, where that is imported and knows its key.
    """
    _take_turns()
    if source is Source.DLDB:
        drafts = _with_topics(drafts)
    ids = [draft.source_id for draft in drafts]
    held = {row.source_id: row for row in Service.objects.filter(source=source.value, source_id__in=ids)}
    created, updated = [], []
    for draft in drafts:
        values = _values(draft, label=label)
        row = held.get(draft.source_id)
        if row is None:
            slug = f"{city.slug(draft.title, fallback='leistung')}-{draft.source_id}"
            created.append(Service(slug=slug, source=source.value, source_id=draft.source_id, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            updated.append(row)
    Service.objects.bulk_create(created)
    if updated:
        Service.objects.bulk_update(updated, list(_values(drafts[0], label=label)))
    if source is Source.LEIKA:
        _hand_on_topics(created + updated)
    linked, missing = _link([*held.values(), *created]) if source is Source.DLDB else (0, [])
    search.put(*(entry_of(row) for row in (*created, *updated)))
    return Written(len(created), len(updated), len(drafts) - len(created) - len(updated), linked, tuple(missing))


def _values(draft: ServiceDraft, *, label: str) -> dict[str, Any]:
    """Return the columns that a draft fills."""
    return {
        "title": draft.title,
        "sort_name": city.sort_key(draft.title),
        "summary": draft.summary,
        "body": draft.body,
        "fees": draft.fees,
        "documents": [{"title": title, "url": url} for title, url in draft.documents],
        "online_link": draft.online_link,
        "minutes": draft.minutes,
        "legal_basis": draft.legal_basis,
        "topic": draft.topic,
        "situation": draft.situation,
        "leika_key": draft.leika_key,
        "words": draft.words,
        "office_refs": list(draft.office_refs),
        "label": label,
    }


def _with_topics(drafts: Sequence[ServiceDraft]) -> list[ServiceDraft]:
    """Return the drafts with topic and situation as the federal catalogue has them for their keys."""
    keys = {draft.leika_key for draft in drafts if draft.leika_key}
    rows = Service.objects.filter(source=Source.LEIKA.value, leika_key__in=keys)
    known = {key: (topic, situation) for key, topic, situation in rows.values_list("leika_key", "topic", "situation")}
    return [
        replace(draft, topic=known[draft.leika_key][0], situation=known[draft.leika_key][1])
        if draft.leika_key in known
        else draft
        for draft in drafts
    ]


def _hand_on_topics(catalogue: Iterable[Service]) -> None:
    """Give topic and situation of rows of the federal catalogue to the cities' services with the same keys."""
    known = {row.leika_key: row for row in catalogue}
    changed = []
    for service in Service.objects.filter(source=Source.DLDB.value, leika_key__in=known).order_by("pk"):
        row = known[service.leika_key]
        if (service.topic, service.situation) != (row.topic, row.situation):
            service.topic, service.situation = row.topic, row.situation
            changed.append(service)
    if changed:
        Service.objects.bulk_update(changed, ["topic", "situation"])
        search.put(*(entry_of(service) for service in changed))


def _link(services: Sequence[Service]) -> tuple[int, list[str]]:
    """Link services with the offices they name; return how many links changed, and titles that name unknown ones."""
    refs = {ref for service in services for ref in service.office_refs}
    places = city.list_places_of_source(Source.DLDB.value, ids=refs)
    wanted = {(service.pk, places[ref].id) for service in services for ref in service.office_refs if ref in places}
    rows = ServiceOffice.objects.filter(service__in=services)
    held = {(service, place): pk for pk, service, place in rows.values_list("pk", "service_id", "place_id")}
    gone = [pk for pair, pk in held.items() if pair not in wanted]
    new = sorted(wanted - held.keys())
    if gone:
        ServiceOffice.objects.filter(pk__in=gone).delete()
    ServiceOffice.objects.bulk_create(ServiceOffice(service_id=service, place_id=place) for service, place in new)
    missing = [service.title for service in services if any(ref not in places for ref in service.office_refs)]
    return len(gone) + len(new), missing


@transaction.atomic
def put_offices(drafts: Sequence[OfficeDraft], *, label: str, city_name: str) -> Written:
    """Write offices as places of the city and link the services that name them; each id must occur once.

    ``city_name`` is the city of addresses that name none.
    """
    _take_turns()
    city.put_source(key=Source.DLDB.value, title=SOURCES[Source.DLDB])
    ids = [draft.source_id for draft in drafts]
    held = city.list_places_of_source(Source.DLDB.value, ids=ids)
    category = OFFICE_CATEGORY if any(one.slug == OFFICE_CATEGORY for one in city.list_categories()) else ""
    changed: list[dict[str, Any]] = []
    for draft in drafts:
        values = _place_values(draft, label=label, city_name=city_name) | {"category": category}
        place = held.get(draft.source_id)
        slug = place.slug if place else f"{city.slug(draft.name, fallback='amt')}-d{draft.source_id}"
        if place is None or any(getattr(place, name) != value for name, value in values.items()):
            changed.append({"slug": slug, "source": Source.DLDB.value, "source_id": draft.source_id, **values})
    city.put_places(places=changed)
    services = Service.objects.filter(source=Source.DLDB.value, office_refs__overlap=ids).order_by("pk")
    linked, _missing = _link(list(services))
    created = len(drafts) - len(held)
    return Written(created, len(changed) - created, len(drafts) - len(changed), linked)


def _place_values(draft: OfficeDraft, *, label: str, city_name: str) -> dict[str, Any]:
    """Return the fields of a place that a draft fills, as the city keeps them."""
    return {
        "name": draft.name,
        "street": draft.street,
        "house_number": draft.house_number,
        "postcode": draft.postcode,
        "city_name": draft.city_name or city_name,
        "point": draft.point,
        "phone": city.readable_phone(draft.phone),
        "email": city.plain_email(draft.email),
        "website": city.safe_website(draft.website),
        "tags": dict(draft.tags),
        "label": label,
    }
