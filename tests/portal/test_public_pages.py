"""What everybody sees without signing in."""

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stadtportal.areas.portal.queries import sitemap
from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.search import api as search

from .conftest import CANNSTATT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("entries")]


def read(visitor: Client, path: str, **fields: str) -> str:
    """Return the words of a page as one line, without its tags."""
    answer = visitor.get(path, fields)
    assert answer.status_code == 200, answer.content[:500]
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def titles(visitor: Client, **fields: str) -> list[str]:
    answer = visitor.get("/suche/", fields)
    assert answer.status_code == 200
    found: list[str] = re.findall(r'class="result__title"><a href="[^"]*">([^<]*)</a>', answer.content.decode())
    return found


def test_the_front_page_offers_search_themes_districts_and_figures(visitor: Client) -> None:
    page = visitor.get("/").content.decode()
    assert page.count('name="q"') == 1
    assert 'href="/suche/?kategorie=sport"' in page
    assert 'href="/bezirk/bad-cannstatt/"' in page
    words = read(visitor, "/")
    assert "Was suchen Sie in Stuttgart?" in words
    assert "Einträge 3 alles, was die Suche findet" in words
    assert "Ihre Daten gehören Ihnen" in words


def test_a_result_tells_kind_place_hours_date_and_price(visitor: Client) -> None:
    words = read(visitor, "/suche/", q="Yoga")
    assert "2 Treffer für „Yoga“" in words
    assert (
        "Ort · Yoga Yoga Haus Marktstraße 1, 70372 Stuttgart (Bad Cannstatt) rund um die Uhr geöffnet"
        " mit dem Rollstuhl zugänglich" in words
    )
    course = r"Kurs · Yoga Beispiel Yoga am Abend Mitte nächster Termin: morgen, \d\d:\d\d Uhr ab 12,50\s€"
    assert re.search(course, words)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"q": "yoga", "bezirk": "mitte"}, ["Yoga am Abend"]),
        ({"kategorie": "yoga", "sortierung": "name"}, ["Yoga am Abend", "Yoga Haus"]),
        ({"kategorie": "sport"}, ["Mineralbad &lt;Leuze&gt;", "Yoga am Abend", "Yoga Haus"]),
        ({"art": "course"}, ["Yoga am Abend"]),
        ({"offen": "1"}, ["Yoga Haus"]),
        ({"barrierefrei": "1"}, ["Yoga Haus"]),
        ({"preis": "12,50"}, ["Yoga am Abend"]),
        ({"ort": "48.805,9.214", "umkreis": "300"}, ["Yoga Haus"]),
        ({"ort": "48.805,9.214", "sortierung": "naehe"}, ["Yoga Haus", "Mineralbad &lt;Leuze&gt;", "Yoga am Abend"]),
        ({"q": "Yoga", "von": "2020-01-01", "sortierung": "datum"}, ["Yoga am Abend"]),
        ({"kategorie": "yoga", "sortierung": "preis"}, ["Yoga am Abend", "Yoga Haus"]),
        ({"karte": "48.80,9.21,48.81,9.22", "sortierung": "name"}, ["Mineralbad &lt;Leuze&gt;", "Yoga Haus"]),
        ({"karte": "48.803,9.21,48.81,9.22"}, ["Yoga Haus"]),
        ({"fuer": "children"}, ["Yoga am Abend"]),
        ({"sprache": "tr"}, ["Yoga am Abend"]),
    ],
)
def test_every_filter_of_the_form_works_by_its_address(
    visitor: Client, fields: dict[str, str], found: list[str]
) -> None:
    assert titles(visitor, **fields) == found


