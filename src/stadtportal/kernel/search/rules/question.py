"""What can be asked of search, and what it answers."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from stadtportal.kernel.contracts import PlaceName, RuleBroken

#: Ranking looks at no more than this many of the entries that match; pages reach no further.
MOST_CANDIDATES = 500
#: Counting stops here; the page then says "über 10.000".
MOST_COUNTED = 10_000
#: Kinds of entries that have no hours and no dates: a time in the text says when people are free, not when these are.
TIMELESS = frozenset({"service"})
LARGEST_RADIUS_M = 100_000
EARTH_RADIUS_M = 6_371_000.0


class BadQuestion(RuleBroken):
    """A question nobody can answer: a page before the first, a point that is not on earth."""

    status: ClassVar[int] = 400


class Sort(enum.StrEnum):
    """In which order results come."""

    BEST = "best"
    NEAR = "near"
    DATE = "date"
    PRICE = "price"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle on the map, in degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Window:
    """A time asked for: something takes place on one of its days, or is open at some moment within it."""

    from_at: datetime
    to_at: datetime


class Part(enum.StrEnum):
    """A part of search that can be switched off, to measure what it is good for."""

    UNDERSTANDING = "understanding"
    GLOSSARY = "glossary"
    COMPOUNDS = "compounds"
    SPELLING = "spelling"
    MEANING = "meaning"


class ReadAs(enum.StrEnum):
    """What some words of a question were read as."""

    PLACE = "place"
    NEAR_ME = "near_me"
    OPEN = "open"
    TIME = "time"
    PRICE = "price"
    AUDIENCE = "audience"
    LANGUAGE = "language"
    ACCESS = "access"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Understood:
    """Words of a question and what they were read as. ``title`` is shown, ``without`` the text without these words."""

    kind: ReadAs
    text: str
    title: str
    value: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One question. Empty fields ask for nothing; ``literal`` reads nothing out of the text, all of it is words.

    ``lang`` is the language of the text (ISO 639-1) where it is known. ``language`` asks for what is held or spoken in
    one, ``audience`` for whom it is (``children``), ``when`` for what takes place or is open within a time.
    With ``relax`` a question without an answer is asked again wider and wider. ``without`` names parts of search to
    leave out (:class:`Part`), ``explain`` asks for the parts of each score.
    ``categories`` asks for any of several, as a group of categories does.
    ``near`` is (latitude, longitude) in degrees, ``radius_m`` metres around it, ``max_price_cents`` cents
    (0 asks for what is free), ``from_on`` and ``to_on`` the days within which the next date lies. ``with_point``
    asks for what can be shown on a map; ``facets=False`` saves counting them where nobody looks at them.
    Raises :class:`BadQuestion` for numbers without a meaning.
    """

    text: str = ""
    lang: str = ""
    literal: bool = False
    area: str = ""
    kind: str = ""
    category: str = ""
    categories: tuple[str, ...] = ()
    district: str = ""
    near: tuple[float, float] | None = None
    radius_m: int | None = None
    open_now: bool = False
    max_price_cents: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    audience: str = ""
    language: str = ""
    when: Window | None = None
    accessible: bool = False
    bounds: Bounds | None = None
    with_point: bool = False
    sort: Sort = Sort.BEST
    offset: int = 0
    limit: int = 20
    facets: bool = True
    relax: bool = True
    explain: bool = False
    without: frozenset[Part] = frozenset()

    def __post_init__(self) -> None:
        if self.offset < 0 or not 1 <= self.limit <= MOST_CANDIDATES:
            sentence = "Diese Seite der Trefferliste gibt es nicht."
            raise BadQuestion(sentence, field="offset")
        if self.near is not None and not on_earth(*self.near):
            sentence = "Diesen Punkt gibt es nicht. Erwartet werden geografische Breite und Länge in Grad."
            raise BadQuestion(sentence, field="near")
        if self.radius_m is not None and not 0 < self.radius_m <= LARGEST_RADIUS_M:
            sentence = "Der Umkreis muss zwischen 1 Meter und 100 Kilometern liegen."
            raise BadQuestion(sentence, field="radius_m")
        if self.max_price_cents is not None and not 0 <= self.max_price_cents < 2**31:
            sentence = "Der Preis muss null oder größer sein."
            raise BadQuestion(sentence, field="max_price_cents")
        if self.bounds is not None and not _sensible(self.bounds):
            sentence = "Dieser Kartenausschnitt ist leer."
            raise BadQuestion(sentence, field="bounds")


@dataclass(frozen=True, slots=True)
class Result:
    """One entry found. ``distance_m`` is the distance to the point asked for, if there was one.

    ``number`` tells results of one page apart; it may change with a rebuild and is no address.
    """

    number: int
    area: str
    kind: str
    key: str
    title: str
    url: str
    summary: str
    category: str
    category_title: str
    district: str
    address: str
    organisation: str
    point: tuple[float, float] | None
    opening_hours: str
    next_at: datetime | None
    price_cents: int | None
    audience: tuple[str, ...]
    accessible: bool | None
    label: str
    source_id: str = ""
    distance_m: int | None = None
    score: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value a result list can be narrowed to, and how many of the ranked results carry it."""

    value: str
    title: str
    count: int


class Relaxed(enum.StrEnum):
    """What was given up because the question itself had no answer."""

    NOTHING = ""
    SPELLING = "spelling"
    DISTRICT = "district"
    FILTERS = "filters"
    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The answer. ``total`` stops at :data:`MOST_COUNTED` (``total_capped``); ``offset`` is the one really used.

    ``total`` counts what words match, mistyped ones too; ``listed`` is how many results can be paged through, those
    near in meaning included. ``understood`` tells what was read out of the text, ``place`` the name among it;
    ``shown_text`` is the text the results answer, which differs from the question's when ``relaxed`` says so.
    ``did_you_mean`` is empty or a better spelling, ``lost`` are the words no entry has, ``related`` what else might
    help. ``text_cut`` tells that only the beginning of the text was used.
    """

    total: int
    total_capped: bool
    offset: int
    limit: int
    took_ms: float
    results: tuple[Result, ...]
    shown_text: str = ""
    did_you_mean: str = ""
    lost: tuple[str, ...] = ()
    relaxed: Relaxed = Relaxed.NOTHING
    place: PlaceName | None = None
    understood: tuple[Understood, ...] = ()
    related: tuple[str, ...] = ()
    listed: int = 0
    text_cut: bool = False
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)


def on_earth(latitude: float, longitude: float) -> bool:
    """Tell whether the numbers are a latitude and a longitude; NaN and infinity are not."""
    return (
        math.isfinite(latitude)
        and math.isfinite(longitude)
        and abs(latitude) <= 90  # noqa: PLR2004 -- degrees from the equator to a pole.
        and abs(longitude) <= 180  # noqa: PLR2004 -- degrees from Greenwich to the date line.
    )


def box_around(point: tuple[float, float], radius_m: float) -> Bounds:
    """Return the rectangle that holds the circle of ``radius_m`` metres around ``point``."""
    latitude, longitude = point
    up = math.degrees(radius_m / EARTH_RADIUS_M)
    sideways = up / max(math.cos(math.radians(latitude)), 0.01)
    return Bounds(latitude - up, longitude - sideways, latitude + up, longitude + sideways)


def _sensible(bounds: Bounds) -> bool:
    return (
        on_earth(bounds.south, bounds.west)
        and on_earth(bounds.north, bounds.east)
        and bounds.south < bounds.north
        and bounds.west < bounds.east
    )
