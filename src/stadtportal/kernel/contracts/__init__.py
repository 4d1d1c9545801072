"""What an area tells the kernel, and what kernel packages tell each other.

This module knows no Django: it holds frozen dataclasses, the refusal every rule raises, and the registry of
installed areas. An area describes itself once, as an :class:`Area`; the kernel reads everything else from there.
The promised surface is described in ``docs/areas.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from stadtportal.kernel.contracts.actors import VISITOR, Actor, AssuranceLevel, Grant, Mandate, Role
from stadtportal.kernel.contracts.personal_data import Erased, Kept, PersonalData
from stadtportal.kernel.contracts.refusals import NotAllowed, NotFound, RuleBroken

__all__ = [
    "VISITOR",
    "Actor",
    "Area",
    "AssuranceLevel",
    "CalendarEvent",
    "CaseKind",
    "CasePanel",
    "EntryDraft",
    "Erased",
    "Fact",
    "FrameSlot",
    "FrontBlock",
    "Grant",
    "Kept",
    "Link",
    "Mandate",
    "NotAllowed",
    "NotFound",
    "PanelLink",
    "PersonalData",
    "PlaceName",
    "Progress",
    "Registry",
    "Role",
    "RuleBroken",
    "Status",
    "registry",
    "silent",
]


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One findable thing as an area hands it to search.

    ``key`` is unique within the area and kind (``"course:yoga-am-abend"``); ``source_id`` is the id in the file it
    was imported from (``osm:node/123``). ``point`` is (latitude, longitude) in degrees, WGS 84. Prices are cents.
    ``tags`` are OpenStreetMap tags that say what it is (``shop=butcher``), ``languages`` ISO 639-1 codes in which it is
    held or spoken, ``days`` the days in Berlin on which it takes place, ``next_at`` the next of its dates.
    """

    area: str
    kind: str
    key: str
    title: str
    url: str
    summary: str = ""
    words: str = ""
    body: str = ""
    category: str = ""
    category_title: str = ""
    district: str = ""
    address: str = ""
    organisation: str = ""
    point: tuple[float, float] | None = None
    opening_hours: str = ""
    next_at: datetime | None = None
    price_cents: int | None = None
    audience: tuple[str, ...] = ()
    accessible: bool | None = None
    source_id: str = ""
    label: str = ""
    weight: int = 0
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """One status a case can have: its code, its word for people, its tone, and whether the case is over."""

    code: str
    title: str
    tone: str = "info"  # info | success | warning | danger | neutral: the colour of the badge
    final: bool = False


