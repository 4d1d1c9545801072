"""``stadtportal import osm``: what an operator reads, and the exit code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from stadtportal.areas.directory.adapters import import_osm
from stadtportal.areas.directory.area import AREA
from stadtportal.kernel.city import api as city
from stadtportal.kernel.city.rules import entries
from stadtportal.project.cli import run_path
from tests.city.conftest import node

pytestmark = pytest.mark.usefixtures("tiny_city")


def run(*argv: str) -> tuple[int, str]:
    out = io.StringIO()
    code = import_osm(argv, Console(file=out, width=120))
    return code, out.getvalue()


def test_the_report_of_an_import(tmp_path: Path) -> None:
    file = tmp_path / "orte.ndjson"
    rows = [
        node(1, name="Café", amenity="cafe"),
        node(2, amenity="cafe"),
        node(3, name="Laune", shop="gift", opening_hours="nach Laune"),
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, said = run(str(file), "--label", "Beispieldaten", "--city-name", "Aachen")
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert code == 0
    assert "Objekte gelesen 3" in lines
    assert "davon mit Namen 2" in lines
    assert "Orte neu 2" in lines
    assert "1 ohne Namen" in lines
    assert "z. B. node/2" in lines
    assert "1 Öffnungszeiten nicht lesbar (als Text übernommen)" in lines
    assert "z. B. Laune (node/3): nach Laune" in lines
    assert city.get_place("cafe-n1").label == "Beispieldaten"


def test_a_bad_file_is_refused_with_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "falsch.txt"
    file.write_text("kein OSM")
    code, said = run(str(file))
    assert code == 2
    assert said == ""
    assert capsys.readouterr().err == (
        "falsch.txt: Das ist keine OpenStreetMap-Datei. Bitte geben Sie eine Datei in NDJSON, Overpass-JSON oder "
        ".osm.pbf an, zum Beispiel einen Auszug von Geofabrik. Es wurde nichts übernommen.\n"
    )


def test_a_file_that_breaks_off_is_reported_and_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "halb.ndjson"
    file.write_text(json.dumps(node(1, name="Café", amenity="cafe")) + '\n{"id": "no')
    code, said = run(str(file))
    assert code == 2
    assert "Import abgebrochen; so weit kam er" in said
    assert "halb.ndjson, Zeile 2: Die Zeile ist kein gültiges JSON." in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["a", "b"], ["--lable", "x", "a"]])
def test_arguments_nobody_understands(argv: list[str]) -> None:
    with pytest.raises(city.BadArguments, match="Aufruf: stadtportal import osm DATEI"):
        import_osm(argv)


def test_the_area_offers_the_import(tmp_path: Path) -> None:
    assert run_path(AREA.importers["osm"], [str(tmp_path / "fehlt.ndjson")]) == 2


def test_entries_lead_to_pages_of_this_area() -> None:
    assert AREA.slug == entries.AREA
    drafts = {draft.key: draft for draft in AREA.entries()}
    assert set(drafts) == {"stadt-kleinstadt", "cafe-ueberblick", "stadtpark", "buecherei-ohne-punkt"}
    cafe = drafts["cafe-ueberblick"]
    assert (cafe.url, cafe.category, cafe.district, cafe.accessible) == ("/orte/cafe-ueberblick/", "cafe", "oben", True)
    assert (cafe.source_id, cafe.organisation, cafe.point) == ("osm:node/11", "Stadt Kleinstadt", (48.785, 9.185))
    assert drafts["buecherei-ohne-punkt"].opening_hours == ""


def test_open_figures() -> None:
    assert [(fact.title, fact.value) for fact in AREA.facts()] == [
        ("Orte", 3),
        ("Anbieter", 1),
        ("Orte mit Öffnungszeiten", 1),
        ("Mit dem Rollstuhl zugängliche Orte", 1),
    ]
