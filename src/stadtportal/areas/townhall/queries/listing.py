"""Services by topic, from A to Z, and one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from stadtportal.areas.townhall.models import Service, ServiceOffice
from stadtportal.areas.townhall.queries.shapes import (
    DocumentView,
    OfficeView,
    Overview,
    ServiceLine,
    ServicesPage,
    ServiceView,
    TopicCount,
)
from stadtportal.areas.townhall.rules.drafts import SOURCES, Source
from stadtportal.areas.townhall.rules.shown import split_laws
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.web.api import count_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = 30
#: The topic of services that have none, in an address and for people.
NO_TOPIC, NO_TOPIC_TITLE = "ohne-themenfeld", "Ohne Themenfeld"
#: More labels than these are not told apart in the notice.
MOST_LABELS = 3


def _topic_slug(topic: str) -> str:
    return city.slug(topic, fallback="anderes") if topic else NO_TOPIC


def get_overview() -> Overview:
    """Return the topics and letters with their counts; two queries, one more when everything is of elsewhere."""
    counts = Service.objects.order_by().values("topic").annotate(every=Count("pk"), own=Count("pk", filter=Q(label="")))
    topics: dict[str, TopicCount] = {}
    own = count = 0
    for row in counts:
        own, count = own + row["own"], count + row["every"]
        slug = _topic_slug(row["topic"])
        before = topics.get(slug)
        title = before.title if before else row["topic"] or NO_TOPIC_TITLE
        topics[slug] = TopicCount(slug, title, row["every"] + (before.count if before else 0))
    labels: tuple[str, ...] = ()
    if count and not own:
        found = Service.objects.order_by("label").values_list("label", flat=True).distinct()
        labels = tuple(found[:MOST_LABELS])
    return Overview(count, _sorted(topics.values()), list_letters(), labels)


def _sorted(topics: Iterable[TopicCount]) -> tuple[TopicCount, ...]:
    """Return topics by the German alphabet, services without one last."""
    return tuple(sorted(topics, key=lambda topic: (topic.slug == NO_TOPIC, city.sort_key(topic.title))))


def list_letters() -> dict[str, int]:
    """Return how many services begin with each letter; ``0`` counts every other beginning."""
    rows = Service.objects.order_by().annotate(letter=Left("sort_name", 1)).values("letter").annotate(every=Count("pk"))
    counts: dict[str, int] = {}
    for row in rows:
        letter = row["letter"] if "a" <= row["letter"] <= "z" else "0"
        counts[letter] = counts.get(letter, 0) + row["every"]
    return dict(sorted(counts.items()))


def _of_topic(slug: str) -> tuple[QuerySet[Service], str]:
    """Return the services of a topic and its title. Raises :class:`NotFound`."""
    topics = Service.objects.order_by("topic").values_list("topic", flat=True).distinct()
    meant = [topic for topic in topics if _topic_slug(topic) == slug]
    if not meant:
        raise NotFound("Dieses Themenfeld gibt es nicht.")
    return Service.objects.filter(topic__in=meant), meant[0] or NO_TOPIC_TITLE


def get_services_page(*, topic: str = "", letter: str = "", number: int = 1) -> ServicesPage:
    """Return one page of the services of a topic and a letter, where given; ``number`` counts from 1.

    ``letter`` is one of a-z, or ``0`` for every other beginning. Raises :class:`NotFound` for a topic nobody knows and
    beyond the last page.
    """
    found, title = _of_topic(topic) if topic else (Service.objects.all(), "")
    if letter == "0":
        found = found.exclude(sort_name__regex="^[a-z]")
    elif letter:
        found = found.filter(sort_name__startswith=letter)
    count = found.count()
    pages = count_pages(count, size=PAGE, number=number)
    rows = found.order_by("sort_name", "pk").values_list("slug", "title", "summary", "label")
    first = (number - 1) * PAGE
    return ServicesPage(tuple(ServiceLine(*row) for row in rows[first : first + PAGE]), title, count, number, pages)


def get_service(slug: str) -> ServiceView:
    """Return everything about a service; two queries. Raises :class:`NotFound`."""
    service = Service.objects.filter(slug=slug).first()
    if service is None:
        raise NotFound("Diese Leistung gibt es nicht oder nicht mehr.")
    source = Source(service.source)
    return ServiceView(
        slug=service.slug,
        title=service.title,
        summary=service.summary,
        body=service.body,
        fees=service.fees,
        documents=tuple(DocumentView(one["title"], one["url"]) for one in service.documents),
        online_link=service.online_link,
        minutes=service.minutes,
        laws=split_laws(service.legal_basis),
        topic=service.topic,
        topic_slug=_topic_slug(service.topic),
        situation=service.situation,
        leika_key=service.leika_key,
        label=service.label,
        source_title=SOURCES[source],
        source_id=service.source_id,
        from_catalogue=source is Source.LEIKA,
        offices=_offices(service),
    )


def _offices(service: Service) -> tuple[OfficeView, ...]:
    """Return where a service is offered, each house once: catalogues list its departments one by one."""
    links = ServiceOffice.objects.filter(service=service, place__removed_at=None).select_related("place")
    offices: dict[tuple[str, str], OfficeView] = {}
    for link in links.order_by("place__sort_name", "place_id"):
        place = link.place
        town = f"{place.postcode} {place.city_name}".strip()
        street = f"{place.street} {place.house_number}".strip()
        address = ", ".join(part for part in (street, town) if part)
        offices.setdefault((place.name, address), OfficeView(place.slug, place.name, address, place.phone))
    return tuple(offices.values())


def count_figures() -> dict[str, int]:
    """Return how many services are of this city and how many of elsewhere; one query."""
    return Service.objects.aggregate(services=Count("pk", filter=Q(label="")), foreign=Count("pk", filter=~Q(label="")))
