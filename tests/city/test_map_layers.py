"""What the map is drawn from: complete, attributed, kept by browsers, and refused in plain words."""

from __future__ import annotations

import gzip
import json

import pytest
from django.test import Client

from stadtportal.kernel.city.models import Street

pytestmark = pytest.mark.usefixtures("tiny_city")


def test_districts_and_parks(client: Client) -> None:
    for path, names, attribution in (
        ("/karte/bezirke.json", ["Unten", "Oben"], "Bezirke: Stadt Kleinstadt, CC BY 4.0"),
        ("/karte/parks.json", ["Stadtpark"], ""),
    ):
        response = client.get(path)
        assert response.headers["Content-Type"] == "application/geo+json"
        document = json.loads(response.content)
        assert [feature["properties"]["name"] for feature in document["features"]] == names
        assert document["attribution"] == attribution


def test_a_browser_that_has_it_is_told_so(client: Client) -> None:
    first = client.get("/karte/bezirke.json")
    assert "max-age=3600" in first.headers["Cache-Control"]
    again = client.get("/karte/bezirke.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/karte/bezirke.json", headers={"If-None-Match": '"anders"'})
    assert other.status_code == 200


def test_it_is_packed_for_browsers_that_ask(client: Client) -> None:
    plain = client.get("/karte/bezirke.json")
    packed = client.get("/karte/bezirke.json", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_streets_of_a_part_of_the_map(client: Client) -> None:
    for number, (west, east) in enumerate(((9.18, 9.181), (9.30, 9.301))):
        Street.objects.create(
            name=f"Weg {number}", sort_name=f"weg {number}", source="osm", source_id=f"way/{number}",
            kind="residential", lines=[[[west, 48.77], [east, 48.77]]], lat=48.77, lon=west,
            south=48.77, north=48.77, west=west, east=east,
        )  # fmt: skip
    document = json.loads(client.get("/karte/strassen.json?bbox=9.17,48.76,9.19,48.78").content)
    assert document["attribution"] == "© OpenStreetMap-Mitwirkende, ODbL 1.0"
    assert document["features"] == [
        {
            "type": "Feature",
            "properties": {"name": "Weg 0", "kind": "residential"},
            "geometry": {"type": "MultiLineString", "coordinates": [[[9.18, 48.77], [9.181, 48.77]]]},
        }
    ]


@pytest.mark.parametrize(
    "bbox",
    ["", "1,2,3", "a,b,c,d", "9.2,48.7,9.1,48.8", "nan,1,2,3", "9,48,9.1,95", "8,48,10,49", "1,2,3,4,5", "inf,0,0,0"],
)
def test_a_part_of_the_map_that_makes_no_sense(client: Client, bbox: str) -> None:
    response = client.get("/karte/strassen.json", {"bbox": bbox})
    assert response.status_code == 400
    assert "bbox=West,Süd,Ost,Nord" in response.content.decode() or "zu groß" in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_map_only_reads(client: Client, method: str) -> None:
    assert getattr(client, method)("/karte/bezirke.json").status_code == 405


@pytest.mark.parametrize(
    "path", ["/karte/bezirke.json", "/karte/parks.json", "/karte/strassen.json?bbox=9.17,48.76,9.19,48.78"]
)
def test_one_query_each(client: Client, path: str, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django gives its fixture no type.
        client.get(path)
