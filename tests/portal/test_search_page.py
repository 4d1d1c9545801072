"""What the search page says about a question: what it understood, what it changed, and how it goes on."""

import re
from dataclasses import fields, replace
from html import unescape

import pytest
from django.test import Client

from stadtportal.areas.portal.rules import decimal_words
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.search import api as search
from tests.courses.conftest import new_actor

from .test_public_pages import put_many, read, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("entries")]


def page_of(visitor: Client, **asked: str) -> str:
    answer = visitor.get("/suche/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def links(page: str, *, within: str = "<main") -> dict[str, str]:
    """Return the words of the links behind ``within`` and where they lead."""
    part = page.partition(within)[2].partition("</main>")[0]
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', part, re.DOTALL)
    return {unescape(" ".join(re.sub(r"<[^>]+>", " ", words).split())): unescape(url) for url, words in found}


def chips(page: str) -> dict[str, str]:
    """Return what the results are limited to, and where the link that takes it back leads."""
    found = re.findall(r'<a class="chip chip--on" href="([^"]*)">([^<]*)<', page)
    return {title: unescape(url) for url, title in found}


def sign_in(client: Client, *, organisation_id: int | None) -> None:
    actor = new_actor(organisation_id=organisation_id)
    assert actor.person_id
    client.force_login(Person.objects.get(pk=actor.person_id))


@pytest.mark.parametrize(
    ("asked", "title", "url"),
    [
        ({"q": "Yoga Bad Cannstatt"}, "in Bad Cannstatt", "/suche/?q=Yoga"),
        ({"q": "Yoga Bad Cannstatt", "art": "place"}, "in Bad Cannstatt", "/suche/?q=Yoga&art=place"),
        ({"q": "Yoga jetzt geöffnet"}, "jetzt geöffnet", "/suche/?q=Yoga"),
        ({"q": "Yoga unter 20 Euro"}, "bis 20 €", "/suche/?q=Yoga"),
        ({"q": "Yoga für Kinder"}, "für Kinder", "/suche/?q=Yoga"),
        ({"q": "Yoga auf Türkisch"}, "auf Türkisch", "/suche/?q=Yoga"),
        ({"q": "Yoga barrierefrei"}, "mit dem Rollstuhl zugänglich", "/suche/?q=Yoga"),
        ({"q": "Yoga", "fuer": "children"}, "für Kinder", "/suche/?q=Yoga"),
        ({"q": "Yoga", "sprache": "tr"}, "auf Türkisch", "/suche/?q=Yoga"),
        ({"q": "Yoga", "karte": "48.80,9.21,48.81,9.22"}, "im Kartenausschnitt", "/suche/?q=Yoga"),
        ({"q": "Yoga", "woertlich": "1"}, "wörtlich gesucht", "/suche/?q=Yoga"),
    ],
)
def test_what_was_understood_is_a_chip_that_leads_to_the_question_without_it(
    visitor: Client, asked: dict[str, str], title: str, url: str
) -> None:
    assert chips(page_of(visitor, **asked))[title] == url


def test_a_question_with_two_limits_loses_one_at_a_time_and_can_be_taken_literally(visitor: Client) -> None:
    page = page_of(visitor, q="Yoga für Kinder auf Türkisch")
    assert chips(page) == {
        "für Kinder": "/suche/?q=Yoga+auf+T%C3%BCrkisch",
        "auf Türkisch": "/suche/?q=Yoga+f%C3%BCr+Kinder",
    }
    assert links(page)["Wörtlich suchen"] == "/suche/?q=Yoga+f%C3%BCr+Kinder+auf+T%C3%BCrkisch&woertlich=1"
    assert "Wörtlich suchen" not in page_of(visitor, q="Yoga")


def test_who_asks_for_near_me_is_asked_where_that_is(visitor: Client) -> None:
    page = page_of(visitor, q="Yoga in der Nähe", art="course")
    assert "Für „in der Nähe“ müssen wir wissen, wo Sie sind." in page
    button = re.search(r'<div data-needs-js hidden><p><button [^>]*data-locate="([^"]*)"', page)
    assert button is not None
    assert unescape(button[1]) == "/suche/?q=Yoga+in+der+N%C3%A4he&art=course"
    assert links(page)["Bad Cannstatt"] == "/suche/?q=Yoga&art=course&bezirk=bad-cannstatt"


def test_near_me_with_a_position_is_one_chip_and_tells_distances(visitor: Client) -> None:
    page = page_of(visitor, q="Yoga in der Nähe", ort="48.805,9.214")
    assert "müssen wir wissen, wo Sie sind" not in page
    assert chips(page) == {"in der Nähe": "/suche/?q=Yoga"}
    assert "10 m entfernt" in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"q": "Mineralbat"}, "Treffer für „Mineralbad“. Stattdessen wörtlich nach „Mineralbat“ suchen"),
        ({"q": "Mineralbad", "bezirk": "mitte"}, "In Mitte haben wir dazu nichts gefunden."),
        (
            {"q": "Mineralbad Mitte"},
            "In Mitte haben wir dazu nichts gefunden. Das sind die Treffer aus der ganzen Stadt.",
        ),
        (
            {"q": "Mineralbad", "karte": "47,8,47.1,8.1"},
            "Im Kartenausschnitt haben wir dazu nichts gefunden. Das sind die Treffer aus der ganzen Stadt.",
        ),
        (
            {"q": "Mineralbad", "kostenlos": "1"},
            "Mit dem Filter „kostenlos“ haben wir nichts gefunden. Das sind die Treffer ohne ihn.",
        ),
        ({"q": "Mineralbad", "kostenlos": "1", "barrierefrei": "1"}, "Mit diesen Filtern haben wir nichts gefunden."),
        ({"q": "Mineralbad", "offen": "1"}, "Davon hat gerade nichts geöffnet."),
        ({"q": "Mineralbad jetzt offen"}, "Davon hat gerade nichts geöffnet."),
        (
            {"q": "Mineralbad Abend"},
            "Alle Wörter zusammen haben wir nicht gefunden. Das sind Treffer für einzelne Ihrer Wörter.",
        ),
        ({"q": "qqqqqq"}, "Genau dazu haben wir nichts gefunden. Das kommt dem am nächsten."),
    ],
)
def test_the_page_says_what_it_changed_in_the_question(visitor: Client, asked: dict[str, str], sentence: str) -> None:
    assert sentence in read(visitor, "/suche/", **asked)


