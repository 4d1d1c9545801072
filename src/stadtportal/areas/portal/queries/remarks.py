"""What the search page says about a question: what was understood, what was changed, and how it goes on from here."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict
from urllib.parse import urlencode

from stadtportal.areas.portal.queries.asked import WHERE, Asked, Chip
from stadtportal.areas.portal.queries.known import Known
from stadtportal.kernel.city import api as city
from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.api import ReadAs, Relaxed
from stadtportal.kernel.web import api as web

_OPEN = frozenset({"offen", str(ReadAs.OPEN)})
_PLACES = WHERE | {str(ReadAs.PLACE)}
#: Limits that a result itself shows to be kept.
_CHECKED = frozenset({"art", "kategorie", "bezirk", "barrierefrei", str(ReadAs.PLACE)})


class Remark(TypedDict):
    """A sentence, and a link that takes back what it tells."""

    text: str
    link: str
    url: str


class Way(TypedDict):
    """A link that leads on."""

    title: str
    url: str


class NearMe(TypedDict):
    """What is needed to search around somebody whose place we do not know."""

    url: str
    districts: list[Way]


def total_words(answer: search.SearchPage) -> str:
    """Write how many results words match."""
    words = web.plural(answer.total, "Treffer", "Treffer")
    return f"über {words}" if answer.total_capped else words


def get_heading(asked: Asked, *, answer: search.SearchPage) -> str:
    """Return the heading of the page: how many, and for which text."""
    text = asked.values.get("q", "")
    if not answer.total:
        nothing = "Kein genauer Treffer" if answer.results else "Kein Treffer"
        return f"{nothing} für „{text}“" if text else nothing
    if not text:
        return f"{total_words(answer)} in der ganzen Stadt" if not asked.filtered else total_words(answer)
    if answer.relaxed is Relaxed.NOTHING:
        return f"{total_words(answer)} für „{text}“"
    if answer.relaxed is Relaxed.SPELLING:
        return f"{total_words(answer)} für „{_spelt(answer.shown_text, text)}“"
    return f"Treffer für „{text}“"


def get_more_words(answer: search.SearchPage) -> str:
    """Say how many of the results no word led to, but their meaning."""
    more = answer.listed - answer.total
    if more <= 0 or not answer.total or answer.relaxed not in {Relaxed.NOTHING, Relaxed.SPELLING}:
        return ""
    words = "Eintrag, der dem Sinn nach passt" if more == 1 else "Einträge, die dem Sinn nach passen"
    return f"Dazu {web.number(more)} {words}"


def list_notes(asked: Asked, *, answer: search.SearchPage) -> list[str]:
    """Tell what could not be read or reached."""
    notes = list(asked.notes)
    if answer.text_cut:
        notes.append(
            f"Ihr Text war sehr lang. Gesucht haben wir nach dem Anfang, höchstens {search.LONGEST_TEXT} Zeichen."
        )
    if answer.offset + answer.limit >= search.MOST_CANDIDATES:
        notes.append("Weiter reicht die Liste nicht. Mit einem Wort mehr oder einem Filter finden Sie schneller hin.")
    return notes


def list_chips(asked: Asked, *, answer: search.SearchPage) -> list[Chip]:
    """Return everything the results are limited to: what was read out of the text, then what was chosen."""
    near_me = any(one.kind is ReadAs.NEAR_ME for one in answer.understood)
    chips = []
    for one in answer.understood:
        # Who asks for "near me" and says where that is limits the results once, not twice.
        places = {"ort": "", "umkreis": ""} if one.kind is ReadAs.NEAR_ME else {}
        if one.kind is not ReadAs.NEAR_ME or asked.query.near is not None:
            chips.append(Chip(str(one.kind), one.title, asked.url(q=one.without, **places)))
    chips += [one for one in asked.chips if not (near_me and one.name == "ort")]
    given_up = _given_up(asked, answer, chips)
    return [replace(one, given_up=one.name in given_up) for one in chips]


def _given_up(asked: Asked, answer: search.SearchPage, chips: list[Chip]) -> frozenset[str]:
    """Return the names of the chips that the results do not keep to."""
    limits = frozenset(one.name for one in chips) - {"woertlich"}
    if answer.relaxed is Relaxed.DISTRICT:
        return limits & _PLACES
    if answer.relaxed is Relaxed.FILTERS:
        return limits
    if answer.relaxed is Relaxed.MEANING and not _kept(asked, answer, limits):
        return limits
    return frozenset()


def _kept(asked: Asked, answer: search.SearchPage, limits: frozenset[str]) -> bool:
    """Tell whether what is nearest in meaning keeps to the limits; of limits nobody can check here it does not."""
    query = asked.query
    district = query.district or (answer.place.district if answer.place and answer.place.kind == "district" else "")
    wanted = {query.category, *query.categories} - {""}
    return limits <= _CHECKED and all(
        district in {"", found.district}
        and query.kind in {"", found.kind}
        and (not wanted or found.category in wanted)
        and (not query.accessible or bool(found.accessible))
        for found in answer.results
    )


def list_remarks(asked: Asked, *, answer: search.SearchPage, chips: list[Chip]) -> list[Remark]:
    """Say what we changed because the question itself had no answer."""
    remarks = []
    text = asked.values.get("q", "")
    if answer.did_you_mean:
        meant = "Treffer für" if answer.relaxed is Relaxed.SPELLING else "Gesucht haben wir nach"
        literally = f"Stattdessen wörtlich nach „{text}“ suchen"
        remarks.append(_remark(f"{meant} „{_spelt(answer.did_you_mean, text)}“.", literally, asked.url(woertlich="1")))
    given_up = [one for one in chips if one.given_up]
    if answer.lost and answer.total:
        remarks.append(_remark(_without_lost(answer)))
    if answer.relaxed is Relaxed.DISTRICT:
        where = _beginning(given_up[0].title) if len(given_up) == 1 else "Dort"
        remarks.append(_remark(f"{where} haben wir dazu nichts gefunden. Das sind die Treffer aus der ganzen Stadt."))
    elif answer.relaxed is Relaxed.FILTERS:
        remarks.append(_remark(_without_filters(given_up)))
    elif answer.relaxed is Relaxed.WORDS:
        remarks.append(
            _remark("Alle Wörter zusammen haben wir nicht gefunden. Das sind Treffer für einzelne Ihrer Wörter.")
        )
    elif answer.relaxed is Relaxed.MEANING:
        where = " Ihre Filter haben wir dafür weggelassen." if given_up else ""
        nearest = "Genau dazu haben wir nichts gefunden. Das kommt dem am nächsten."
        remarks.append(_remark(f"{nearest}{where}"))
    return remarks


def _remark(text: str, link: str = "", url: str = "") -> Remark:
    return {"text": text, "link": link, "url": url}


def _spelt(corrected: str, text: str) -> str:
    """Write corrected words with the capitals people gave them."""
    words, typed = corrected.split(), text.split()
    if len(words) != len(typed):
        return corrected
    return " ".join(_beginning(word) if was[:1].isupper() else word for word, was in zip(words, typed, strict=True))


def _without_lost(answer: search.SearchPage) -> str:
    """Say which words nothing was found for, and for which the results are, where they are for all that are left."""
    lost = {word.casefold() for one in answer.lost for word in one.split()}
    left = " ".join(word for word in answer.shown_text.split() if word.casefold() not in lost)
    named = " und ".join(f"„{one}“" for one in answer.lost)
    shown = left and answer.relaxed is not Relaxed.WORDS
    return f"Ohne Treffer für {named} – gezeigt wird, was zu „{left}“ passt." if shown else f"Ohne Treffer für {named}."


def _beginning(title: str) -> str:
    return title[:1].upper() + title[1:]


def _without_filters(given_up: list[Chip]) -> str:
    if len(given_up) != 1:
        return "Mit diesen Filtern haben wir nichts gefunden. Das sind die Treffer ohne Filter."
    if given_up[0].name in _OPEN:
        return "Davon hat gerade nichts geöffnet. Das sind alle Treffer mit ihren nächsten Öffnungszeiten."
    return f"Mit dem Filter „{given_up[0].title}“ haben wir nichts gefunden. Das sind die Treffer ohne ihn."


def get_near_me(asked: Asked, *, answer: search.SearchPage, known: Known) -> NearMe | None:
    """Return the ways to say where one is, when a question needs it and nobody has said."""
    asked_for = next((one for one in answer.understood if one.kind is ReadAs.NEAR_ME), None)
    if asked_for is None or asked.query.near is not None or asked.query.district or answer.place is not None:
        return None
    return {
        "url": asked.url(),
        "districts": [
            {"title": name, "url": asked.url(q=asked_for.without, bezirk=slug)}
            for slug, name in known.districts_by_name
        ],
    }


def list_ways(asked: Asked, *, answer: search.SearchPage, known: Known) -> list[Way]:
    """Return what else might help: neighbouring things, the whole city, the group of the category."""
    ways: list[Way] = [{"title": title, "url": f"/suche/?{urlencode({'q': title})}"} for title in answer.related]
    if wider := _wider(asked, answer):
        ways.append(wider)
    category = known.categories.get(asked.values.get("kategorie", "") or _usual_category(answer))
    group = known.categories.get(category.parent) if category and category.parent else None
    if group is not None:
        url = asked.url(kategorie=group.slug) if "kategorie" in asked.values else f"/suche/?kategorie={group.slug}"
        ways.append({"title": f"Alles aus „{group.plural}“", "url": url})
    return ways


def _wider(asked: Asked, answer: search.SearchPage) -> Way | None:
    """Return the same question for the whole city, unless that is what was answered."""
    if answer.relaxed in {Relaxed.DISTRICT, Relaxed.FILTERS, Relaxed.MEANING}:
        return None
    named = next((one for one in answer.understood if one.kind is ReadAs.PLACE), None)
    if named is None and not WHERE & asked.values.keys():
        return None
    text = named.without if named else asked.values.get("q", "")
    return {
        "title": f"Dasselbe in ganz {city.city().name}",
        "url": asked.url(q=text, **dict.fromkeys(WHERE, "")),
    }


def get_area_url(asked: Asked, *, answer: search.SearchPage) -> str:
    """Return the address to which the map adds the part in view: it takes the place of any other place."""
    named = next((one for one in answer.understood if one.kind is ReadAs.PLACE), None)
    text = named.without if named else asked.values.get("q", "")
    return asked.url(q=text, bezirk="", umkreis="", karte="")


def _usual_category(answer: search.SearchPage) -> str:
    """Return the category most of the results have; of a few of many kinds nobody can tell."""
    if not answer.total or not answer.shown_text:
        return ""
    return next((one.value for one in answer.facets.get("category", ())), "")