def test_each_filter_can_be_taken_back_alone(visitor: Client) -> None:
    page = visitor.get("/suche/", {"q": "Yoga", "bezirk": "mitte", "art": "course"}).content.decode()
    assert 'href="/suche/?q=Yoga&amp;art=course">in Mitte' in page
    assert 'href="/suche/?q=Yoga&amp;bezirk=mitte">Kurse' in page
    assert 'href="/suche/?q=Yoga">Alle Filter entfernen' in page
    assert '<option value="mitte" selected>' in page
    assert '<input type="hidden" name="art" value="course">' in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"bezirk": "atlantis"}, "Den Stadtbezirk „atlantis“ kennen wir nicht."),
        ({"kategorie": "drachen"}, "Die Kategorie „drachen“ kennen wir nicht."),
        ({"art": "a b"}, "Die Art „a b“ kennen wir nicht."),
        ({"preis": "viel"}, "Den Preis „viel“ konnten wir nicht lesen."),
        ({"von": "gestern"}, "Das Datum „gestern“ konnten wir nicht lesen."),
        ({"bis": "9999-99-99"}, "Das Datum „9999-99-99“ konnten wir nicht lesen."),
        ({"ort": "nan,9"}, "Den Ort in der Adresse konnten wir nicht lesen."),
        ({"ort": "48.8"}, "Den Ort in der Adresse konnten wir nicht lesen."),
        ({"ort": "48.8,9.2", "umkreis": "-5"}, "Den Umkreis konnten wir nicht lesen."),
        ({"ort": "48.8,9.2", "umkreis": "99999999999999"}, "Den Umkreis konnten wir nicht lesen."),
        ({"karte": "48.7,9.1,48.8"}, "Den Kartenausschnitt in der Adresse konnten wir nicht lesen."),
        ({"karte": "48.8,9.1,48.7,9.2"}, "Den Kartenausschnitt in der Adresse konnten wir nicht lesen."),
        ({"karte": "nan,9.1,48.8,9.2"}, "Den Kartenausschnitt in der Adresse konnten wir nicht lesen."),
        ({"fuer": "Katzen"}, "Für wen „Katzen“ sein soll, wissen wir nicht."),
        ({"sprache": "klingonisch"}, "Die Sprache „klingonisch“ kennen wir nicht."),
        ({"q": "yoga" * 5000}, "Ihr Text war sehr lang."),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(visitor: Client, fields: dict[str, str], sentence: str) -> None:
    assert sentence in read(visitor, "/suche/", **fields)


@pytest.mark.parametrize("page", ["-1", "0", "1e9", "NaN", "99999999999999999999", "zwei", "٣", "\0", "900000"])
def test_any_page_number_leads_to_a_page(visitor: Client, page: str) -> None:
    assert len(titles(visitor, q="Yoga", seite=page)) == 2


@pytest.mark.parametrize(
    "name",
    ["q", "art", "kategorie", "bezirk", "ort", "umkreis", "karte", "preis", "von", "bis", "fuer", "sprache", "explain"],
)
@pytest.mark.parametrize("value", ["\0", "\u202e", "'\"><script>", "%", "a" * 5000, "%00", "-1", "🧘", "\ud800"])
def test_no_field_of_the_address_breaks_the_page(visitor: Client, name: str, value: str) -> None:
    safe = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if value == "\ud800" else value
    answer = visitor.get("/suche/", {name: safe})
    assert answer.status_code == 200
    assert b"<script>" not in answer.content.partition(b"<main")[2]
    assert visitor.get("/suche/karte.json", {name: safe}).status_code == 200


def test_the_map_shows_the_same_results(visitor: Client) -> None:
    answer = visitor.get("/suche/karte.json", {"q": "Yoga Bad Cannstatt"})
    assert answer["Content-Type"] == "application/geo+json"
    (feature,) = json.loads(answer.content)["features"]
    number = feature["properties"].pop("id")
    assert feature == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [9.214, 48.805]},
        "properties": {"title": "Yoga Haus", "url": "/orte/yoga-haus/", "kind": "place"},
    }
    page = visitor.get("/suche/", {"q": "Yoga Bad Cannstatt"}).content.decode()
    assert f'id="treffer-{number}"' in page
    assert 'data-source="/suche/karte.json?q=Yoga+Bad+Cannstatt"' in page


