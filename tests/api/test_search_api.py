"""Search and suggestions over HTTP: every field as promised in ``docs/api.md``, and an answer to whatever is asked."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stadtportal.kernel.search import api as search
from tests.api.conftest import Ask
from tests.search.conftest import CANNSTATT, draft

pytestmark = pytest.mark.django_db

ANSWER = {"total", "total_capped", "offset", "limit", "took_ms", "understood", "did_you_mean", "relaxed", "results",
          "facets"}  # fmt: skip


@pytest.fixture(autouse=True)
def _town(town: None) -> None:
    """Build the town."""


def test_an_answer_holds_every_field_and_nothing_else(ask: Ask) -> None:
    at = timezone.now() + timedelta(days=3)
    search.put(
        draft(
            "einhorn",
            "Einhornreiten",
            kind="course",
            summary="Reiten auf dem Einhorn.",
            district="bad-cannstatt",
            address="Marktplatz 1",
            point=CANNSTATT,
            category="reiten",
            category_title="Reiten",
            source_id="osm:node/7",
            label="Beispiel",
            next_at=at,
            price_cents=1250,
            languages=("de", "tr"),
            audience=("children",),
            accessible=True,
        )
    )
    status, body = ask("search/", q="Einhornreiten", near="48.805,9.214", unheard_of="ignored")
    assert status == 200
    assert set(body) == ANSWER
    assert body.pop("took_ms") > 0
    score = body["results"][0].pop("score")
    assert isinstance(score, float)
    assert score > 0
    assert body["results"][1:] == []
    assert body == {
        "total": 1,
        "total_capped": False,
        "offset": 0,
        "limit": 20,
        "understood": [],
        "did_you_mean": None,
        "relaxed": "",
        "results": [
            {
                "id": "probe:course:einhorn",
                "source_id": "osm:node/7",
                "title": "Einhornreiten",
                "url": "/orte/einhorn/",
                "area": "probe",
                "kind": "course",
                "snippet": "Reiten auf dem Einhorn.",
                "point": [48.805, 9.214],
                "distance_m": 0,
                "category": "reiten",
                "district": "bad-cannstatt",
                "address": "Marktplatz 1",
                "label": "Beispiel",
                "next_at": at.astimezone(timezone.get_default_timezone()).isoformat(),
                "price_cents": 1250,
            }
        ],
        "facets": {
            "kind": [{"value": "course", "title": "course", "count": 1}],
            "category": [{"value": "reiten", "title": "Reiten", "count": 1}],
            "district": [{"value": "bad-cannstatt", "title": "Bad Cannstatt", "count": 1}],
            "audience": [{"value": "children", "title": "children", "count": 1}],
            "language": [
                {"value": "de", "title": "Deutsch", "count": 1},
                {"value": "tr", "title": "Türkisch", "count": 1},
            ],
            "accessible": [{"value": "1", "title": "1", "count": 1}],
        },
    }


def test_what_is_unknown_is_null(ask: Ask) -> None:
    _, body = ask("search/", q="Lesung", limit="1")
    result = body["results"][0]
    assert [name for name, value in result.items() if value is None] == [
        "point",
        "distance_m",
        "next_at",
        "price_cents",
    ]


def test_places_in_the_text_are_understood(ask: Ask) -> None:
    _, body = ask("search/", q="Yoga in Bad Cannstatt")
    assert body["understood"] == [
        {"kind": "place", "text": "in Bad Cannstatt", "title": "in Bad Cannstatt", "value": "bad-cannstatt"}
    ]
    assert [one["id"] for one in body["results"]] == ["probe:place:yoga-haus"]


def test_another_spelling_is_said(ask: Ask) -> None:
    search.put(draft("krokodil", "Krokodilhaus"))
    _, body = ask("search/", q="Krokodihlaus")
    assert body["did_you_mean"] == "krokodilhaus"
    assert body["relaxed"] == "spelling"
    assert body["results"][0]["id"] == "probe:place:krokodil"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"district": "west"}, {"haus-yoga", "lesung"}),
        ({"district": "Bad Cannstatt", "kind": "place"}, {"yoga-haus", "bad", "amt"}),
        ({"kind": "course"}, {"kurs", "gratis"}),
        ({"area": "probe", "category": "yoga"}, {"yoga", "yoga-haus"}),
        ({"kind": "course", "max_price": "0"}, {"gratis"}),
        ({"kind": "course", "max_price": "12.00"}, {"kurs", "gratis"}),
        ({"kind": "course", "max_price": "11.99"}, {"gratis"}),
        ({"accessible": "true"}, {"gratis"}),
        ({"audience": "adults"}, {"kurs"}),
        ({"near": "48.776,9.178", "radius": "400"}, {"yoga", "studio", "cafe"}),
        ({"bounds": "48.79,9.2,48.81,9.22"}, {"yoga-haus", "bad"}),
    ],
)
def test_filters_narrow_the_results(ask: Ask, fields: dict[str, str], expected: set[str]) -> None:
    status, body = ask("search/", **fields)
    assert status == 200
    assert {one["id"].rpartition(":")[2] for one in body["results"]} == expected
    assert body["relaxed"] == ""
    assert body["total"] == len(expected)


def test_only_what_is_open_now(ask: Ask, opening_check: None) -> None:  # noqa: ARG001 -- hours are "always" or "never".
    search.put(draft("auf", "Kiosk Auf", opening_hours="always"), draft("zu", "Kiosk Zu", opening_hours="never"))
    _, body = ask("search/", q="Kiosk", open_now="1")
    assert [one["id"] for one in body["results"]] == ["probe:place:auf"]


def test_dates_and_orders(ask: Ask) -> None:
    now = timezone.now()
    search.put(
        *(
            draft(f"lauf{days}", f"Nachtlauf {days}", next_at=now + timedelta(days=days), price_cents=100 - days)
            for days in (1, 5, 9)
        )
    )
    first, last = ((now + timedelta(days=days)).date().isoformat() for days in (4, 6))

    def found(**fields: str) -> list[str]:
        return [one["title"] for one in ask("search/", q="Nachtlauf", **fields)[1]["results"]]

    assert found(**{"from": first, "to": last}) == ["Nachtlauf 5"]
    assert found(sort="date") == ["Nachtlauf 1", "Nachtlauf 5", "Nachtlauf 9"]
    assert found(sort="price") == ["Nachtlauf 9", "Nachtlauf 5", "Nachtlauf 1"]
    assert found(sort="title", limit="1", offset="1") == ["Nachtlauf 5"]


def test_empty_fields_are_not_asked_for(ask: Ask) -> None:
    empty = dict.fromkeys(
        ["lang", "area", "kind", "category", "district", "audience", "language", "near", "radius", "bounds", "open_now",
         "accessible", "max_price", "from", "to", "sort", "limit", "offset"],
        "",
    )  # fmt: skip
    status, body = ask("search/", q="Mineralbad", **empty)
    plain = ask("search/", q="Mineralbad")[1]
    assert (status, body | {"took_ms": 0}) == (200, plain | {"took_ms": 0})


@pytest.mark.parametrize("offset", ["10", "1000", "99999999999999999999999999"])
def test_behind_the_end_the_last_page_is_answered_and_said(ask: Ask, offset: str) -> None:
    status, body = ask("search/", limit="4", offset=offset)
    assert (status, body["total"], body["offset"], len(body["results"])) == (200, 10, 8, 2)


@pytest.mark.parametrize(
    ("fields", "status", "field", "sentence"),
    [
        ({"near": "48.7"}, 422, "near", "„near“ braucht Breite und Länge in Grad, zum Beispiel 48.7758,9.1829."),
        ({"near": "a,b"}, 422, "near", "„near“ braucht Breite und Länge in Grad, zum Beispiel 48.7758,9.1829."),
        ({"near": "nan,9"}, 422, "near", "„near“ braucht Breite und Länge in Grad, zum Beispiel 48.7758,9.1829."),
        ({"near": "1,2,3"}, 422, "near", "„near“ braucht Breite und Länge in Grad, zum Beispiel 48.7758,9.1829."),
        (
            {"near": "91,9"},
            400,
            "near",
            "Diesen Punkt gibt es nicht. Erwartet werden geografische Breite und Länge in Grad.",
        ),
        (
            {"bounds": "1,2,3"},
            422,
            "bounds",
            "„bounds“ braucht Süden, Westen, Norden und Osten in Grad, zum Beispiel 48.7,9.1,48.8,9.2.",
        ),
        ({"bounds": "49,9,48,10"}, 400, "bounds", "Dieser Kartenausschnitt ist leer."),
        ({"radius": "0"}, 422, "radius", "„radius“ muss mindestens 1 sein."),
        ({"radius": "100001"}, 422, "radius", "„radius“ darf höchstens 100000 sein."),
        ({"district": "x"}, 422, "district", "„district“ kennt „x“ nicht. Bekannt sind: bad-cannstatt, mitte, west."),
        ({"kind": "x'; DROP"}, 422, "kind", "„kind“ kennt „x'; DROP“ nicht. Bekannt sind: course, place."),
        ({"category": "\x00"}, 422, "category", "„category“ kennt „“ nicht. Bekannt sind: yoga."),
        ({"from": "gestern"}, 422, "from", "Ein Tag wird als Jahr-Monat-Tag geschrieben, zum Beispiel 2026-11-23."),
        ({"to": "9999-12-31"}, 422, "to", "Ein Tag muss zwischen den Jahren 2000 und 2100 liegen."),
        ({"from": "2026-12-02", "to": "2026-12-01"}, 400, "from", "Der erste Tag liegt nach dem letzten."),
        ({"limit": "0"}, 422, "limit", "„limit“ muss mindestens 1 sein."),
        ({"limit": "101"}, 422, "limit", "„limit“ darf höchstens 100 sein."),
        ({"limit": "viele"}, 422, "limit", "„limit“ muss eine ganze Zahl sein."),
        ({"offset": "-1"}, 422, "offset", "„offset“ muss mindestens 0 sein."),
        ({"max_price": "-1"}, 422, "max_price", "„max_price“ muss mindestens 0 sein."),
        ({"max_price": "inf"}, 422, "max_price", "„max_price“ muss eine Zahl sein."),
        ({"open_now": "vielleicht"}, 422, "open_now", "„open_now“ muss true oder false sein."),
        ({"sort": "egal"}, 422, "sort", "„sort“ kennt nur: best, near, date, price oder title."),
        ({"lang": "%%"}, 422, "lang", "„lang“ ist so nicht lesbar."),
        ({"audience": "a'b"}, 422, "audience", "„audience“ ist so nicht lesbar."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(ask: Ask, fields: dict[str, str], status: int, field: str, sentence: str) -> None:
    answered, body = ask("search/", q="Yoga", **fields)
    assert (answered, body["field"], body["error"]) == (status, field, sentence)


def test_unknown_values_come_with_the_known_ones(ask: Ask) -> None:
    assert ask("search/", kind="x")[1]["known"] == ["course", "place"]
    assert ask("search/", area="x")[1]["known"] == ["courses", "demo", "directory", "portal", "probe", "townhall"]
    assert "de" in ask("search/", language="xx")[1]["known"]


def test_every_unreadable_field_is_named(ask: Ask) -> None:
    _, body = ask("search/", limit="x", offset="y")
    assert body == {
        "error": "„limit“ muss eine ganze Zahl sein.",
        "field": "limit",
        "fields": [
            {"field": "limit", "error": "„limit“ muss eine ganze Zahl sein."},
            {"field": "offset", "error": "„offset“ muss eine ganze Zahl sein."},
        ],
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yoga " * 2000,
        "y" * 10_000,
        "\x00\x01\x1f",
        "\u202eagoy\u202c",
        "😀🧘",
        "'; DROP TABLE search_entry; --",
        "yoga & (haus | !west) <-> :*",
        "\\",
        "'",
        "%_%",
        "ﷺ" * 300,
        "\ud800",
    ],
)
def test_any_text_is_answered(ask: Ask, text: str) -> None:
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for path in ("search/", "suggest/"):
        status, body = ask(path, q=text)
        assert status == 200
        assert set(body) in ({"took_ms", "suggestions"}, ANSWER)


def test_suggestions_hold_every_field_and_nothing_else(ask: Ask) -> None:
    status, body = ask("suggest/", q="bad cann", lang="de-DE", limit="1")
    assert status == 200
    assert body.pop("took_ms") >= 0
    assert body == {
        "suggestions": [
            {"text": "Bad Cannstatt", "kind": "place", "url": "/suche/?bezirk=bad-cannstatt", "detail": "Stadtbezirk"}
        ]
    }
    assert ask("suggest/", q="a", limit="21")[1]["error"] == "„limit“ darf höchstens 20 sein."


def test_the_same_answer_has_the_same_tag_and_is_not_sent_twice(client: Client) -> None:
    first = client.get("/api/v1/search/", {"q": "Yoga"})
    assert first["Cache-Control"] == "public, max-age=60"
    again = client.get("/api/v1/search/", {"q": "Yoga"}, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    other = client.get("/api/v1/search/", {"q": "Lesung"}, headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert json.loads(other.content)["results"] != []


@pytest.mark.parametrize("entries", [1, 3])
def test_results_cost_the_same_statements_however_many_there_are(
    ask: Ask, entries: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    search.put(*(draft(f"iltis{number}", "Iltisbau", point=CANNSTATT) for number in range(entries)))
    ask("search/", q="Iltisbau", kind="place")
    with django_assert_max_num_queries(6):
        assert len(ask("search/", q="Iltisbau", kind="place", limit=str(entries))[1]["results"]) == entries
