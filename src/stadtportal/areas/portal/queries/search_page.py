"""The search page: what was found, what was understood, and the ways to narrow and to widen it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from stadtportal.areas.portal.queries import remarks
from stadtportal.areas.portal.queries.asked import PER_PAGE, Asked
from stadtportal.areas.portal.queries.facets import get_facets, has_point
from stadtportal.areas.portal.queries.known import Known
from stadtportal.areas.portal.queries.results import list_rows
from stadtportal.kernel.city import api as city
from stadtportal.kernel.search import api as search

#: Enough for a map on which the best matter; the list has them all.
_MOST_POINTS = 500
#: What the form keeps without showing a field for it.
HIDDEN = frozenset({"art", "ort", "umkreis", "karte", "woertlich", "explain"})


def get_search_page(asked: Asked, *, known: Known, now: datetime) -> dict[str, Any]:
    """Answer the question and return everything the template shows."""
    asked, answer = _answer(asked, now=now)
    chips = remarks.list_chips(asked, answer=answer)
    placed = asked.query.bounds is not None and not any(one.given_up for one in chips if one.name == "karte")
    return {
        "asked": asked,
        "answer": answer,
        "rows": list_rows(answer.results, known=known, now=now),
        "page": _page(answer),
        "heading": remarks.get_heading(asked, answer=answer),
        "more_words": remarks.get_more_words(answer),
        "notes": remarks.list_notes(asked, answer=answer),
        "remarks": remarks.list_remarks(asked, answer=answer, chips=chips),
        "chips": chips,
        "literal_url": asked.url(woertlich="1") if answer.understood and not answer.did_you_mean else "",
        "near_me": remarks.get_near_me(asked, answer=answer, known=known),
        "ways": remarks.list_ways(asked, answer=answer, known=known),
        "facets": get_facets(asked, answer=answer, known=known),
        "plain_url": asked.url(**{name: "" for name in asked.values if name != "q"}),
        "locate_url": "" if has_point(asked, answer=answer) else asked.url(sortierung="naehe"),
        "hidden": [(name, value) for name, value in asked.values.items() if name in HIDDEN],
        "attribution": " · ".join(city.city().attribution),
        "map_url": asked.url(path="/suche/karte.json"),
        "map_view": asked.values["karte"] if placed else "",
        "area_url": remarks.get_area_url(asked, answer=answer),
        "has_points": placed or any(found.point for found in answer.results),
    }


def _answer(asked: Asked, *, now: datetime) -> tuple[Asked, search.SearchPage]:
    """Answer the question; distances can order results only from a point that it names."""
    answer = search.find(asked.query, now=now)
    if asked.query.sort is not search.Sort.NEAR or has_point(asked, answer=answer):
        return asked, answer
    values = {name: value for name, value in asked.values.items() if name != "sortierung"}
    asked = replace(asked, query=replace(asked.query, sort=search.Sort.BEST), values=values)
    return asked, search.find(asked.query, now=now)


def get_map(asked: Asked, *, now: datetime) -> dict[str, Any]:
    """Return the same results as GeoJSON points, the best few hundred of them."""
    query = replace(asked.query, with_point=True, offset=0, limit=_MOST_POINTS, facets=False, explain=False)
    page = search.find(query, now=now)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [round(found.point[1], 6), round(found.point[0], 6)]},
                "properties": {"id": found.number, "title": found.title, "url": found.url, "kind": found.kind},
            }
            for found in page.results
            if found.point is not None
        ],
    }


def _page(answer: search.SearchPage) -> Page[int]:
    """Return the page's place among all pages, for the links to its neighbours."""
    return Paginator(range(answer.listed), PER_PAGE).get_page(answer.offset // PER_PAGE + 1)
