"""Importing a city's catalogue: what becomes a service or an office, and that nothing is done twice."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from stadtportal.areas.townhall import actions
from stadtportal.areas.townhall.actions import importing
from stadtportal.areas.townhall.models import Service, ServiceOffice
from stadtportal.areas.townhall.queries.entries import list_entries
from stadtportal.areas.townhall.queries.listing import get_service
from stadtportal.areas.townhall.rules import report as say
from stadtportal.kernel.city import api as city
from stadtportal.kernel.search import api as search
from tests.townhall.conftest import WriteFile, office, row, service

pytestmark = pytest.mark.usefixtures("tiny_city")

PASS = service(
    1,
    "Reisepass",
    description="<p>Sie brauchen einen <b>Pass</b>. Kommen Sie selbst. Bringen Sie ein Foto mit.</p><script>x</script>",
    fees="<p>37,50 Euro</p>",
    leika="99085001012000",
    duration=20,
    forms=[{"name": "Vollmacht", "link": "https://a.example/v.pdf"}, {"name": "Böse", "link": "javascript:x"}],
    links=[{"name": "Vollmacht", "link": "https://a.example/v.pdf"}, {"name": "", "link": "https://a.example/"}],
    appointment={"link": "https://a.example/#/services/{serviceId}"},
    locations=[{"location": "7"}, {"location": 8}, {"location": "7"}, {"location": "x"}, "y"],
    requirements=[{"name": "Altes <Dokument>", "link": "https://a.example/alt", "description": "im Original"}],
    legal=[{"name": "PassG", "link": "https://g.example/passg"}, {"name": "PassV", "link": False}],
    meta={"keywords": "Pass, Ausweis"},
)


def found(text: str) -> list[tuple[str, str]]:
    question = search.SearchQuery(text=text)
    return [(one.kind, one.title) for one in search.find(question, now=timezone.now()).results]


def reasons(tallies: dict[str, city.Tally]) -> dict[str, int]:
    return {reason: tally.count for reason, tally in tallies.items()}


def test_a_service_says_everything_its_record_knows(write_lines: WriteFile) -> None:
    report = actions.import_dldb(write_lines(PASS), label="Beispieldaten München")
    assert (report.unit, report.read, report.created, report.changed) == ("Leistungen", 1, 1, 1)
    row = Service.objects.get()
    assert (row.slug, row.title, row.source, row.source_id) == ("reisepass-1", "Reisepass", "dldb", "1")
    assert row.summary == "Sie brauchen einen Pass. Kommen Sie selbst."
    link = 'rel="external noopener nofollow"'
    assert row.body == (
        "<p>Sie brauchen einen <strong>Pass</strong>. Kommen Sie selbst. Bringen Sie ein Foto mit.</p>\n"
        "<h2>Erforderliche Unterlagen</h2>"
        f'<ul><li><a href="https://a.example/alt" {link}>Altes &lt;Dokument&gt;</a><p>im Original</p></li></ul>'
    )
    assert (row.fees, row.minutes, row.leika_key) == ("<p>37,50 Euro</p>", 20, "99085001012000")
    assert row.documents == [
        {"title": "Vollmacht", "url": "https://a.example/v.pdf"},
        {"title": "https://a.example/", "url": "https://a.example/"},
    ]
    assert row.online_link == "https://a.example/#/services/1"
    assert row.legal_basis == "PassG [https://g.example/passg], PassV"
    assert (row.words, row.office_refs, row.label) == ("Pass, Ausweis", ["7", "8"], "Beispieldaten München")
    assert reasons(report.flagged) == {say.BAD_LINK: 1, say.OFFICES_MISSING: 1}


def test_a_service_is_found_with_its_source_id(write_lines: WriteFile) -> None:
    actions.import_dldb(write_lines(PASS), label="Beispieldaten München")
    [draft] = list(list_entries())
    assert (draft.area, draft.kind, draft.key, draft.url) == (
        "townhall", "service", "reisepass-1", "/rathaus/reisepass-1/",
    )  # fmt: skip
    assert (draft.source_id, draft.label) == ("dldb:1", "Beispieldaten München")
    assert draft.body.startswith("Sie brauchen einen Pass. Kommen Sie selbst.")
    assert found("Reisepass")[0] == ("service", "Reisepass")


def test_offices_become_places_of_the_city(write_lines: WriteFile) -> None:
    contact = {"phone": "089/233-1", "email": "amt@a.example", "webinfo": "https://a.example/amt"}
    report = actions.import_dldb(
        write_lines(office(7, contact=contact, organizationUnit="Referat"), office(8, "Zweites", geo={}, public=False)),
        label="Beispieldaten München",
    )
    assert (report.unit, report.read, report.created) == ("Orte", 2, 2)
    assert reasons(report.flagged) == {say.BAD_POINT: 1, say.NOT_PUBLIC: 1}
    place = city.get_place("passamt-d7")
    assert (place.name, place.address) == ("Passamt", "Marktplatz 1, 80331 München")
    assert (place.phone, place.email, place.website) == ("089 233-1", "amt@a.example", "https://a.example/amt")
    assert (place.point, place.source, place.source_id) == ((48.137, 11.575), "dldb", "7")
    assert (place.label, place.category, place.tags) == ("Beispieldaten München", "", {"operator": "Referat"})
    assert city.get_place("zweites-d8").point is None
    entries = {entry.key: entry.source_id for entry in city.list_entries()}
    assert entries["passamt-d7"] == "dldb:7"
    assert found("Passamt")[0] == ("place", "Passamt")


def test_the_page_of_an_office_names_its_source(write_lines: WriteFile, client: Client) -> None:
    actions.import_dldb(write_lines(office(7)))
    said = client.get("/orte/passamt-d7/").content.decode()
    assert "<p>Dienstleistungsdatenbank einer Stadt.</p>" in said
    assert "Angaben des Anbieters" not in said
    assert "Dienstleistungsdatenbank einer Stadt" in client.get("/quellen/").content.decode()


def test_an_office_of_the_citys_own_needs_no_city_in_its_address(write_lines: WriteFile) -> None:
    bare = office(7, address={"street": "Weg"})
    actions.import_dldb(write_lines(bare))
    assert city.get_place("passamt-d7").city_name == city.city().name
    actions.import_dldb(write_lines(bare), label="Beispieldaten")
    assert city.get_place("passamt-d7").city_name == ""
    actions.import_dldb(write_lines(bare), label="Beispieldaten", city_name="München")
    assert city.get_place("passamt-d7").city_name == "München"


@pytest.mark.parametrize("services_first", [True, False])
def test_services_and_offices_find_each_other_in_either_order(write_lines: WriteFile, *, services_first: bool) -> None:
    services, offices = write_lines(PASS, name="a"), write_lines(office(7), office(9, "Fremdes"), name="b")
    order = [services, offices] if services_first else [offices, services]
    assert [actions.import_dldb(file).linked for file in order] == [0, 1]
    assert [one.name for one in get_service("reisepass-1").offices] == ["Passamt"]
    assert [actions.import_dldb(file).linked for file in order] == [0, 0]
    moved = PASS | {"locations": [{"location": "9"}]}
    assert actions.import_dldb(write_lines(moved, name="c")).linked == 2
    assert [one.name for one in get_service("reisepass-1").offices] == ["Fremdes"]


def test_a_second_run_changes_nothing(write_lines: WriteFile) -> None:
    files = [write_lines(PASS, service(2, "Zweites"), name="a"), write_lines(office(7), office(8, "Z"), name="b")]
    for file in files:
        actions.import_dldb(file, label="L")
    before = list(Service.objects.order_by("pk").values()), list(ServiceOffice.objects.values())
    for file in files:
        report = actions.import_dldb(file, label="L")
        assert (report.changed, report.unchanged, report.linked) == (0, 2, 0)
    assert (list(Service.objects.order_by("pk").values()), list(ServiceOffice.objects.values())) == before


def test_what_changed_is_updated_and_keeps_its_address(write_lines: WriteFile) -> None:
    actions.import_dldb(write_lines(PASS, service(2, "Bleibt")))
    report = actions.import_dldb(write_lines(PASS | {"name": "Pass beantragen"}))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    assert get_service("reisepass-1").title == "Pass beantragen"
    [entry] = [one for one in list_entries() if one.key == "reisepass-1"]
    assert (entry.title, entry.url) == ("Pass beantragen", "/rathaus/reisepass-1/")
    assert found("Pass beantragen")[0] == ("service", "Pass beantragen")
    # What is not in the file stays.
    assert get_service("bleibt-2").title == "Bleibt"
    actions.import_dldb(write_lines(office(7)))
    assert actions.import_dldb(write_lines(office(7, "Bürgeramt"))).updated == 1
    assert city.get_place("passamt-d7").name == "Bürgeramt"


def test_what_is_left_out_is_counted_with_its_reason(write_lines: WriteFile) -> None:
    report = actions.import_dldb(
        write_lines(
            {"id": "0", "name": "weder noch"},
            service(1),
            service(1, "noch einmal"),
            {"id": "abc", "name": "Falsche id", "fees": ""},
            {"id": 3, "name": " ", "fees": ""},
            {"id": 4, "name": {"de": "x"}, "fees": ""},
            office(7),
            service(5, leika="9903600800", public=False, description="x" * 100_001, duration=0),
        )
    )
    assert (report.read, report.created) == (8, 2)
    assert reasons(report.skipped) == {
        say.NEITHER: 1, say.TWICE: 1, say.NO_ID: 1, say.NO_NAME: 2, say.OTHER_KIND: 1,
    }  # fmt: skip
    assert report.skipped[say.TWICE].examples == ["Zeile 3: noch einmal"]
    assert reasons(report.flagged) == {say.BAD_KEY: 1, say.CUT: 1, say.NOT_PUBLIC: 1}
    assert Service.objects.get(source_id="5").minutes is None


def test_topics_come_from_the_federal_catalogue_in_either_order(write_lines: WriteFile) -> None:
    catalogue = write_lines(row("99085001012000", "Reisepass", themenfeld="Reisen"), name="leika")
    actions.import_dldb(write_lines(PASS))
    assert Service.objects.get(source="dldb").topic == ""
    actions.import_leika(catalogue)
    first = Service.objects.get(source="dldb")
    assert (first.topic, first.situation) == ("Reisen", "Hausbau")
    assert actions.import_dldb(write_lines(PASS)).unchanged == 1
    Service.objects.filter(source="dldb").delete()
    actions.import_dldb(write_lines(PASS))
    assert Service.objects.get(source="dldb").topic == "Reisen"


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"meta": {"a": [1]}, "data": [PASS], "ende": 1}).encode(),
        json.dumps({"data": [PASS]}, indent=1).encode(),
        json.dumps([PASS]).encode(),
        json.dumps([PASS], indent=2).encode(),
        b"\xef\xbb\xbf" + json.dumps(PASS).encode() + b"\r\n\r\n",
        gzip.compress(json.dumps(PASS).encode()),
    ],
    ids=["document", "lines", "list", "list-lines", "ndjson", "gzip"],
)
def test_documents_lists_and_lines_are_read(write_bytes: WriteFile, content: bytes) -> None:
    assert actions.import_dldb(write_bytes(content)).created == 1


def test_progress_is_told_in_bytes(write_lines: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "PROGRESS_EVERY", 2)
    file = write_lines(*(service(number, f"S {number}") for number in range(1, 5)))
    told: list[tuple[int | None, str]] = []
    actions.import_dldb(file, progress=lambda _done, total, what: told.append((total, what)))
    assert [what for _, what in told] == [
        "0 Leistungen", "0 Leistungen", "Wörter für die Suche zählen", "4 Leistungen",
    ]  # fmt: skip
    assert told[0][0] == file.stat().st_size


def test_munich_as_a_whole(shared_data: Path) -> None:
    label = "Beispieldaten München"
    report = actions.import_dldb(shared_data / "muenchen_services.ndjson", label=label)
    assert (report.read, report.created, report.skipped) == (287, 287, {})
    assert reasons(report.flagged) == {say.NOT_PUBLIC: 125, say.BAD_KEY: 1, say.OFFICES_MISSING: 281}
    report = actions.import_dldb(shared_data / "muenchen_locations.json", label=label)
    assert (report.read, report.created, report.linked, report.skipped) == (109, 109, 526, {})
    assert reasons(report.flagged) == {say.NOT_PUBLIC: 9}
    assert Service.objects.exclude(leika_key="").count() == 131
    assert Service.objects.exclude(fees="").count() == 193
    again = [
        actions.import_dldb(shared_data / f, label=label)
        for f in ("muenchen_services.ndjson", "muenchen_locations.json")
    ]
    assert [(one.changed, one.unchanged, one.linked) for one in again] == [(0, 287, 0), (0, 109, 0)]
    entry = next(one for one in list_entries() if one.source_id == "dldb:1063423")
    assert (entry.title, entry.url, entry.label) == (
        "Gewerbe-Anmeldung", "/rathaus/gewerbe-anmeldung-1063423/", label,
    )  # fmt: skip
