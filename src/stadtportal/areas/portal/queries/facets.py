"""What a list can be narrowed to, with how many of its results each choice would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypedDict

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from stadtportal.areas.portal.queries.asked import SORTS, SWITCHES, Asked
from stadtportal.areas.portal.queries.known import Known
from stadtportal.areas.portal.rules import AUDIENCES, kind_words
from stadtportal.kernel.search import api as search
from stadtportal.kernel.web import api as web

_MOST_CATEGORIES = 12
_SELECTED = mark_safe(" selected")
#: Which facet counts what a switch would leave.
_SWITCH_FACETS = {"kostenlos": "free", "barrierefrei": "accessible"}


class Choice(TypedDict):
    """One value a filter offers; ``count`` is ``None`` where it was not counted."""

    value: str
    title: str
    chosen: bool
    count: int | None
    url: str


class Facets(TypedDict):
    """All filters of the page; selection lists are the options as HTML, empty where there is nothing to choose."""

    kinds: list[Choice]
    categories: SafeString
    districts: SafeString
    audiences: SafeString
    languages: SafeString
    sorts: SafeString
    switches: list[Choice]


def get_facets(asked: Asked, *, answer: search.SearchPage, known: Known) -> Facets:
    """Return what the filters offer. Only results that were ranked are counted, so of more there are no numbers."""
    exact = answer.total <= search.MOST_CANDIDATES and not answer.total_capped
    counted = {name: {one.value: one.count for one in values} for name, values in answer.facets.items()}
    return {
        "kinds": _kinds(asked, counted.get("kind", {}), exact=exact),
        "categories": _options(
            tuple(_categories(asked, counted.get("category", {}), known, exact=exact)),
            asked.values.get("kategorie", ""),
        ),
        "districts": _options(
            tuple(_districts(asked, counted.get("district", {}), known, exact=exact)), asked.values.get("bezirk", "")
        ),
        "audiences": _few(asked.values.get("fuer", ""), counted.get("audience", {}), AUDIENCES, exact=exact),
        "languages": _few(
            asked.values.get("sprache", ""), counted.get("language", {}), search.LANGUAGE_NAMES, exact=exact
        ),
        "sorts": _options(_sorts(asked, answer), asked.values.get("sortierung", "")),
        "switches": [
            _choice(
                name,
                title,
                chosen=name in asked.values,
                count=sum(counted.get(_SWITCH_FACETS.get(name, ""), {}).values()) or None if exact else None,
            )
            for name, title in SWITCHES.items()
        ],
    }


def _choice(value: str, title: str, *, chosen: bool, count: int | None = None, url: str = "") -> Choice:
    return {"value": value, "title": title, "chosen": chosen, "count": count, "url": url}


def _kinds(asked: Asked, counted: Mapping[str, int], *, exact: bool) -> list[Choice]:
    """Offer the kinds among the results, or the way back to all of them."""
    chosen = asked.query.kind
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


def _with_count(title: str, count: int | None) -> str:
    return title if count is None else f"{title} ({web.number(count)})"


@lru_cache(maxsize=1024)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Return the options of a selection list; many pages show the same ones."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == chosen else "", title) for value, title in choices),
    )


def _sorts(asked: Asked, answer: search.SearchPage) -> tuple[tuple[str, str], ...]:
    """Offer the orders that make sense: by distance only around a point."""
    around = has_point(asked, answer=answer)
    return tuple((value, title) for value, (sort, title) in SORTS.items() if around or sort is not search.Sort.NEAR)


def has_point(asked: Asked, *, answer: search.SearchPage) -> bool:
    """Tell whether distances were measured: from where somebody is, or from a place that the text names."""
    named = answer.place is not None and answer.place.kind != "district" and answer.place.point is not None
    return asked.query.near is not None or named


def _categories(asked: Asked, counted: Mapping[str, int], known: Known, *, exact: bool) -> Iterable[tuple[str, str]]:
    """Offer the groups of categories, and below each the ones among the results or of the group that is chosen."""
    chosen = asked.values.get("kategorie", "")
    found = list(counted)[:_MOST_CATEGORIES]
    for slug, below in known.groups.items():
        inside = sum(counted.get(one, 0) for one in known.below(slug))
        yield slug, _with_count(known.categories[slug].plural, inside if exact and inside else None)
        open_group = slug == chosen or chosen in {one.slug for one in below}
        for one in below:
            if open_group or one.slug in found:
                yield one.slug, _with_count(f"– {one.plural}", counted.get(one.slug) if exact else None)


def _districts(asked: Asked, counted: Mapping[str, int], known: Known, *, exact: bool) -> Iterable[tuple[str, str]]:
    """Offer all districts; where none is chosen, those without a result say so."""
    nothing = 0 if exact and counted and "bezirk" not in asked.values else None
    for slug, name in known.districts_by_name:
        yield slug, _with_count(name, counted.get(slug, nothing) if exact else None)


def _few(chosen: str, counted: Mapping[str, int], titles: Mapping[str, str], *, exact: bool) -> SafeString:
    """Offer the values among the results, and the one that is chosen; nothing where there is none."""
    offered = [value for value in titles if value in counted or value == chosen]
    return _options(
        tuple((one, _with_count(titles[one], counted.get(one) if exact else None)) for one in offered), chosen
    )
