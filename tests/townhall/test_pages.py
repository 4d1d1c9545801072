"""What people read on the pages of the town hall."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from stadtportal.areas.townhall import actions
from stadtportal.areas.townhall.area import AREA
from stadtportal.areas.townhall.queries import listing
from stadtportal.kernel.city import api as city
from tests.pages import page, text
from tests.townhall.conftest import WriteFile, office, row, service

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.usefixtures("tiny_city")

LABEL = "Beispieldaten München"
REL = 'rel="external noopener nofollow"'


def listed(html: str) -> list[str]:
    return re.findall(r'<h2 class="result__title"><a href="/rathaus/[a-z0-9-]+/">(.*?)</a>', html)


def test_without_services_the_page_says_what_to_do(client: Client) -> None:
    said = text(page(client, "/rathaus/"))
    assert "Noch sind keine Leistungen eingetragen." in said
    assert "Ämter und andere Orte ansehen" in said
    assert "rufen Sie die 115 an" in said


def test_services_by_topic_and_from_a_to_z(client: Client, write_lines: WriteFile) -> None:
    rows = [row(f"9901200100000{n}", name) for n, name in enumerate(("Öffnung", "Ofen", "Zelt", "4. Antrag"))]
    actions.import_leika(write_lines(*rows, row("99012001000009", "Adoption", themenfeld="Familie & Kind")))
    actions.import_dldb(write_lines(service(1, "Pass")))
    html = page(client, "/rathaus/")
    assert "6 Leistungen der Ämter" in text(html)
    assert re.findall(r'<a href="\?thema=([a-z-]+)">(.*?)</a> <span class="muted">(\d+)</span>', html) == [
        ("bauen-und-wohnen", "Bauen &amp; Wohnen", "4"),
        ("familie-und-kind", "Familie &amp; Kind", "1"),
        ("ohne-themenfeld", "Ohne Themenfeld", "1"),
    ]
    assert re.findall(r'<a href="\?buchstabe=(.)">', html) == ["a", "o", "p", "z", "0"]
    assert "gilt nicht in" not in html
    assert listed(page(client, "/rathaus/?thema=bauen-und-wohnen")) == ["4. Antrag", "Ofen", "Öffnung", "Zelt"]
    assert listed(page(client, "/rathaus/?thema=ohne-themenfeld")) == ["Pass"]
    assert listed(page(client, "/rathaus/?buchstabe=o")) == ["Ofen", "Öffnung"]
    assert listed(page(client, "/rathaus/?buchstabe=0")) == ["4. Antrag"]
    assert listed(page(client, "/rathaus/?thema=bauen-und-wohnen&buchstabe=z")) == ["Zelt"]
    assert "Hier steht noch keine Leistung." in text(page(client, "/rathaus/?buchstabe=q"))


def test_long_lists_come_in_pages(client: Client, write_lines: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    actions.import_dldb(write_lines(*(service(n, f"Antrag {n}") for n in range(1, 6))))
    pages = [page(client, f"/rathaus/?buchstabe=a&seite={n}") for n in (1, 2, 3)]
    assert [listed(one) for one in pages] == [["Antrag 1", "Antrag 2"], ["Antrag 3", "Antrag 4"], ["Antrag 5"]]
    assert "Seite 2 von 3" in text(pages[1])
    assert 'href="?buchstabe=a&amp;seite=3"' in pages[1]
    assert "<h1>Leistungen mit A</h1>" in pages[0]


@pytest.mark.parametrize(
    "path",
    [
        "/rathaus/gibt-es-nicht/",
        "/rathaus/?thema=gibt-es-nicht",
        "/rathaus/?buchstabe=aa",
        "/rathaus/?buchstabe=%C3%A4",
        "/rathaus/?buchstabe=p&seite=2",
        "/rathaus/?buchstabe=p&seite=0",
        "/rathaus/?buchstabe=p&seite=%D9%A1",
        "/rathaus/?buchstabe=p&seite=99999999999999999999",
    ],
)
def test_what_does_not_exist(client: Client, write_lines: WriteFile, path: str) -> None:
    actions.import_dldb(write_lines(service(1, "Pass")))
    response = client.get(path)
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


@pytest.fixture
def reisepass(tiny_city: None, write_lines: WriteFile) -> None:  # noqa: ARG001 -- asking for the city is its use.
    """A service with everything, and the catalogue that knows its key."""
    actions.import_leika(write_lines(row("99085001012000", "Reisepass Ausstellung"), name="leika"))
    everything = service(
        1,
        "Reisepass",
        description="<p>Sie brauchen <strong>einen Pass</strong>. Kommen Sie selbst.</p>",
        fees="<ul><li>37,50 Euro</li></ul>",
        leika="99085001012000",
        duration=20,
        forms=[{"name": "Vollmacht", "link": "https://a.example/v.pdf"}],
        onlineprocessing={"link": "https://a.example/online"},
        locations=[{"location": "7"}, {"location": "8"}],
        legal=[{"name": "PassG", "link": "https://g.example/passg"}],
    )
    actions.import_dldb(write_lines(everything), label=LABEL)
    # Two departments in one house, as catalogues list them.
    actions.import_dldb(write_lines(office(7), office(8)), label=LABEL)


@pytest.mark.usefixtures("reisepass")
def test_a_service_says_everything_it_knows(client: Client) -> None:
    html = page(client, "/rathaus/reisepass-1/")
    said = text(html)
    assert html.count("<h1>") == 1
    assert "<h1>Reisepass</h1>" in html
    assert "<p>Sie brauchen <strong>einen Pass</strong>. Kommen Sie selbst.</p>" in html
    assert 'class="lead"' not in html
    assert "Was es kostet 37,50 Euro" in said
    assert f'<a href="https://a.example/v.pdf" {REL}>Vollmacht</a>' in html
    assert f'href="https://a.example/online" {REL}' in html
    assert html.count('<a href="/orte/passamt-d7/">Passamt</a>') == 1
    assert "/orte/passamt-d8/" not in html
    assert "Marktplatz 1, 80331 München" in said
    assert "Ein Termin dauert etwa 20 Minuten." in said
    assert f'<a href="https://g.example/passg" {REL}>PassG</a>' in html
    assert "LeiKa-Schlüssel: 99085001012000 Lebenslage: Hausbau" in said
    assert "Dienstleistungsdatenbank einer Stadt, Nummer 1. Beispieldaten München." in said
    assert '<a href="/rathaus/?thema=bauen-und-wohnen">Bauen &amp; Wohnen</a>' in html
    assert '<link rel="canonical" href="http://testserver/rathaus/reisepass-1/">' in html


@pytest.mark.usefixtures("reisepass")
def test_what_is_of_elsewhere_says_so_everywhere(client: Client) -> None:
    name = city.city().name
    html = page(client, "/rathaus/reisepass-1/")
    assert f"{LABEL}: gilt nicht in {name}" in text(html)
    assert f'<span class="example">{LABEL}</span>' in html
    assert f'<span class="example">{LABEL}</span>' in page(client, "/rathaus/?buchstabe=r")
    # Not everything is of elsewhere: the federal catalogue carries no label.
    assert "gilt nicht in" not in page(client, "/rathaus/")


def test_a_town_hall_of_elsewhere_says_so_on_top(client: Client, write_lines: WriteFile) -> None:
    actions.import_dldb(write_lines(service(1)), label="Beispieldaten Berlin")
    actions.import_dldb(write_lines(service(2)), label=LABEL)
    for path in ("/rathaus/", "/rathaus/?buchstabe=p"):
        said = text(page(client, path))
        assert f"Beispieldaten Berlin, Beispieldaten München: gilt nicht in {city.city().name}" in said


def test_what_is_not_known_is_said(client: Client, write_lines: WriteFile) -> None:
    actions.import_leika(write_lines(row(legal_basis="§ 1 BauO")))
    said = text(page(client, "/rathaus/abbruchgenehmigung-99012001000000/"))
    assert "Lebenslage „Hausbau“, Themenfeld „Bauen &amp; Wohnen“." in said
    assert "Diese Leistung steht im Katalog des Bundes." in said
    assert "Kosten sind nicht angegeben." in said
    assert "Es sind keine Formulare hinterlegt." in said
    assert "Welches Amt zuständig ist, wissen wir noch nicht. Die 115 sagt es Ihnen." in said
    assert "Rechtsgrundlage § 1 BauO" in said
    assert "gilt nicht in" not in said


def test_an_office_that_left_is_no_longer_named(client: Client, write_lines: WriteFile) -> None:
    actions.import_dldb(write_lines(office(7)))
    actions.import_dldb(write_lines(service(1, locations=[{"location": 7}])))
    assert "/orte/passamt-d7/" in page(client, "/rathaus/pass-1/")
    city.remove_place(slug="passamt-d7")
    assert "Passamt" not in page(client, "/rathaus/pass-1/")


def test_hostile_texts_stay_text(client: Client, write_lines: WriteFile) -> None:
    evil = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    actions.import_dldb(
        write_lines(
            service(
                1,
                "&lt;img src=x onerror=alert(3)&gt;",
                description=evil + "<p>Ein Satz.</p>",
                fees=evil + "5 Euro",
                forms=[
                    {"name": evil, "link": 'https://a.example/"><script>'},
                    {"name": evil, "link": "https://a.example"},
                ],
                legal=[{"name": evil}],
                locations=[{"location": 7}],
            )
        ),
        label=evil[:100],
    )
    actions.import_dldb(write_lines(office(7, evil)))
    actions.import_leika(write_lines(row(name=evil, themenfeld=evil[:90], lebenslage=evil[:90])), label=evil[:90])
    paths = [entry.url for entry in AREA.entries()]
    for path in [*paths, "/rathaus/", "/rathaus/?thema=ohne-themenfeld", "/rathaus/?buchstabe=i"]:
        html = page(client, path)
        assert "<script>alert" not in html
        assert "<img" not in html


@pytest.mark.parametrize(
    ("path", "queries_made"),
    [("/rathaus/", 3), ("/rathaus/?buchstabe=p", 5), ("/rathaus/?thema=ohne-themenfeld", 6), ("/rathaus/pass-1/", 2)],
)
def test_pages_ask_as_often_for_three_as_for_one(
    client: Client,
    write_lines: WriteFile,
    path: str,
    queries_made: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in (1, 3):
        refs = [{"location": one} for one in range(1, number + 1)]
        actions.import_dldb(
            write_lines(*(service(n, "Pass", locations=refs) for n in range(1, number + 1))), label=LABEL
        )
        offices = [office(n, f"Amt {n}") for n in range(1, number + 1)]
        actions.import_dldb(write_lines(*offices), label=LABEL)
        page(client, path)
        with django_assert_num_queries(queries_made):
            page(client, path)


@pytest.mark.parametrize("path", ["/rathaus/", "/rathaus/pass-1/"])
def test_the_town_hall_only_reads(client: Client, write_lines: WriteFile, path: str) -> None:
    actions.import_dldb(write_lines(service(1)))
    assert client.post(path).status_code == 405


def test_open_figures(write_lines: WriteFile) -> None:
    actions.import_dldb(write_lines(service(1), service(2)), label=LABEL)
    actions.import_leika(write_lines(row()))
    assert [(fact.title, fact.value) for fact in AREA.facts()] == [
        ("Leistungen der Verwaltung", 1),
        ("Leistungen als Beispieldaten", 2),
    ]


def test_every_service_of_munich_has_a_page_within_the_budget(client: Client, shared_data: Path) -> None:
    actions.import_dldb(shared_data / "muenchen_services.ndjson", label=LABEL)
    actions.import_dldb(shared_data / "muenchen_locations.json", label=LABEL)
    pages = [client.get(entry.url) for entry in AREA.entries()]
    assert [len(pages), {one.status_code for one in pages}] == [287, {200}]
    assert max(len(one.content) for one in pages) <= 30 * 1024
