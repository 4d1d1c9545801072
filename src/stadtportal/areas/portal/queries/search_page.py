"""The search page: results as people read them, and the ways to narrow and to widen them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict

from django.core.paginator import Page, Paginator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from stadtportal.areas.portal.queries.asked import PER_PAGE, SORTS, SWITCHES, Asked, Chip
from stadtportal.areas.portal.queries.known import Known
from stadtportal.areas.portal.queries.opening import get_hours_status
from stadtportal.areas.portal.rules import distance_words, kind_words
from stadtportal.kernel.city import api as city
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web import api as web

_MOST_CATEGORIES = 12
#: Enough for a map on which the best matter; the list has them all.
_MOST_POINTS = 500
_SELECTED = mark_safe(" selected")
#: What the form keeps without showing a field for it.
HIDDEN = frozenset({"art", "ort", "umkreis", "woertlich", "fuer"})


class Row(TypedDict):
    """One result as the list shows it: words ready to print, empty where there is nothing to say.

    A dictionary, because templates read one several times quicker than an object, and a page holds twenty.
    """

    number: int
    kind: str
    label: str
    title: str
    url: str
    text: str
    where: str
    hours: str
    tone: str
    next_at: datetime | None
    when: str
    more: str


class Choice(TypedDict):
    """One value a filter offers; ``count`` is ``None`` where it was not counted."""

    value: str
    title: str
    chosen: bool
    count: int | None
    url: str


def _choice(value: str, title: str, *, chosen: bool, count: int | None = None, url: str = "") -> Choice:
    return {"value": value, "title": title, "chosen": chosen, "count": count, "url": url}


def list_rows(results: Sequence[search.Result], *, known: Known, now: datetime) -> list[Row]:
    """Return the results with the words that belong to them."""
    return [_row(found, known, now=now) for found in results]


def _row(found: search.Result, known: Known, *, now: datetime) -> Row:
    kind = kind_words(found.kind).one
    hours = get_hours_status(found.opening_hours, now=now) if found.opening_hours else None
    next_at = found.next_at if found.next_at and found.next_at > now else None
    # An entry knows its lowest price only; whether others pay more is said on its page.
    lowest = web.price(found.price_cents)
    more = ["" if found.price_cents is None else f"ab {lowest}" if found.price_cents else lowest]
    if found.accessible:
        more.append("mit dem Rollstuhl zugänglich")
    return {
        "number": found.number,
        "kind": kind if found.category_title in {"", kind} else f"{kind} · {found.category_title}",
        "label": found.label,
        "title": found.title,
        "url": found.url,
        "text": found.summary if found.kind != "place" else "",
        "where": _where(found, known.district_name(found.district)),
        "hours": hours.sentence if hours else "",
        "tone": {True: "open", False: "closed"}.get(hours.open, "") if hours and hours.open is not None else "",
        "next_at": next_at,
        "when": f"{web.relative_day(next_at, now=now)}, {web.berlin_time(next_at)}" if next_at else "",
        "more": " · ".join(part for part in more if part),
    }


def _where(found: search.Result, district: str) -> str:
    """Return address, district and distance as one line."""
    where = f"{found.address} ({district})" if found.address and district else found.address or district
    away = f"{distance_words(found.distance_m)} entfernt" if found.distance_m is not None else ""
    return ", ".join(part for part in (where, away) if part)


def get_search_page(asked: Asked, *, known: Known, now: datetime) -> dict[str, Any]:
    """Answer the question and return everything the template shows."""
    page = search.find(asked.query, now=now)
    return {
        "asked": asked,
        "answer": page,
        "rows": list_rows(page.results, known=known, now=now),
        "page": _page(page),
        "total": _total_words(page),
        "heading": _heading(asked, page),
        "notes": [*asked.notes, *_notes(page)],
        "remark": _remark(asked, page, known),
        "chips": [*_place_chip(asked, page), *asked.chips],
        "kinds": _kinds(asked, page),
        "categories": _options(_categories(asked, page, known), asked.values.get("kategorie", "")),
        "districts": _options(known.districts_by_name, asked.values.get("bezirk", "")),
        "sorts": _options(_sorts(asked, page), asked.values.get("sortierung", "")),
        "switches": [_choice(name, title, chosen=name in asked.values) for name, title in SWITCHES.items()],
        "plain_url": _plain_url(asked),
        "hidden": [(name, value) for name, value in asked.values.items() if name in HIDDEN],
        "attribution": " · ".join(city.city().attribution),
        "map_url": asked.url(path="/suche/karte.json"),
        "has_points": any(found.point for found in page.results),
    }


def get_map(asked: Asked, *, now: datetime) -> dict[str, Any]:
    """Return the same results as GeoJSON points, the best few hundred of them."""
    query = replace(asked.query, with_point=True, offset=0, limit=_MOST_POINTS, facets=False)
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


def _plain_url(asked: Asked) -> str:
    """Return the address of the text alone."""
    return asked.url(**{name: "" for name in asked.values if name != "q"})


def _page(answer: search.SearchPage) -> Page[int]:
    """Return the page's place among all pages, for the links to its neighbours."""
    return Paginator(range(answer.reachable), PER_PAGE).get_page(answer.offset // PER_PAGE + 1)


def _total_words(answer: search.SearchPage) -> str:
    words = web.plural(answer.total, "Treffer", "Treffer")
    return f"über {words}" if answer.total_capped else words


def _heading(asked: Asked, answer: search.SearchPage) -> str:
    text = asked.values.get("q", "")
    if not answer.total:
        return f"Kein Treffer für „{text}“" if text else "Kein Treffer"
    if text:
        return f"{_total_words(answer)} für „{text}“" if not answer.relaxed else f"Treffer für „{text}“"
    return f"{_total_words(answer)} in der ganzen Stadt" if not asked.filtered else _total_words(answer)


def _notes(answer: search.SearchPage) -> list[str]:
    notes = []
    if answer.text_cut:
        notes.append(
            f"Ihr Text war sehr lang. Gesucht haben wir nach dem Anfang, höchstens {search.LONGEST_TEXT} Zeichen."
        )
    if answer.offset + answer.limit >= search.MOST_CANDIDATES:
        notes.append("Weiter reicht die Liste nicht. Mit einem Wort mehr oder einem Filter finden Sie schneller hin.")
    return notes


def _remark(asked: Asked, answer: search.SearchPage, known: Known) -> str:
    """Say what we did because the question itself had no answer."""
    text = asked.values.get("q", "")
    where = known.district_name(asked.query.district) or (answer.place.name if answer.place else "")
    nothing = f"Zu „{text}“ haben wir nichts gefunden."
    filters = "Mit diesen Filtern haben wir nichts gefunden. Das sind die Treffer ohne Filter."
    if asked.query.open_now and len(asked.chips) == 1:
        filters = "Davon hat gerade nichts geöffnet. Das sind alle Treffer mit ihren nächsten Öffnungszeiten."
    remarks = {
        search.Relaxed.SPELLING: f"{nothing} Das sind Treffer für „{answer.did_you_mean}“.",
        search.Relaxed.DISTRICT: f"{f'In {where}' if where else 'Hier'} haben wir dazu nichts gefunden."
        " Das sind die Treffer aus der ganzen Stadt.",
        search.Relaxed.FILTERS: filters,
        search.Relaxed.WORDS: "Alle Wörter zusammen haben wir nicht gefunden."
        f" Das sind Treffer für „{answer.shown_text}“.",
        search.Relaxed.TITLES: f"{nothing} Diese Namen sind ähnlich.",
    }
    return remarks.get(answer.relaxed, "")


def _place_chip(asked: Asked, answer: search.SearchPage) -> list[Chip]:
    if answer.place is None or answer.relaxed is search.Relaxed.TITLES:
        return []
    around = answer.place.kind != "district" and answer.place.point is not None
    title = f"rund um {answer.place.name}" if around else f"in {answer.place.name}"
    return [Chip(title, asked.url(woertlich="1"))]


def _kinds(asked: Asked, answer: search.SearchPage) -> list[Choice]:
    """Offer the kinds among the results, or the way back to all of them."""
    chosen = asked.query.kind
    counted = {one.value: one.count for one in answer.facets.get("kind", ())}
    exact = answer.total <= search.MOST_CANDIDATES and not answer.total_capped
    if len(counted) < 2 and not chosen:  # noqa: PLR2004 -- one kind leaves nothing to choose.
        return []
    kinds = [
        _choice(
            kind,
            kind_words(kind).many,
            chosen=kind == chosen,
            count=counted.get(kind) if exact else None,
            url=asked.url(art=kind),
        )
        for kind in counted or {chosen: 0}
    ]
    return [_choice("", "Alles", chosen=not chosen, url=asked.url(without="art")), *kinds]


@lru_cache(maxsize=1024)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Return the options of a selection list; most pages show the same ones."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == chosen else "", title) for value, title in choices),
    )


def _sorts(asked: Asked, answer: search.SearchPage) -> tuple[tuple[str, str], ...]:
    """Offer the orders that make sense: by distance only around a point."""
    around = asked.query.near is not None or (answer.place is not None and answer.place.kind != "district")
    return tuple((value, title) for value, (sort, title) in SORTS.items() if around or sort is not search.Sort.NEAR)


def _categories(asked: Asked, answer: search.SearchPage, known: Known) -> tuple[tuple[str, str], ...]:
    """Offer the groups of categories, and below each the ones among the results or of the group that is chosen."""
    chosen = asked.values.get("kategorie", "")
    found = [one.value for one in answer.facets.get("category", ())][:_MOST_CATEGORIES]
    choices = []
    for slug, below in known.groups.items():
        choices.append((slug, known.categories[slug].plural))
        open_group = slug == chosen or chosen in {one.slug for one in below}
        choices += [(one.slug, f"– {one.plural}") for one in below if open_group or one.slug in found]
    return tuple(choices)
