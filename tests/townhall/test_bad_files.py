"""A file that is no catalogue is refused with its name, its line and a remedy, and no batch is half written."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from stadtportal.areas.townhall import actions, adapters
from stadtportal.areas.townhall.actions import importing
from stadtportal.areas.townhall.area import AREA
from stadtportal.areas.townhall.models import Service
from stadtportal.kernel.city import api as city
from stadtportal.kernel.search import api as search
from tests.townhall.conftest import WriteFile, row, service

pytestmark = pytest.mark.django_db

GOOD = json.dumps(service(1)).encode() + b"\n"
IMPORTS = [actions.import_dldb, actions.import_leika]
NOTHING = "Es wurde nichts übernommen."


@pytest.mark.parametrize("run", IMPORTS, ids=["dldb", "leika"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "k.json: Die Datei ist leer."),
        (b" \n\t\n", "k.json: Die Datei ist leer."),
        (b"kein JSON", "k.json, Zeile 1: Das ist kein JSON."),
        (b"id;name\n1;Pass\n", "k.json, Zeile 1: Das ist kein JSON."),
        (b"<!doctype html><html>404</html>", "k.json: Das ist XML oder HTML; gelesen werden JSON und NDJSON."),
        (b"PK\x03\x04abc", "k.json: Die Datei ist ein ZIP-Archiv."),
        ("{}".encode("utf-16"), "k.json, Zeile 1: Das ist kein JSON."),
        (b'{"id": 1}\x00', "k.json, Zeile 1: Das ist kein JSON."),
        (b"{kaputt}\n", "k.json, Zeile 1: Die Zeile ist kein gültiges JSON. Bitte berichtigen"),
        (b'{"egal": 1}\n[1, 2]\n', "k.json, Zeile 2: Hier steht kein Objekt in geschweiften Klammern."),
        (b'{"egal": 1}\n"text"\n', "k.json, Zeile 2: Hier steht kein Objekt"),
        (b'[{"egal": 1},\n[2]]', "k.json, Zeile 2: Hier steht kein Objekt"),
        (b'{"egal": 1}\n{"id": "1", "na', "k.json, Zeile 2: Die Zeile ist kein gültiges JSON. Die Datei ist wohl abge"),
        (b'{"data": [\n{"id": "1"', "k.json, Zeile 2: Die Datei endet mitten im Dokument."),
        (b'{"data": {"a": 1}}', "k.json, Zeile 1: An einer Stelle steht „{“, wo „[“ stehen müsste."),
        (b'{"data": []}\n{"data": []}', "k.json, Zeile 2: Nach dem Ende des Dokuments steht noch etwas."),
        (b'{"data": []}', "k.json: Die Datei enthält "),
        (b'{"egal": 1}\n', "k.json: Die Datei enthält "),
        (b'{"egal": "\xff"}\n', "k.json, Zeile 1: Die Zeile ist kein UTF-8."),
        (b'[\n{"egal": "\xfc"}]', "k.json, Zeile 1: Die Datei ist kein UTF-8."),
        (b'{"egal": 1}\n{"a":' + b"[" * 40 + b"]" * 40 + b"}\n", "k.json, Zeile 2: Die Zeile ist zu tief verschach"),
        (b'{"a":' * 100_000 + b"\n", "k.json, Zeile 1: Die Zeile ist zu tief verschachtelt."),
        (b'{"data": [' + b'{"a":' * 100_000, "k.json, Zeile 1: Die Datei ist zu tief verschachtelt."),
        (b'{"data": [{"a":' + b"[" * 40 + b"]" * 40 + b"}]}", "k.json, Zeile 1: Die Datei ist zu tief verschachtelt."),
        (b'{"a": "' + b"x" * 1024**2 + b'"}\n', "k.json, Zeile 1: Die Zeile ist länger als 1 MB."),
        (b'{"data": [{"a": "' + b"x" * 3 * 1024**2 + b'"}]}', "k.json, Zeile 1: Ein Objekt ist kein gültiges JSON od"),
        (b'{"a": ' + b"9" * 5000 + b"}\n", "k.json, Zeile 1: Die Zeile ist kein gültiges JSON."),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else "",
)
def test_other_files_are_refused(write_bytes: WriteFile, run: type, content: bytes, said: str) -> None:
    with pytest.raises(city.ImportStopped) as stopped:
        run(write_bytes(content, "k.json"))
    assert stopped.value.sentence.startswith(said)
    assert stopped.value.sentence.endswith(NOTHING)
    assert Service.objects.count() == search.count_entries() == 0


@pytest.mark.parametrize("run", IMPORTS, ids=["dldb", "leika"])
def test_missing_files_and_folders(tmp_path: Path, run: type) -> None:
    with pytest.raises(city.ImportStopped, match=r"^fehlt.json: Diese Datei gibt es nicht."):
        run(tmp_path / "fehlt.json")
    with pytest.raises(city.ImportStopped, match="Das ist ein Ordner"):
        run(tmp_path)


def test_what_is_too_much_is_refused(write_lines: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_lines(service(1), service(2), service(3))
    monkeypatch.setattr(importing, "LIMITS", city.Limits(records=2))
    with pytest.raises(city.ImportStopped, match=r"^katalog.ndjson, Zeile 3: Die Datei hat mehr als 2 Einträge."):
        actions.import_dldb(file)
    monkeypatch.setattr(importing, "LIMITS", city.Limits(size=10))
    with pytest.raises(city.ImportStopped, match=r"^katalog.ndjson: Die Datei ist größer als 0 MB."):
        actions.import_dldb(file)
    assert Service.objects.count() == 0


def test_whole_batches_stay_and_the_broken_one_is_not_begun(
    write_bytes: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    lines = b"".join(json.dumps(service(number, f"S {number}")).encode() + b"\n" for number in range(1, 26))
    with pytest.raises(city.ImportStopped) as stopped:
        actions.import_dldb(write_bytes(lines + b"{kaputt\n", "k.ndjson"))
    assert stopped.value.sentence == (
        "k.ndjson, Zeile 26: Die Zeile ist kein gültiges JSON. Bitte berichtigen oder löschen Sie die Zeile. "
        "Bis dahin wurden 20 Leistungen übernommen und bleiben erhalten. "
        "Ein neuer Lauf setzt darauf auf und legt nichts doppelt an."
    )
    assert Service.objects.count() == search.count_entries() == 20


def test_a_batch_that_fails_leaves_nothing(write_lines: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("search is away")

    monkeypatch.setattr("stadtportal.areas.townhall.actions.writing.search.put", broken)
    with pytest.raises(RuntimeError, match="search is away"):
        actions.import_dldb(write_lines(service(1)))
    assert Service.objects.count() == 0


def test_hostile_values_are_kept_harmless_or_left_out(write_lines: WriteFile) -> None:
    odd = service(
        1,
        "<b>A</b>\u0000\ud800\u202eB" + "x" * 2000,
        description={"a": 1},
        fees=[1],
        duration=10**30,
        leika=["99085001012000"],
        forms="x",
        links=[{"name": 5, "link": "https://a.example/" + "y" * 9000}, None, 7],
        locations={"location": "7"},
        meta=[1],
        appointment="x",
        legal=5,
    )
    report = actions.import_dldb(write_lines(odd))
    kept = Service.objects.get()
    assert kept.title == ("A B" + "x" * 2000)[:300]
    assert (kept.body, kept.fees, kept.minutes, kept.documents) == ("", "", None, [])
    assert (kept.leika_key, kept.office_refs, report.created) == ("", ["7"], 1)


def run_command(command: str, *argv: str) -> tuple[int, str]:
    out = io.StringIO()
    code: int = getattr(adapters, command)(argv, Console(file=out, width=120))
    return code, out.getvalue()


def test_the_report_of_an_import(write_lines: WriteFile) -> None:
    file = write_lines(row(), row("3233", "Ohne Schlüssel"))
    code, said = run_command("import_leika", str(file), "--label", "L")
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert code == 0
    assert lines[:5] == [
        "Import abgeschlossen", "Einträge gelesen 2", "Leistungen neu 1", "Leistungen geändert 0",
        "Leistungen unverändert 0",
    ]  # fmt: skip
    assert lines[-3:] == ["Ausgelassen:", "1 ohne LeiKa-Schlüssel aus 14 Ziffern", "z. B. Zeile 2: Ohne Schlüssel"]
    assert Service.objects.get().label == "L"


def test_a_bad_file_ends_with_exit_code_2(write_bytes: WriteFile, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run_command("import_dldb", str(write_bytes(GOOD + b"[]\n", "k.ndjson")))
    assert (code, said.splitlines()[0]) == (2, "Import abgebrochen; so weit kam er")
    assert capsys.readouterr().err.startswith("k.ndjson, Zeile 2: Hier steht kein Objekt")


@pytest.mark.parametrize("argv", [[], ["a", "b"], ["--lable", "x", "a"]])
def test_arguments_nobody_understands(argv: list[str]) -> None:
    with pytest.raises(city.BadArguments, match="Aufruf: stadtportal import dldb DATEI \\[--label TEXT\\]"):
        adapters.import_dldb(argv)
    with pytest.raises(city.BadArguments, match="Aufruf: stadtportal import leika DATEI"):
        adapters.import_leika(argv)


def test_the_area_offers_both_imports() -> None:
    assert AREA.importers == {
        "dldb": "stadtportal.areas.townhall.adapters.import_dldb",
        "leika": "stadtportal.areas.townhall.adapters.import_leika",
    }
