"""A file that is no OpenStreetMap file is refused with its name, its line and a remedy."""

from __future__ import annotations

import gzip
import itertools
import json
import os
from pathlib import Path

import pytest

from stadtportal.kernel.city.engine import data_file
from stadtportal.kernel.city.engine.data_file import UnreadableFile
from stadtportal.kernel.city.engine.osm_file import Kind, open_osm
from stadtportal.kernel.city.engine.osm_json import MAX_OBJECT, read_objects
from stadtportal.kernel.city.engine.osm_object import OsmObject, OsmStreet
from stadtportal.kernel.city.engine.osm_pbf import read_extract
from stadtportal.kernel.city.rules.osm_tags import PLACE_KEYS
from tests.city.conftest import node
from tests.city.extract import write_extract

GOOD_LINE = json.dumps(node(1, name="Café", amenity="cafe")) + "\n"


def read(path: Path) -> list[OsmObject | OsmStreet | None]:
    with open_osm(path) as opened:
        if opened.kind is Kind.PBF:
            return list(read_extract(path, PLACE_KEYS))
        return list(read_objects(opened))


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    return refused.value.sentence


def written(tmp_path: Path, content: bytes, name: str = "datei") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_ndjson_yields_objects_with_their_lines(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + GOOD_LINE.encode() + b"\n" + GOOD_LINE.replace("/1", "/2").encode())
    found = read(path)
    assert [(one.source_id, one.line) for one in found if isinstance(one, OsmObject)] == [("node/1", 1), ("node/2", 3)]


def overpass(indent: int | None) -> bytes:
    document = {
        "version": 0.6,
        "osm3s": {"copyright": "ODbL"},
        "elements": [
            {"type": "node", "id": 1, "lat": 48.1, "lon": 9.1, "tags": {"name": "Ä", "amenity": "cafe"}},
            {"type": "way", "id": 2, "center": {"lat": 48.2, "lon": 9.2}, "tags": {"name": "B", "shop": "books"}},
            {
                "type": "relation",
                "id": 3,
                "bounds": {"minlat": 48.0, "minlon": 9.0, "maxlat": 48.2, "maxlon": 9.4},
                "tags": {"name": "C", "leisure": "park"},
            },
            {"type": "node", "id": 4, "lat": 48.1, "lon": 9.1},
        ],
        "remark": "fertig",
    }
    return json.dumps(document, indent=indent, ensure_ascii=False).encode()


@pytest.mark.parametrize("indent", [None, 2])
def test_overpass_json_yields_elements(tmp_path: Path, indent: int | None) -> None:
    found = read(written(tmp_path, overpass(indent)))
    assert [(one.source_id, one.lat, one.lon) if isinstance(one, OsmObject) else None for one in found] == [
        ("node/1", 48.1, 9.1),
        ("way/2", 48.2, 9.2),
        ("relation/3", 48.1, 9.2),
        None,
    ]


def test_overpass_json_may_be_larger_than_what_is_read_at_once(tmp_path: Path) -> None:
    elements = [
        {"type": "node", "id": number, "lat": 48.1, "lon": 9.1, "tags": {"name": "ü" * 500, "amenity": "cafe"}}
        for number in range(2000)
    ]
    found = read(written(tmp_path, json.dumps({"elements": elements}, ensure_ascii=False).encode()))
    assert [one.source_id for one in found if isinstance(one, OsmObject)] == [f"node/{n}" for n in range(2000)]


def test_gzip_is_unpacked_whatever_the_name(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(GOOD_LINE.encode()) + gzip.compress(GOOD_LINE.replace("/1", "/2").encode()))
    assert len(read(path)) == 2


