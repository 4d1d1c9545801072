"""What the pages of services are told: frozen descriptions, free of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stadtportal.areas.townhall.rules.shown import Law


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service in a list."""

    slug: str
    title: str
    summary: str
    label: str


@dataclass(frozen=True, slots=True)
class OfficeView:
    """Where a service is offered; ``slug`` is that of the place."""

    slug: str
    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A form or a document to read, on another website."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ServiceView:
    """Everything on the page of a service. ``body`` and ``fees`` are sanitised HTML."""

    slug: str
    title: str
    summary: str
    body: str
    fees: str
    documents: tuple[DocumentView, ...]
    online_link: str
    minutes: int | None
    laws: tuple[Law, ...]
    topic: str
    topic_slug: str
    situation: str
    leika_key: str
    label: str
    source_title: str
    source_id: str
    from_catalogue: bool
    offices: tuple[OfficeView, ...]


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic with the number of its services; ``slug`` names it in an address."""

    slug: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page of the town hall shows. ``labels`` names data of elsewhere when there is nothing else."""

    count: int
    topics: tuple[TopicCount, ...]
    letters: dict[str, int]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServicesPage:
    """One page of a list of services; ``topic`` is empty where the list is not of one topic."""

    lines: tuple[ServiceLine, ...]
    topic: str
    count: int
    number: int
    pages: int
