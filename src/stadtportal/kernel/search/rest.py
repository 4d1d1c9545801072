"""Search over HTTP: ``search/`` and ``suggest/``. What each field means is described in ``docs/api.md``."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from stadtportal.kernel.contracts import RuleBroken
from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.queries import known
from stadtportal.kernel.search.rules.understanding import BERLIN, LANGUAGE_NAMES

router = Router(tags=["search"])

_LARGEST_RADIUS_M = 100_000
_MOST_EUROS = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{0,20})?|\.\d{1,20})")
_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
_AUDIENCE = r"^[^\W_]([^\W_]|[ -]){0,59}$"
#: A sentence that names more values than these is not read; ``known`` holds all of them.
_MOST_NAMED = 30
_LONGEST_ECHO = 60


class Unreadable(RuleBroken):
    """A filter does not have the form it needs."""

    status: ClassVar[int] = 422


class UnknownValue(RuleBroken):
    """A filter asks for something that does not exist here; ``known`` holds what does."""

    status: ClassVar[int] = 422

    def __init__(self, field: str, value: str, choices: list[str]) -> None:
        named = ", ".join(choices) if choices else "nichts"
        tail = f"Bekannt sind: {named}." if len(choices) <= _MOST_NAMED else "Was es gibt, steht in „known“."
        super().__init__(f"„{field}“ kennt „{value}“ nicht. {tail}", field=field)
        self.known = choices


def _read_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("Ein Tag wird als Jahr-Monat-Tag geschrieben, zum Beispiel 2026-11-23.") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"Ein Tag muss zwischen den Jahren {_FIRST_YEAR} und {_LAST_YEAR} liegen.")
    return day


_Day = Annotated[date | None, BeforeValidator(_read_day)]


class _Parameters(BaseModel):
    """What is empty in an address was not asked for, as in a form nobody filled in."""

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, data: Any) -> Any:  # noqa: ANN401 -- whatever the framework read.
        return {name: value for name, value in data.items() if value != ""} if isinstance(data, dict) else data


class SearchParameters(_Parameters):
    """One question, as its address says it."""

    q: str = Field("", description="What is looked for, in any language; 200 characters of it are used.")
    lang: str = Field("", pattern=_TAG, description="Language of the text, as `de` or `de-DE`.")
    area: str = Field("", description="Part of the portal, as `courses`.")
    kind: str = Field("", description="Kind of entry, as `place` or `course`.")
    category: str = Field("", description="Category by its slug.")
    district: str = Field("", description="District by its slug or name.")
    audience: str = Field("", pattern=_AUDIENCE, description="For whom it is, as `children` or `seniors`.")
    language: str = Field("", description="Language in which it is held or spoken, ISO 639-1.")
    near: str = Field("", description="`latitude,longitude` in degrees, as `48.7758,9.1829`.")
    radius: int | None = Field(None, ge=1, le=_LARGEST_RADIUS_M, description="Metres around `near`.")
    bounds: str = Field("", description="`south,west,north,east` in degrees, as `48.7,9.1,48.8,9.2`.")
    open_now: bool = Field(default=False, description="Only what is open at this moment.")
    accessible: bool = Field(default=False, description="Only what a wheelchair can reach.")
    max_price: float | None = Field(
        None, ge=0, le=_MOST_EUROS, allow_inf_nan=False, description="Highest price in euros; 0 is free."
    )
    from_on: _Day = Field(None, alias="from", description="First day of a next date.")
    to_on: _Day = Field(None, alias="to", description="Last day of a next date.")
    sort: search.Sort = Field(search.Sort.BEST, description="Order of the results.")
    limit: int = Field(20, ge=1, le=100, description="Results per answer.")
    offset: int = Field(0, ge=0, description="Results to leave out; behind the end the last page is answered.")


class SuggestParameters(_Parameters):
    """The beginning of a question."""

    q: str = Field("", description="What has been typed so far.")
    lang: str = Field("", pattern=_TAG, description="Language of the text, as `de` or `de-DE`.")
    limit: int = Field(8, ge=1, le=20, description="Suggestions at most.")


class UnderstoodPart(BaseModel):
    """Words of the question and what they were read as."""

    kind: str
    text: str
    title: str
    value: str


class FoundEntry(BaseModel):
    """One result; `id` stays the same, `url` is a path of this portal."""

    id: str
    source_id: str
    title: str
    url: str
    area: str
    kind: str
    snippet: str
    point: tuple[float, float] | None
    distance_m: int | None
    score: float
    category: str
    district: str
    address: str
    label: str
    next_at: datetime | None
    price_cents: int | None


class FacetCount(BaseModel):
    """One value the results can be narrowed to."""

    value: str
    title: str
    count: int


class SearchAnswer(BaseModel):
    """The answer to one question."""

    total: int
    total_capped: bool
    offset: int
    limit: int
    took_ms: float
    understood: list[UnderstoodPart]
    did_you_mean: str | None
    relaxed: str
    results: list[FoundEntry]
    facets: dict[str, list[FacetCount]]


class SuggestedText(BaseModel):
    """One suggestion; `url` is a path of this portal."""

    text: str
    kind: search.SuggestionKind
    url: str
    detail: str


class SuggestAnswer(BaseModel):
    """What might be meant by a text that is still being typed."""

    took_ms: float
    suggestions: list[SuggestedText]


@router.get(
    "/search/", response=SearchAnswer, operation_id="search", url_name="search", summary="Find anything in the city"
)
def find(request: HttpRequest, parameters: Query[SearchParameters]) -> HttpResponse:  # noqa: ARG001 -- ninja's signature.
    """Answer one question. Places, times, prices and the like in `q` are read as filters; `understood` tells which."""
    page = search.find(_query_of(parameters), now=timezone.now())
    districts = known.list_district_names()
    answer = SearchAnswer(
        total=page.total,
        total_capped=page.total_capped,
        offset=page.offset,
        limit=page.limit,
        took_ms=round(page.took_ms, 1),
        understood=[
            UnderstoodPart(kind=one.kind, text=one.text, title=one.title, value=one.value) for one in page.understood
        ],
        did_you_mean=page.did_you_mean or None,
        relaxed=page.relaxed,
        results=[_found(one) for one in page.results],
        facets={
            name: [
                FacetCount(
                    value=one.value, title=one.title or _facet_title(name, one.value, districts), count=one.count
                )
                for one in values
            ]
            for name, values in page.facets.items()
        },
    )
    return _answered(answer)


@router.get(
    "/suggest/",
    response=SuggestAnswer,
    operation_id="suggest",
    url_name="suggest",
    summary="Complete what is being typed",
)
def suggest(request: HttpRequest, parameters: Query[SuggestParameters]) -> HttpResponse:  # noqa: ARG001 -- ninja's signature.
    """Suggest categories, places, expressions of any language, and entries that begin with the text."""
    started = time.perf_counter()
    found = search.suggest(parameters.q, now=timezone.now(), lang=_language_of(parameters.lang), limit=parameters.limit)
    suggestions = [SuggestedText(text=one.text, kind=one.kind, url=one.url, detail=one.detail) for one in found]
    took_ms = round((time.perf_counter() - started) * 1000, 1)
    return _answered(SuggestAnswer(took_ms=took_ms, suggestions=suggestions))


def _answered(answer: BaseModel) -> HttpResponse:
    """Return the answer; its tag leaves out how long it took, so that the same answer has the same tag."""
    tag = hashlib.blake2b(answer.model_dump_json(exclude={"took_ms"}).encode(), digest_size=16).hexdigest()
    return HttpResponse(answer.model_dump_json(), content_type="application/json", headers={"ETag": f'W/"{tag}"'})


def _query_of(parameters: SearchParameters) -> search.SearchQuery:
    """Return the query. Raises a refusal for what no query can ask."""
    if parameters.from_on and parameters.to_on and parameters.from_on > parameters.to_on:
        raise search.BadQuestion("Der erste Tag liegt nach dem letzten.", field="from")
    price = parameters.max_price
    return search.SearchQuery(
        text=parameters.q,
        lang=_language_of(parameters.lang),
        area=_checked("area", parameters.area, known.list_areas),
        kind=_checked("kind", parameters.kind, known.list_kinds),
        category=_checked("category", parameters.category, known.list_category_slugs),
        district=_checked("district", known.find_district(parameters.district), known.list_district_names),
        audience=parameters.audience,
        language=_checked("language", parameters.language.lower(), lambda: LANGUAGE_NAMES),
        near=_point(parameters.near),
        radius_m=parameters.radius,
        bounds=_bounds(parameters.bounds),
        open_now=parameters.open_now,
        accessible=parameters.accessible,
        max_price_cents=None if price is None else round(price * 100),
        from_on=parameters.from_on,
        to_on=parameters.to_on,
        sort=parameters.sort,
        limit=parameters.limit,
        offset=parameters.offset,
    )


def _checked(field: str, value: str, choices: Callable[[], Collection[str]]) -> str:
    """Return the value, if it is one of the choices or empty. Raises :class:`UnknownValue`."""
    if value and value not in (there := choices()):
        raise UnknownValue(field, search.clean(value, longest=_LONGEST_ECHO).text, sorted(there))
    return value


def _point(text: str) -> tuple[float, float] | None:
    """Read a point. Raises :class:`Unreadable`."""
    match _numbers(text):
        case []:
            return None
        case [latitude, longitude]:
            return latitude, longitude
    raise Unreadable("„near“ braucht Breite und Länge in Grad, zum Beispiel 48.7758,9.1829.", field="near")


def _bounds(text: str) -> search.Bounds | None:
    """Read a rectangle. Raises :class:`Unreadable`."""
    match _numbers(text):
        case []:
            return None
        case [south, west, north, east]:
            return search.Bounds(south, west, north, east)
    sentence = "„bounds“ braucht Süden, Westen, Norden und Osten in Grad, zum Beispiel 48.7,9.1,48.8,9.2."
    raise Unreadable(sentence, field="bounds")


def _numbers(text: str) -> list[float] | None:
    """Return the numbers between commas, none of an empty text, and ``None`` when something else stands there."""
    parts = [part.strip() for part in text.split(",")] if text else []
    return [float(part) for part in parts] if all(_NUMBER.fullmatch(part) for part in parts) else None


def _language_of(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _found(one: search.Result) -> FoundEntry:
    return FoundEntry(
        id=f"{one.area}:{one.kind}:{one.key}",
        source_id=one.source_id,
        title=one.title,
        url=one.url,
        area=one.area,
        kind=one.kind,
        snippet=one.summary,
        point=one.point,
        distance_m=one.distance_m,
        score=one.score,
        category=one.category,
        district=one.district,
        address=one.address,
        label=one.label,
        next_at=one.next_at.astimezone(BERLIN) if one.next_at else None,
        price_cents=one.price_cents,
    )


def _facet_title(name: str, value: str, districts: Mapping[str, str]) -> str:
    """Return how people read a value that the index holds without a title."""
    if name == "district":
        return districts.get(value, value)
    return LANGUAGE_NAMES.get(value, value) if name == "language" else value
