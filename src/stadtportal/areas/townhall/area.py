"""The town hall introduces itself to the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.kernel.contracts import Area, Fact, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stadtportal.kernel.contracts import EntryDraft


def _entries() -> Iterable[EntryDraft]:
    from stadtportal.areas.townhall.queries.entries import list_entries  # noqa: PLC0415 -- models load after areas.

    return list_entries()


def _facts() -> Sequence[Fact]:
    from stadtportal.areas.townhall.queries.listing import count_figures  # noqa: PLC0415 -- as above.

    figures = count_figures()
    return (
        Fact(
            "Leistungen der Verwaltung", figures["services"], "Leistungen dieser Stadt und des Bundes mit eigener Seite"
        ),
        Fact("Leistungen als Beispieldaten", figures["foreign"], "Leistungen von anderswo, auf jeder Seite so benannt"),
    )


AREA = Area(
    slug="townhall",
    title="Rathaus",
    icon="service",
    mounts={"rathaus/": "stadtportal.areas.townhall.urls"},
    navigation=(Link("Rathaus", "townhall:index", "service"),),
    entries=_entries,
    importers={
        "dldb": "stadtportal.areas.townhall.adapters.import_dldb",
        "leika": "stadtportal.areas.townhall.adapters.import_leika",
    },
    facts=_facts,
)
