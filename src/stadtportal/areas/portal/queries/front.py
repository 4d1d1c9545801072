"""The front page and the pages of districts: put together from all areas, the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from stadtportal.areas.portal.queries.kept import Kept
from stadtportal.areas.portal.queries.known import Known, get_known
from stadtportal.areas.portal.queries.results import list_rows
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import Fact, registry
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web import api as web

_MOST_TILES = 12
_MOST_EXAMPLES = 3
_MOST_OPEN = 6
#: Of so many open places the few shown are chosen, of different categories.
_MOST_MIXED = 100


@dataclass(frozen=True, slots=True)
class Tile:
    """One everyday way into the portal."""

    title: str
    text: str
    icon: str
    url: str


def get_front_parts() -> SafeString:
    """Return the part of the front page that is the same for everybody, at most a minute old."""
    return _front.get()


def _render_front() -> SafeString:
    known = get_known()
    context = {
        "tiles": list_tiles(known),
        "blocks": list_blocks(""),
        "districts": [known.districts[slug] for slug, _ in known.districts_by_name],
        "facts": list_facts(),
        "attribution": " · ".join(city.city().attribution),
    }
    return mark_safe(render_to_string("portal/front_parts.html", context))  # noqa: S308 -- a rendered template.


_front = Kept(_render_front)


def list_tiles(known: Known) -> list[Tile]:
    """Return the groups of categories with examples of what is in them, as ways into the search."""
    tiles = []
    for slug, below in known.groups.items():
        group = known.categories[slug]
        full = [one for one in below if one.place_count] or list(below)
        full.sort(key=lambda one: -one.place_count)
        examples = ", ".join(one.plural for one in full[:_MOST_EXAMPLES])
        tiles.append(Tile(group.plural, examples, group.icon, f"/suche/?kategorie={slug}"))
    return tiles[:_MOST_TILES]


def list_district_tiles(known: Known, *, district: str) -> list[Tile]:
    """Return the groups that have something in a district, with what there is most of."""
    counts = search.count_categories(district=district)
    tiles = []
    for slug, below in known.groups.items():
        group = known.categories[slug]
        there = sorted((one for one in below if counts.get(one.slug)), key=lambda one: -counts[one.slug])
        if there or counts.get(slug):
            examples = ", ".join(one.plural for one in there[:_MOST_EXAMPLES])
            tiles.append(Tile(group.plural, examples, group.icon, f"/suche/?kategorie={slug}&bezirk={district}"))
    return tiles


def list_blocks(district: str) -> list[SafeString]:
    """Return what the areas show on the front page, or on the page of a district, in their order."""
    blocks = sorted((block for area in registry.areas() for block in area.front_blocks), key=lambda block: block.order)
    return [
        mark_safe(render_to_string(block.template, dict(block.context(district))))  # noqa: S308 -- a rendered template.
        for block in blocks
    ]


def list_facts() -> list[dict[str, str]]:
    """Return the open figures: what can be found, and what each area counts."""
    total = Fact("Einträge", search.count_entries(), "alles, was die Suche findet")
    facts = [total, *(fact for area in registry.areas() for fact in area.facts())]
    return [{"title": one.title, "value": web.number(one.value), "note": one.explanation} for one in facts]


def choose_mixed(results: Sequence[search.Result]) -> list[search.Result]:
    """Return a few results of as many categories as there are, each category's best first."""
    turns: dict[str, int] = {}
    placed = []
    for found in results:
        turn = turns[found.category] = turns.get(found.category, 0) + 1
        placed.append((turn, found))
    placed.sort(key=lambda one: one[0])
    return [found for _, found in placed[:_MOST_OPEN]]


def get_district_page(slug: str) -> dict[str, Any]:
    """Return everything about one district, at most a minute old. Raises ``NotFound``."""
    if slug not in _districts:
        city.get_district(slug)
        _districts[slug] = Kept(partial(_make_district, slug))
    return dict(_districts[slug].get())


_districts: dict[str, Kept[dict[str, Any]]] = {}


def _make_district(slug: str) -> dict[str, Any]:
    district = city.get_district(slug)
    now = timezone.now()
    known = get_known()
    counted = search.find(search.SearchQuery(district=slug, limit=1, facets=False, relax=False), now=now)
    opened = search.find(
        search.SearchQuery(district=slug, open_now=True, limit=_MOST_MIXED, facets=False, relax=False), now=now
    )
    return {
        "district": district,
        "total": counted.total,
        "tiles": list_district_tiles(known, district=slug),
        "open_rows": list_rows(choose_mixed(opened.results), known=known, now=now),
        "blocks": list_blocks(slug),
        "neighbours": [known.districts[one] for one in district.neighbours if one in known.districts],
        "attribution": " · ".join(city.city().attribution),
        "map_url": f"/suche/karte.json?bezirk={slug}",
    }