@pytest.mark.parametrize(
    ("asked", "lost", "sentence"),
    [
        ("Mineralbad Zirkus", ("Zirkus",), "Ohne Treffer für „Zirkus“ – gezeigt wird, was zu „Mineralbad“ passt."),
        ("Zoo Mineralbad Zirkus", ("Zoo", "zirkus"), "Ohne Treffer für „Zoo“ und „zirkus“ – gezeigt wird,"),
        ("Mineralbad Abend Zirkus", ("Zirkus",), "Ohne Treffer für „Zirkus“. Alle Wörter zusammen"),
        ("qqqqqq", ("qqqqqq",), "Genau dazu haben wir nichts gefunden."),
    ],
)
def test_the_page_names_words_that_nothing_has(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, asked: str, lost: tuple[str, ...], sentence: str
) -> None:
    find = search.find
    monkeypatch.setattr(search, "find", lambda query, *, now: replace(find(query, now=now), lost=lost))
    said = read(visitor, "/suche/", q=asked)
    assert sentence in said
    assert ("Ohne Treffer für" in said) == sentence.startswith("Ohne")


def test_a_correction_can_be_refused(visitor: Client) -> None:
    page = page_of(visitor, q="Mineralbat")
    assert "<h1>1 Treffer für „Mineralbad“</h1>" in page
    assert titles(visitor, q="Mineralbat") == ["Mineralbad &lt;Leuze&gt;"]
    refused = links(page)["Stattdessen wörtlich nach „Mineralbat“ suchen"]
    assert refused == "/suche/?q=Mineralbat&woertlich=1"
    literal = visitor.get(refused).content.decode()
    assert "<h1>Kein genauer Treffer für „Mineralbat“</h1>" in literal
    assert "Stattdessen" not in literal


def test_a_limit_that_was_given_up_does_not_look_kept(visitor: Client) -> None:
    page = page_of(visitor, q="Mineralbad Mitte", art="place")
    assert chips(page) == {"Orte": "/suche/?q=Mineralbad+Mitte"}
    assert re.search(r'<a class="chip chip--off" href="/suche/\?q=Mineralbad&amp;art=place">in Mitte<span', page)


