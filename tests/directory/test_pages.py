"""What people read on the pages of places and of those who run them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from stadtportal.areas.directory import queries
from stadtportal.kernel.city import api as city
from tests.pages import page, text

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=city.BERLIN)


@pytest.fixture(autouse=True)
def monday_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Monday, 23 November 2026, noon."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON)


def linked_data(html: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return dict(json.loads(found[0]))


@pytest.mark.usefixtures("tiny_city")
def test_a_place_says_everything_it_knows(client: Client) -> None:
    html = page(client, "/orte/cafe-ueberblick/")
    said = text(html)
    assert html.count("<h1>") == 1
    assert "<h1>Café Überblick</h1>" in html
    assert "Jetzt geöffnet bis 18 Uhr" in said
    assert "Montag (heute) 8:15 bis 18 Uhr Dienstag 8:15 bis 18 Uhr" in said
    assert "Samstag geschlossen Sonntag geschlossen" in said
    assert "Adresse Hangweg 3 70001 Kleinstadt" in said
    assert '<a href="tel:+497112160">0711 216-0</a>' in html
    assert '<a href="https://cafe.example.org" rel="external noopener nofollow">cafe.example.org</a>' in html
    assert '<a href="mailto:cafe@example.org">' in html
    assert "Mit dem Rollstuhl zugänglich Toilette für Menschen im Rollstuhl vorhanden" in said
    assert '<a href="/anbieter/stadt-kleinstadt/">Stadt Kleinstadt</a>' in html
    assert "© OpenStreetMap-Mitwirkende, ODbL 1.0. Lizenz: ODbL 1.0 . Stand: 17. Juli 2026." in said
    assert "Stimmt etwas nicht? Rufen Sie die 115 an" in said
    assert 'href="https://www.openstreetmap.org/node/11"' in html
    assert "data-map" in html
    assert '<link rel="canonical" href="http://testserver/orte/cafe-ueberblick/">' in html
    assert '<a href="/orte/kategorie/cafe/">Cafés</a>' in html


@pytest.mark.usefixtures("tiny_city")
def test_what_is_not_known_is_said(client: Client) -> None:
    said = text(page(client, "/orte/stadtpark/"))
    assert "Öffnungszeiten bitte beim Haus erfragen" in said
    assert "Unten, Kleinstadt Eine Anschrift ist nicht bekannt; der Punkt steht auf der Karte." in said
    assert "Ob der Ort mit dem Rollstuhl zugänglich ist, wissen wir nicht." in said


@pytest.mark.usefixtures("tiny_city")
def test_hours_nobody_can_read_are_shown_as_they_are(client: Client) -> None:
    html = page(client, "/orte/buecherei-ohne-punkt/")
    assert "Öffnungszeiten bitte beim Haus erfragen. So steht es in der Quelle" in text(html)
    assert "„nach Laune“" in html
    assert "data-map" not in html


@pytest.mark.usefixtures("tiny_city")
def test_hours_on_a_holiday(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 1, 6, 12, 0, tzinfo=city.BERLIN))
    said = text(page(client, "/orte/cafe-ueberblick/"))
    assert "Geschlossen, öffnet morgen um 8:15 Uhr" in said
    assert "Mittwoch (heute) Heilige Drei Könige geschlossen" in said


@pytest.mark.usefixtures("tiny_city")
def test_a_place_describes_itself_to_machines(client: Client) -> None:
    data = linked_data(page(client, "/orte/cafe-ueberblick/"))
    hours = data.pop("openingHoursSpecification")
    assert data == {
        "@context": "https://schema.org",
        "@type": "CafeOrCoffeeShop",
        "@id": "http://testserver/orte/cafe-ueberblick/",
        "name": "Café Überblick",
        "url": "http://testserver/orte/cafe-ueberblick/",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "Hangweg 3",
            "postalCode": "70001",
            "addressLocality": "Kleinstadt",
            "addressCountry": "DE",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 48.785, "longitude": 9.185},
        "amenityFeature": {
            "@type": "LocationFeatureSpecification",
            "name": "wheelchair accessible",
            "value": True,
        },
        "telephone": "+497112160",
        "email": "cafe@example.org",
        "sameAs": "https://cafe.example.org",
    }
    assert hours[0] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "Monday",
        "opens": "08:15",
        "closes": "18:00",
        "validFrom": "2026-11-23",
        "validThrough": "2026-11-23",
    }
    assert len(hours) == 5


@pytest.mark.usefixtures("tiny_city")
def test_a_hostile_name_stays_text(client: Client) -> None:
    name = '</script><script>alert(1)</script><img src=x onerror="alert(2)">&'
    city.put_place(slug="boese", name=name, tags={"operator": "<i>x</i>"}, opening_hours='Mo "<b>y</b>"')
    html = page(client, "/orte/boese/")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<i>x</i>" not in html
    assert "<b>y</b>" not in html
    assert linked_data(html)["name"] == name


@pytest.mark.usefixtures("tiny_city")
def test_places_of_elsewhere_say_so(client: Client) -> None:
    city.put_place(slug="printe", name="Printe", city_name="Aachen", label="Beispieldaten")
    said = text(page(client, "/orte/printe/"))
    assert "Aachen: Beispieldaten" in said
    assert "Dieser Ort liegt nicht in" in said


@pytest.mark.usefixtures("studio")
def test_an_example_provider_is_marked_and_shows_its_offers(client: Client) -> None:
    for path in ("/anbieter/studio-neckar/", "/orte/studio-neckar-oben/"):
        html = page(client, path)
        assert '<span class="example">Beispiel</span>' in html
        assert "Diesen Anbieter gibt es nicht." in text(html)
        assert html.index("/kurse/bald/") < html.index("/kurse/spaeter/")
        assert "/kurse/vorbei/" not in html
        assert "/kurse/fremd/" not in html
        assert "12,50" in html
    html = page(client, "/anbieter/studio-neckar/")
    assert '<a href="tel:+4971155512">0711 555 12</a>' in html
    assert '<a href="/orte/studio-neckar-oben/">Studio Neckar Oben</a>' in html
    assert linked_data(html)["@type"] == "Organization"


@pytest.mark.usefixtures("tiny_city")
@pytest.mark.parametrize(
    "path",
    [
        "/orte/gibt-es-nicht/",
        "/anbieter/gibt-es-nicht/",
        "/orte/kategorie/gibt-es-nicht/",
        "/orte/kategorie/cafe/?seite=2",
        "/orte/kategorie/cafe/?seite=0",
        "/orte/kategorie/cafe/?seite=-1",
        "/orte/kategorie/cafe/?seite=%D9%A1",
        "/orte/kategorie/cafe/?seite=99999999999999999999",
        "/anbieter/?seite=2",
        "/anbieter/?buchstabe=aa",
        "/anbieter/?buchstabe=%C3%A4",
    ],
)
def test_what_does_not_exist(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


@pytest.mark.usefixtures("tiny_city")
def test_a_place_that_left_is_gone(client: Client) -> None:
    city.remove_place(slug="stadtpark")
    response = client.get("/orte/stadtpark/")
    assert response.status_code == 404
    assert "Diesen Ort gibt es nicht oder nicht mehr." in response.content.decode()


@pytest.mark.usefixtures("tiny_city")
def test_the_categories_that_hold_places(client: Client) -> None:
    html = page(client, "/orte/")
    assert '<a href="/orte/kategorie/cafe/">Cafés</a> <span class="muted">1</span>' in html
    assert "/orte/kategorie/tennis/" not in html


@pytest.mark.usefixtures("tiny_city")
def test_a_category_holds_those_below_it(client: Client) -> None:
    html = page(client, "/orte/kategorie/essen/")
    assert '<a href="/orte/cafe-ueberblick/">Café Überblick</a>' in html
    assert "1 Ort von A bis Z" in text(html)
    assert "Noch" not in text(html)
    assert "Hier ist noch kein Ort eingetragen." in text(page(client, "/orte/kategorie/tennis/"))


@pytest.mark.usefixtures("tiny_city")
def test_long_lists_come_in_pages_in_the_german_order(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for slug, name in (("z", "Zoo-Café"), ("o", "Öse"), ("p", "Ofen")):
        city.put_place(slug=slug, name=name, category="cafe")
    names = [
        re.findall(r'href="/orte/[a-z-]+/">(.*?)</a>', page(client, f"/orte/kategorie/cafe/?seite={n}")) for n in (1, 2)
    ]
    assert [[name for name in one if name != "Kategorien"] for one in names] == [
        ["Café Überblick", "Ofen"],
        ["Öse", "Zoo-Café"],
    ]
    assert "Seite 2 von 2" in text(page(client, "/orte/kategorie/cafe/?seite=2"))


@pytest.mark.usefixtures("studio")
def test_providers_from_a_to_z(client: Client) -> None:
    city.put_organisation(slug="aerzte", name="Ärztehaus")
    city.put_organisation(slug="zahl", name="1. Verein")
    html = page(client, "/anbieter/")
    order = [
        html.index(slug)
        for slug in ("/anbieter/zahl/", "/anbieter/aerzte/", "/anbieter/stadt-kleinstadt/", "/anbieter/studio-neckar/")
    ]
    assert order == sorted(order)
    html = page(client, "/anbieter/?buchstabe=a")
    assert "Ärztehaus" in html
    assert "Studio Neckar" not in html
    assert "1. Verein" in page(client, "/anbieter/?buchstabe=0")
    assert "Hier steht noch kein Anbieter." in text(page(client, "/anbieter/?buchstabe=q"))


@pytest.mark.usefixtures("studio")
@pytest.mark.parametrize(
    ("path", "queries_made"),
    [
        ("/orte/cafe-ueberblick/", 4),
        ("/anbieter/studio-neckar/", 3),
        ("/orte/", 1),
        ("/orte/kategorie/cafe/", 4),
        ("/anbieter/", 3),
    ],
)
def test_pages_ask_as_often_for_three_as_for_one(
    client: Client, path: str, queries_made: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page(client, path)
    with django_assert_num_queries(queries_made):
        page(client, path)
    for number in range(3):
        city.put_organisation(slug=f"mehr-{number}", name=f"Mehr {number}")
        city.put_place(
            slug=f"mehr-{number}",
            name=f"Mehr {number}",
            category="cafe",
            organisation="studio-neckar",
            point=(48.785, 9.185),
        )
    page(client, path)
    with django_assert_num_queries(queries_made):
        page(client, path)


@pytest.mark.usefixtures("tiny_city")
@pytest.mark.parametrize("path", ["/orte/", "/orte/stadtpark/", "/anbieter/", "/orte/kategorie/cafe/"])
def test_the_directory_only_reads(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