def test_an_extract_is_known_by_its_content(tmp_path: Path) -> None:
    path = write_extract(tmp_path / "ort.osm.pbf").rename(tmp_path / "ohne-endung")
    found = read(path)
    assert [one.source_id for one in found if isinstance(one, OsmObject)] == ["node/1", "way/504", "relation/601"]
    assert [(one.way_id, one.name, len(one.line)) for one in found if isinstance(one, OsmStreet)] == [
        (501, "Lange Straße", 2),
        (502, "Lange Straße", 2),
        (503, "Lange Straße", 2),
    ]
    points = {one.source_id: (one.lat, one.lon) for one in found if isinstance(one, OsmObject)}
    assert points["way/504"] == pytest.approx((48.773, 9.191))
    assert points["relation/601"] == pytest.approx((48.773, 9.191))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Die Datei ist leer."),
        (b"  \n\n", "Die Datei ist leer."),
        (os.urandom(3) + b"\x00\xff" * 4000, "Das ist keine OpenStreetMap-Datei."),
        (b"id;name\n1;Cafe\n", "Das ist keine OpenStreetMap-Datei."),
        (b"[1, 2, 3]", "Das ist keine OpenStreetMap-Datei."),
        (b"<?xml version='1.0'?><osm/>", "Das ist XML oder HTML"),
        (b"BZh91AY", "mit bzip2 gepackt"),
        (b"PK\x03\x04abc", "ein ZIP-Archiv"),
        (gzip.compress(gzip.compress(b"{}")), "doppelt gepackt"),
        (gzip.compress(b"\x00\x00\x00\x0e\n\tOSMHeader"), "ist schon gepackt"),
        (b'{"stadt": "Stuttgart"}\n' * 3, "enthält keine OpenStreetMap-Objekte"),
        (b'{"type": "FeatureCollection", "features": []}', "enthält keine OpenStreetMap-Objekte"),
        (b'{"elements": []}', "enthält keine OpenStreetMap-Objekte"),
        (b'{"elements": {"a": 1}}', "wo „[“ stehen müsste"),
        (b'{"elements": [{"type": "node", "id": 1', "endet mitten im Dokument"),
        (b'{"elements": [' + b'{"a":' * 50_000, "verschachtelt"),
        (b'{"elements": [{"name": "\xff\xfe"}]}', "kein UTF-8"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    sentence = refusal(written(tmp_path, content, "falsch.dat"))
    assert sentence.startswith(("falsch.dat: ", "falsch.dat, Zeile 1: "))
    assert said in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": "node/2", "lat": 48', "Zeile 2: Die Zeile ist kein gültiges JSON. Die Datei ist wohl abgeschnitten"),
        (b"Unsinn\n", "Zeile 2: Die Zeile ist kein gültiges JSON. Bitte berichtigen"),
        (b'{"a":' * 100_000 + b"\n", "Zeile 2: Die Zeile ist zu tief verschachtelt."),
        (b'{"name": "\xff"}\n', "Zeile 2: Die Zeile ist kein UTF-8."),
        (b'{"name": "' + b"x" * MAX_OBJECT + b'"}\n', "Zeile 2: Die Zeile ist länger als 4 MB."),
    ],
    ids=["abgeschnitten", "unsinn", "tief", "latin", "lang"],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, said: str) -> None:
    assert said in refusal(written(tmp_path, GOOD_LINE.encode() + line, "orte.ndjson"))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    assert refusal(tmp_path / "fehlt.ndjson") == "fehlt.ndjson: Diese Datei gibt es nicht. Bitte prüfen Sie den Pfad."
    assert refusal(tmp_path).startswith(f"{tmp_path.name}: Das ist ein Ordner.")


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress("".join(json.dumps(node(n, name=f"Café {n * n}")) + "\n" for n in range(5000)).encode())
    assert "Die gepackte Datei ist abgeschnitten." in refusal(written(tmp_path, whole[: len(whole) // 2], "a.gz"))
    wrong_sum = whole[:-8] + bytes(8)
    assert "gepackte Datei ist beschädigt" in refusal(written(tmp_path, wrong_sum, "b.gz"))


def test_a_gzip_bomb_is_refused_early(tmp_path: Path) -> None:
    path = tmp_path / "bombe.ndjson.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(200):
            file.write(GOOD_LINE.encode() * 2000)
    assert path.stat().st_size < 500_000
    with open_osm(path) as opened:
        counted = itertools.count()
        with pytest.raises(UnreadableFile, match="wächst beim Entpacken auf mehr als das 100-Fache"):
            for _ in zip(read_objects(opened), counted, strict=False):
                pass
        assert next(counted) * len(GOOD_LINE) < 2 * data_file.RATIO_COUNTS_FROM


def test_a_gzip_bomb_without_lines_is_refused(tmp_path: Path) -> None:
    content = gzip.compress(GOOD_LINE.encode() + b'{"a": "' + b"a" * 30_000_000)
    assert "länger als 4 MB" in refusal(written(tmp_path, content, "bombe.gz"))


def test_a_truncated_extract_is_refused(tmp_path: Path) -> None:
    whole = write_extract(tmp_path / "ort.osm.pbf", nodes=3000).read_bytes()
    for length in (60, len(whole) // 2, len(whole) - 10):
        sentence = refusal(written(tmp_path, whole[:length], "halb.osm.pbf"))
        assert sentence.startswith("halb.osm.pbf: Der Auszug ist ")
        assert sentence.endswith("noch einmal vollständig herunter.")


def test_a_damaged_extract_is_refused(tmp_path: Path) -> None:
    whole = bytearray(write_extract(tmp_path / "ort.osm.pbf", nodes=3000).read_bytes())
    whole[200:600] = b"\x99" * 400
    assert refusal(written(tmp_path, bytes(whole), "kaputt.osm.pbf")).startswith("kaputt.osm.pbf: Der Auszug ist ")