def test_what_is_near_in_meaning_is_counted_apart(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    given = search.find

    def find(query: search.SearchQuery, **told: object) -> search.SearchPage:
        page = given(query, **told)  # type: ignore[arg-type]  # passed on as it came.
        return search.SearchPage(
            total=page.total,
            total_capped=False,
            offset=0,
            limit=20,
            took_ms=0.0,
            results=page.results,
            listed=page.total + 25,
        )

    monkeypatch.setattr(search, "find", find)
    words = read(visitor, "/suche/", q="Mineralbad")
    assert "1 Treffer für „Mineralbad“ Dazu 25 Einträge, die dem Sinn nach passen" in words
    assert "Seite 1 von 2" in words


def test_every_list_leads_on(visitor: Client) -> None:
    page = page_of(visitor, q="Mineralbad Bad Cannstatt")
    ways = links(page, within='class="ways"')
    assert ways["Sauna"] == "/suche/?q=Sauna"
    assert ways["Dasselbe in ganz Stuttgart"] == "/suche/?q=Mineralbad"
    assert ways["Alles aus „Sport & Bewegung“"] == "/suche/?kategorie=sport"
    assert ways["115 anrufen"] == "tel:115"
    assert "Montag bis Freitag von 8 bis 18 Uhr" in read(visitor, "/suche/", q="Mineralbad Bad Cannstatt")


@pytest.mark.parametrize(
    ("asked", "title", "url"),
    [
        ({"q": "Yoga", "bezirk": "mitte"}, "Dasselbe in ganz Stuttgart", "/suche/?q=Yoga"),
        (
            {"q": "Yoga", "kategorie": "yoga", "offen": "1"},
            "Alles aus „Sport & Bewegung“",
            "/suche/?q=Yoga&kategorie=sport&offen=1",
        ),
        ({"q": "qqqqqq"}, "115 anrufen", "tel:115"),
    ],
)
def test_ways_on_keep_the_rest_of_the_question(visitor: Client, asked: dict[str, str], title: str, url: str) -> None:
    assert links(page_of(visitor, **asked), within='class="ways"')[title] == url


def test_filters_tell_how_many_results_each_leaves(visitor: Client) -> None:
    page = page_of(visitor, q="Yoga")
    options = dict(re.findall(r'<option value="([^"]+)"(?: selected)?>([^<]*)</option>', page))
    assert options["yoga"] == "– Yogas (2)"
    assert options["sport"] == "Sport &amp; Bewegung (2)"
    assert options["mitte"] == "Mitte (1)"
    assert options["children"] == "für Kinder (1)"
    assert options["tr"] == "Türkisch (1)"
    assert "seniors" not in options
    assert "mit dem Rollstuhl zugänglich (1)</label>" in page
    assert ">kostenlos</label>" in page


def test_more_results_than_can_be_ranked_are_not_counted_by_filter(visitor: Client) -> None:
    put_many(1001)
    page = page_of(visitor, q="Halle")
    assert "<h1>1.001 Treffer für „Halle“</h1>" in page
    assert '<option value="mitte">Mitte</option>' in page


def test_distances_order_only_from_a_point(visitor: Client) -> None:
    assert '<option value="naehe"' not in page_of(visitor, q="Yoga", sortierung="naehe")
    assert titles(visitor, q="Yoga", sortierung="naehe") == titles(visitor, q="Yoga")
    around = page_of(visitor, q="Yoga", sortierung="naehe", ort="48.8,9.2")
    assert '<option value="naehe" selected>Nächste zuerst</option>' in around


def test_the_map_searches_anew_where_people_move_it(visitor: Client) -> None:
    page = page_of(visitor, q="Yoga Bad Cannstatt", art="place", offen="1")
    assert 'data-area-url="/suche/?q=Yoga&amp;art=place&amp;offen=1"' in page
    moved = page_of(visitor, q="Yoga", karte="48.80,9.21,48.81,9.22")
    assert 'data-view="48.80,9.21,48.81,9.22"' in moved
    assert 'data-source="/suche/karte.json?q=Yoga&amp;karte=48.80%2C9.21%2C48.81%2C9.22"' in moved
    assert '<input type="hidden" name="karte" value="48.80,9.21,48.81,9.22">' in moved


def test_only_staff_see_how_a_score_came_about(visitor: Client, client: Client) -> None:
    assert "So kam der Platz zustande" not in page_of(visitor, q="Yoga", explain="1")
    sign_in(client, organisation_id=None)
    assert "So kam der Platz zustande" not in page_of(client, q="Yoga", explain="1")
    studio = city.put_organisation(slug="studio-neckar", name="Studio Neckar")
    sign_in(client, organisation_id=studio.id)
    assert "So kam der Platz zustande" not in page_of(client, q="Yoga")
    page = page_of(client, q="Yoga", explain="1")
    assert page.count("<caption>So kam der Platz zustande</caption>") == 2
    for table in re.findall(r'<table class="why">(.*?)</table>', page):
        *parts, total = (float(one.replace(",", ".")) for one in re.findall(r"<td>([^<]*)</td>", table))
        assert sum(parts) == pytest.approx(total, abs=0.01)
    assert '<input type="hidden" name="explain" value="1">' in page


def test_the_ranking_page_shows_every_weight(visitor: Client) -> None:
    page = visitor.get("/ranking/").content.decode()
    rows = re.findall(r'<tr><td>([^<]*)</td><td class="number">([^<]*)</td></tr>', page)
    weights = [decimal_words(getattr(search.WEIGHTS, one.name)) for one in fields(search.WEIGHTS)]
    assert sorted(value for _, value in rows) == sorted(weights)
    # Every weight has found its words.
    assert {words for words, _ in rows} & {one.name for one in fields(search.WEIGHTS)} == set()
    assert "Weitere" not in page


def test_a_long_summary_ends_with_a_whole_word(visitor: Client) -> None:
    summary = f"Sommerfest am See, {'sehr ' * 50}schön"
    search.put(EntryDraft(area="probe", kind="event", key="fest", title="Fest", url="/fest/", summary=summary))
    words = read(visitor, "/suche/", q="Fest")
    assert f"Sommerfest am See, {'sehr ' * 28}…" in words
    assert "schön" not in words


def test_people_are_told_that_they_can_ask_in_their_own_language(visitor: Client) -> None:
    for path in ("/", "/suche/"):
        page = visitor.get(path).content.decode()
        assert '<span lang="tr">Türkçe</span>' in page
        assert '<span lang="ar" dir="rtl">العربية</span>' in page
    assert "Türkçe" not in visitor.get("/suche/?q=Yoga").content.decode(), "who has asked knows"
