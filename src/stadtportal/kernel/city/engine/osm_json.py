"""Reading NDJSON and Overpass JSON, one object at a time, whatever the size of the file."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any

from stadtportal.kernel.city.engine.osm_file import HOW_TO_GET, Kind, OpenFile
from stadtportal.kernel.city.engine.osm_object import OsmObject, UnreadableFile, object_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

#: No object of OpenStreetMap is longer than this.
MAX_OBJECT = 4 * 1024 * 1024
CHUNK = 256 * 1024
#: After so many records without one object the file is taken for something else.
PATIENCE = 1000


def read_objects(opened: OpenFile) -> Iterator[OsmObject | None]:
    """Yield the objects of a JSON file; ``None`` for a record that is no object of OpenStreetMap.

    Raises :class:`UnreadableFile` where reading cannot go on, and when the file holds no object at all.
    """
    records = _ndjson(opened) if opened.kind is Kind.NDJSON else _overpass(opened)
    found = False
    for seen, (line, value) in enumerate(records, 1):
        made = object_from_json(value, line)
        found = found or made is not None
        if not found and seen >= PATIENCE:
            break
        yield made
    if not found:
        what = "Die Datei enthält keine OpenStreetMap-Objekte (erwartet werden id, lat, lon und tags)."
        raise UnreadableFile(opened.path, what, HOW_TO_GET)


def _ndjson(opened: OpenFile) -> Iterator[tuple[int, Any]]:
    number = 0
    while line := opened.stream.readline(MAX_OBJECT + 1):
        number += 1
        if len(line) > MAX_OBJECT:
            raise UnreadableFile(
                opened.path,
                f"Die Zeile ist länger als {MAX_OBJECT // 1024**2} MB.",
                "Bitte prüfen Sie, ob je Zeile ein Objekt steht.",
                line=number,
            )
        stripped = line.strip().removeprefix(b"\xef\xbb\xbf") if number == 1 else line.strip()
        if not stripped:
            continue
        try:
            yield number, json.loads(stripped)
        except RecursionError as error:
            raise UnreadableFile(
                opened.path,
                "Die Zeile ist zu tief verschachtelt.",
                "Objekte von OpenStreetMap sind flach; bitte prüfen Sie die Herkunft.",
                line=number,
            ) from error
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                opened.path, "Die Zeile ist kein UTF-8.", "Bitte speichern Sie die Datei als UTF-8.", line=number
            ) from error
        except ValueError as error:
            at_end = not line.endswith(b"\n")
            remedy = (
                "Die Datei ist wohl abgeschnitten; bitte laden Sie sie noch einmal herunter."
                if at_end
                else "Bitte berichtigen oder löschen Sie die Zeile."
            )
            raise UnreadableFile(opened.path, "Die Zeile ist kein gültiges JSON.", remedy, line=number) from error


class _Window:
    """A stretch of a long text that moves on as it is read, and never grows beyond one object."""

    def __init__(self, opened: OpenFile) -> None:
        self._opened = opened
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._text, self._at, self._ended = "", 0, False
        self._decoder = json.JSONDecoder()

    def _more(self) -> bool:
        """Read on; tell whether there was anything."""
        if self._ended:
            return False
        chunk = self._opened.stream.read(CHUNK)
        self._ended = not chunk
        try:
            self._text = self._text[self._at :] + self._decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise self.refusal("Die Datei ist kein UTF-8.", "Bitte speichern Sie sie als UTF-8.") from error
        self._at = 0
        return not self._ended

    def refusal(self, problem: str, remedy: str) -> UnreadableFile:
        """Return a refusal naming the file."""
        return UnreadableFile(self._opened.path, problem, remedy)

    def cut_off(self) -> UnreadableFile:
        """Return the refusal of a file that ends too early."""
        return self.refusal(
            "Die Datei endet mitten im Dokument.", "Bitte laden Sie sie noch einmal vollständig herunter."
        )

    def sign(self) -> str:
        """Return the next sign that is no white space, without moving past it."""
        while True:
            while self._at < len(self._text):
                if not self._text[self._at].isspace():
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                raise self.cut_off()

    def take(self, expected: str) -> None:
        """Move past one sign. Raises a refusal when another stands there."""
        if (found := self.sign()) != expected:
            raise self.refusal(
                f"An einer Stelle steht „{found}“, wo „{expected}“ stehen müsste.",
                "Bitte prüfen Sie, ob die Datei gültiges Overpass-JSON ist.",
            )
        self._at += 1

    def value(self) -> Any:  # noqa: ANN401 -- whatever JSON value comes next.
        """Return the next value, reading on until it is whole."""
        self.sign()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise self.refusal("Die Datei ist zu tief verschachtelt.", "Bitte prüfen Sie die Herkunft.") from error
            except ValueError as error:
                if len(self._text) - self._at > MAX_OBJECT:
                    raise self.refusal(
                        f"Ein Objekt ist kein gültiges JSON oder länger als {MAX_OBJECT // 1024**2} MB.",
                        "Bitte prüfen Sie die Datei.",
                    ) from error
                if not self._more():
                    raise self.cut_off() from error
                continue
            if end == len(self._text) and self._more():
                continue  # A number at the edge may go on in the next stretch.
            self._at = end
            return value


def _overpass(opened: OpenFile) -> Iterator[tuple[int, Any]]:
    """Yield the members of ``elements`` of a document that may be larger than memory."""
    window = _Window(opened)
    window.take("{")
    while window.sign() != "}":
        key = window.value()
        window.take(":")
        if key != "elements":
            window.value()
        else:
            window.take("[")
            while window.sign() != "]":
                yield 0, window.value()
                if window.sign() != "]":
                    window.take(",")
            window.take("]")
        if window.sign() != "}":
            window.take(",")
