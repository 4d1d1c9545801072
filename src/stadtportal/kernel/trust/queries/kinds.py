"""What kinds of personal data this portal keeps, in the order people look for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string
from django.utils.text import slugify

from stadtportal.kernel.contracts import PersonalData, registry

PORTAL = "Stadtportal"


@dataclass(frozen=True, slots=True)
class Kind:
    """One declared kind of data. ``slug`` names it in files and forms; ``owner_title`` is its area in words."""

    slug: str
    owner: str
    owner_title: str
    data: PersonalData


def list_kinds() -> list[Kind]:
    """Return all declared kinds: the account first, then what people did, the machinery last."""
    areas = {area.slug: area.title for area in registry.areas()}
    kinds = [
        Kind(slugify(f"{owner}-{data.title}"), owner, areas.get(owner, PORTAL), data)
        for owner, declared in registry.personal_data().items()
        for data in declared
    ]
    return sorted(kinds, key=lambda kind: _nearness(kind.owner, is_area=kind.owner in areas))


def list_for_erasure() -> list[Kind]:
    """Return all kinds, each before what it hangs on: areas, then the kernel downwards, the account last."""
    order = ("cases", "inbox", "city", "search", "trust", "documents", "web", "jobs", "people")
    backwards = list_kinds()[::-1]
    return sorted(backwards, key=lambda kind: order.index(kind.owner) + 1 if kind.owner in order else 0)


def find_kind(slug: str) -> Kind | None:
    """Return the kind of that name, if there is one."""
    return next((kind for kind in list_kinds() if kind.slug == slug), None)


def call(path: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- the functions that kinds name differ in what they return.
    """Call the function a kind names by its dotted path."""
    return import_string(path)(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Due:
    """When the next of a person's things of one kind goes; ``next_at`` is ``None`` where nothing is there or goes."""

    kind: Kind
    next_at: datetime | None


def list_due(person_id: UUID) -> list[Due]:
    """Return for each kind when the oldest of this person's things is past its time. Needs an open reading."""
    due = []
    for kind in list_kinds():
        oldest = call(kind.data.oldest, person_id) if kind.data.oldest else None
        due.append(Due(kind, oldest + kind.data.retention if oldest and kind.data.retention is not None else None))
    return due


def _nearness(owner: str, *, is_area: bool) -> int:
    if owner == "people":
        return 0
    return 3 if owner in {"trust", "web", "demo"} else 1 if is_area else 2
