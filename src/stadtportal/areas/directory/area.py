"""The directory introduces itself to the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.kernel.contracts import Area, Fact, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stadtportal.kernel.contracts import EntryDraft


def _entries() -> Iterable[EntryDraft]:
    from stadtportal.kernel.city.api import list_entries  # noqa: PLC0415 -- models load after areas.

    return list_entries()


def _facts() -> Sequence[Fact]:
    from stadtportal.kernel.city.api import count_figures  # noqa: PLC0415 -- as above.

    figures = count_figures()
    return (
        Fact("Orte", figures["places"], "Orte im Verzeichnis, aus dem Stadtpaket und aus Importen"),
        Fact("Anbieter", figures["organisations"], "Einrichtungen, Vereine und Firmen mit eigener Seite"),
        Fact("Orte mit Öffnungszeiten", figures["with_hours"], "Orte, deren Öffnungszeiten bekannt und lesbar sind"),
        Fact("Mit dem Rollstuhl zugängliche Orte", figures["accessible"], "Orte, die als ganz zugänglich erfasst sind"),
    )


AREA = Area(
    slug="directory",
    title="Verzeichnis",
    icon="pin",
    mounts={"": "stadtportal.areas.directory.urls"},
    navigation=(Link("Orte", "directory:categories", "pin"),),
    entries=_entries,
    importers={"osm": "stadtportal.areas.directory.adapters.import_osm"},
    facts=_facts,
)