def test_a_district_shows_what_is_there(visitor: Client) -> None:
    words = read(visitor, "/bezirk/bad-cannstatt/")
    assert "2 Einträge in Bad Cannstatt" in words
    assert "Jetzt geöffnet Ort · Yoga Yoga Haus" in words
    assert "Sport & Bewegung".replace("&", "&amp;") in words
    assert "Gleich nebenan Mitte" in words
    assert visitor.get("/bezirk/atlantis/").status_code == 404


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/barrierefreiheit/", "Erklärung zur Barrierefreiheit"),
        ("/datenschutz/", "Datenschutz"),
        ("/impressum/", "Impressum"),
        ("/quellen/", "Quellen und Lizenzen"),
        ("/ranking/", "So ordnen wir Ergebnisse"),
    ],
)
def test_the_portal_speaks_about_itself(visitor: Client, path: str, title: str) -> None:
    assert f" {title} " in read(visitor, path)


@pytest.mark.parametrize("path", ["/", "/suche/", "/suche/karte.json", "/ranking/", "/sitemap.xml"])
def test_pages_for_reading_take_no_posts(visitor: Client, path: str) -> None:
    assert visitor.post(path).status_code == 405


def test_the_sitemap_names_every_entry_and_page_once(visitor: Client) -> None:
    text = visitor.get("/sitemap.xml").content.decode()
    addresses = re.findall(r"<loc>http://localhost([^<]*)</loc>", text)
    assert sorted(addresses) == sorted(
        [
            *sitemap.OWN_PAGES,
            "/bezirk/bad-cannstatt/",
            "/bezirk/mitte/",
            "/orte/yoga-haus/",
            "/orte/leuze/",
            "/kurse/yoga-am-abend/",
        ]
    )


def test_a_large_sitemap_comes_in_parts_that_miss_nothing(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PART", 2)
    index = visitor.get("/sitemap.xml").content.decode()
    assert "<sitemapindex" in index
    parts = re.findall(r"<loc>http://localhost([^<]*)</loc>", index)
    assert len(parts) == 2
    addresses = [
        address
        for part in parts
        for address in re.findall(r"<loc>http://localhost([^<]*)</loc>", visitor.get(part).content.decode())
    ]
    assert len(addresses) == len(set(addresses)) == 3 + len(sitemap.list_own_pages())


def put_many(number: int) -> None:
    search.put(
        *(
            EntryDraft(
                area="probe",
                kind="place",
                key=f"h{n}",
                title=f"Halle {n}",
                url=f"/orte/h{n}/",
                district="mitte",
                category="yoga",
                category_title="Yoga",
                point=CANNSTATT,
                opening_hours="Mo-Fr 08:00-20:00",
            )
            for n in range(number)
        )
    )


@pytest.mark.parametrize("number", [1, 3, 40])
def test_a_page_of_results_asks_the_database_as_often_however_many_there_are(
    visitor: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put_many(number)
    visitor.get("/suche/", {"q": "Halle"})  # Reads the names of the city once.
    # Words that are spelled alike, things that mean the same, results.
    with django_assert_num_queries(3):
        assert len(titles(visitor, q="Halle")) == min(number, 20)
    with django_assert_num_queries(3):
        visitor.get("/suche/karte.json", {"q": "Halle"})
    visitor.get("/")
    with django_assert_num_queries(0):
        visitor.get("/")


def test_the_pages_of_a_long_list_follow_each_other(visitor: Client) -> None:
    put_many(45)
    page = visitor.get("/suche/", {"q": "Halle", "bezirk": "mitte", "seite": "2"}).content.decode()
    assert "Seite 2 von 3" in page
    assert 'rel="prev" href="?q=Halle&amp;bezirk=mitte&amp;seite=1"' in page
    assert 'rel="next" href="?q=Halle&amp;bezirk=mitte&amp;seite=3"' in page
    walked = [title for seite in "123" for title in titles(visitor, q="Halle", bezirk="mitte", seite=seite)]
    assert len(walked) == len(set(walked)) == 45
