"""A small town in which every test knows each entry."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import Area, EntryDraft, PlaceName, registry
from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.queries.counts import forget_counts

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CANNSTATT = (48.805, 9.214)
MITTE = (48.776, 9.178)
PLACES = (
    PlaceName("Stuttgart", "city", "", MITTE),
    PlaceName("Bad Cannstatt", "district", "bad-cannstatt", CANNSTATT),
    PlaceName("Mitte", "district", "mitte", MITTE),
    PlaceName("West", "district", "west", (48.775, 9.155)),
    PlaceName("Königstraße", "street", "mitte", (48.7785, 9.1795)),
    PlaceName("70372", "postcode", "bad-cannstatt", CANNSTATT),
)


def draft(key: str, title: str, **fields: Any) -> EntryDraft:  # noqa: ANN401 -- the fields of a draft.
    kind = fields.pop("kind", "place")
    return EntryDraft(area="probe", kind=kind, key=key, title=title, url=f"/orte/{key}/", **fields)


TOWN = (
    draft("yoga", "Yoga", words="Entspannung", district="mitte", point=MITTE, category="yoga", category_title="Yoga"),
    draft("yoga-haus", "Yoga Haus", district="bad-cannstatt", point=CANNSTATT, category="yoga", category_title="Yoga"),
    draft("haus-yoga", "Haus für Yoga", district="west", point=(48.775, 9.155)),
    draft("studio", "Studio Lotus", words="Yoga Pilates", district="mitte", point=(48.779, 9.18)),
    draft("cafe", "Café Königsbau", summary="Kuchen, danach Yoga nebenan", district="mitte", point=(48.7784, 9.1793)),
    draft("lesung", "Lesung", body="Ein Abend über Yoga und andere Wege.", district="west"),
    draft("bad", "Mineralbad", words="Schwimmbad Schwimmbäder", district="bad-cannstatt", point=(48.8, 9.21)),
    draft("amt", "Bürgerbüro Bad Cannstatt", words="Ausweis", district="bad-cannstatt", weight=50),
    draft(
        "kurs",
        "Rücken stark machen",
        kind="course",
        words="Kurse Rückenkurse",
        district="bad-cannstatt",
        next_at=NOW + timedelta(days=2),
        price_cents=1200,
        audience=("adults",),
    ),
    draft(
        "gratis",
        "Laufen im Park",
        kind="course",
        words="Kurs",
        district="mitte",
        next_at=NOW + timedelta(days=1),
        price_cents=0,
        accessible=True,
    ),
)


@pytest.fixture
def gazetteer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_gazetteer", lambda: PLACES)
    search.forget_places()
    yield
    search.forget_places()


@pytest.fixture
def town(db: None, gazetteer: None) -> None:  # noqa: ARG001 -- entries are rows, names come from the gazetteer.
    forget_counts()
    search.put(*TOWN)


@pytest.fixture
def keys(town: None) -> Callable[..., list[str]]:  # noqa: ARG001 -- asks about the town.
    """Return a function that asks and gives the keys of the results in their order."""

    def ask(text: str = "", **fields: Any) -> list[str]:  # noqa: ANN401 -- the fields of a query.
        page = search.find(search.SearchQuery(text=text, **fields), now=NOW)
        return [found.key for found in page.results]

    return ask


@pytest.fixture
def probe_area(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that makes an area with these entries the only one installed."""

    def install(entries: Callable[[], Any]) -> None:
        area = Area(slug="probe", title="Probe", icon="info", mounts={}, entries=entries)
        monkeypatch.setattr(registry, "_areas", {"probe": area})

    return install


@pytest.fixture
def opening_check() -> Iterator[None]:
    """Let hours be ``always`` or ``never``; afterwards the city reads them again."""
    search.set_opening_check(lambda hours, _begins, _ends: hours == "always")
    yield
    search.set_opening_check(city.is_open_within)