@dataclass(frozen=True, slots=True)
class PanelLink:
    """One thing to do on a case page. ``style`` is ``primary``, ``secondary`` or ``danger``."""

    title: str
    url: str
    style: str = "secondary"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class CasePanel:
    """What an area adds to the page of one of its cases: facts in order, and links."""

    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[PanelLink, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseKind:
    """One sort of dealing an area offers, as *Mein Stuttgart* shows it.

    ``panel`` is a dotted path to ``(*, reference: str, now: datetime) -> CasePanel``, ``calendar`` to
    ``(*, person_id: UUID, now: datetime) -> Sequence[CalendarEvent]``, ``received`` to
    ``(*, person_id: UUID) -> Sequence[cases.Received]``; all are called inside ``trust.own``.
    """

    slug: str
    title: str
    icon: str
    statuses: tuple[Status, ...]
    panel: str = ""
    calendar: str = ""
    received: str = ""

    def status(self, code: str) -> Status:
        """Return the status with that code. Raises ``KeyError`` for a code the kind does not know."""
        for status in self.statuses:
            if status.code == code:
                return status
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Link:
    """A page by its URL name, with the word for people."""

    title: str
    url_name: str
    icon: str = ""
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Fact:
    """One open figure: a word and a number, with what was counted."""

    title: str
    value: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class FrontBlock:
    """A block of the front page or of a district page: a template and a function giving its context.

    ``context`` receives the district slug, or ``""`` for the front page.
    """

    template: str
    context: Callable[[str], Mapping[str, Any]]
    order: int = 100


def _no_entries() -> Iterator[EntryDraft]:
    return iter(())


def _no_facts() -> Sequence[Fact]:
    return ()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city that plugs in. See ``docs/areas.md``.

    ``mounts`` maps URL prefixes to URL modules (``{"kurse/": "stadtportal.areas.courses.urls"}``). Functions named
    by dotted path are loaded only when needed.
    """

    slug: str
    title: str
    icon: str
    mounts: Mapping[str, str]
    navigation: tuple[Link, ...] = ()
    entries: Callable[[], Iterable[EntryDraft]] = _no_entries
    case_kinds: tuple[CaseKind, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
    workplace: tuple[Link, ...] = ()
    rest: str = ""
    importers: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)
    front_blocks: tuple[FrontBlock, ...] = ()
    facts: Callable[[], Sequence[Fact]] = _no_facts


@dataclass(frozen=True, slots=True)
class FrameSlot:
    """Something a higher package puts into every page's frame (unread count, demo banner, delegation banner).

    ``context`` receives the actor and returns the template's context, or ``None`` to show nothing.
    ``place`` is ``banner`` (above the header) or ``account`` (beside *Mein Stuttgart*).
    """

    place: str
    template: str
    context: Callable[[Actor], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One name the city knows: a district, quarter, street or postcode, with its point and district slug."""

    name: str
    kind: str
    district: str
    point: tuple[float, float] | None


class Registry:
    """The areas and hooks of this installation. Filled once at start-up by ``project``; read by everybody."""

    def __init__(self) -> None:
        self._areas: dict[str, Area] = {}
        self._frame_slots: list[FrameSlot] = []
        self._personal_data: dict[str, tuple[PersonalData, ...]] = {}
        self._gazetteer: Callable[[], Iterable[PlaceName]] | None = None
        self._mail_to: Callable[[UUID], Sequence[str]] | None = None

    def add_area(self, area: Area) -> None:
        """Add one area. Raises ``ValueError`` when its slug or one of its mounts is taken.

        Only the root, ``""``, may be shared by areas that name their prefixes in their own URL modules.
        """
        if area.slug in self._areas:
            message = f"area {area.slug!r} is registered twice"
            raise ValueError(message)
        taken = {mount for other in self._areas.values() for mount in other.mounts if mount}
        if clash := taken & set(area.mounts):
            message = f"area {area.slug!r} mounts {sorted(clash)}, which another area holds"
            raise ValueError(message)
        self._areas[area.slug] = area

    def areas(self) -> tuple[Area, ...]:
        """Return all installed areas in the order they were added."""
        return tuple(self._areas.values())

    def area(self, slug: str) -> Area:
        """Return one area. Raises ``KeyError`` when it is not installed."""
        return self._areas[slug]

    def case_kind(self, area: str, kind: str) -> CaseKind:
        """Return a kind of case. Raises ``KeyError`` when the area or the kind is not installed."""
        for case_kind in self._areas[area].case_kinds:
            if case_kind.slug == kind:
                return case_kind
        raise KeyError(kind)

    def add_frame_slot(self, slot: FrameSlot) -> None:
        """Add something to every page's frame."""
        self._frame_slots.append(slot)

    def frame_slots(self, place: str) -> tuple[FrameSlot, ...]:
        """Return what is to be shown at ``place``."""
        return tuple(slot for slot in self._frame_slots if slot.place == place)

    def declare_personal_data(self, package: str, *declared: PersonalData) -> None:
        """Declare what a kernel package keeps about people; areas do so in their :class:`Area`."""
        self._personal_data[package] = declared

    def personal_data(self) -> dict[str, tuple[PersonalData, ...]]:
        """Return every declaration, kernel packages and areas alike, by name of its owner."""
        return self._personal_data | {area.slug: area.personal_data for area in self.areas() if area.personal_data}

    def set_gazetteer(self, gazetteer: Callable[[], Iterable[PlaceName]]) -> None:
        """Tell search where the city's names come from."""
        self._gazetteer = gazetteer

    def place_names(self) -> Iterable[PlaceName]:
        """Return the city's names; empty when no city package is installed."""
        return self._gazetteer() if self._gazetteer else ()

    def set_mail_to(self, mail_to: Callable[[UUID], Sequence[str]]) -> None:
        """Tell the inbox where mail goes for a person who has no address."""
        self._mail_to = mail_to

    def mail_to(self, person_id: UUID) -> Sequence[str]:
        """Return the addresses of those who act for a person without one; empty when there is nobody."""
        return self._mail_to(person_id) if self._mail_to else ()


registry = Registry()


#: A callback for long work: ``progress(done, total, what)``; ``total`` is ``None`` while it is unknown.
Progress = Callable[[int, int | None, str], None]


def silent(_done: int, _total: int | None, _what: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event of a calendar file; times are aware, ``uid`` stays the same over changes of the event."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    location: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False
    sequence: int = 0
    point: tuple[float, float] | None = None
