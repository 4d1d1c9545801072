"""Reading NDJSON, or the list in a JSON document, one record at a time, whatever the size of the file."""

from __future__ import annotations

import codecs
import enum
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from stadtportal.kernel.city.engine.data_file import CHUNK, OpenFile, UnreadableFile, refuse_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTE = 1024**2
HERITAGE = "Bitte prüfen Sie die Herkunft."


class Layout(enum.Enum):
    """How records stand in a file: one a line, or in the list of one document."""

    LINES = "NDJSON"
    DOCUMENT = "JSON"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold; ``None`` where there is no bound. ``record`` is the length of one record in bytes."""

    record: int = 4 * MEGABYTE
    records: int | None = None
    depth: int | None = None
    size: int | None = None


def layout_of(start: bytes, key: str) -> Layout:
    """Return how records stand in a file that begins so; ``key`` names the list of a document."""
    if start.startswith(b"["):
        return Layout.DOCUMENT
    first_line = start.split(b"\n", 1)[0]
    try:
        value = json.loads(first_line)
    except (ValueError, RecursionError):
        # A document over many lines, or a first line that is broken; which one, the reader will tell.
        is_document = f'"{key}"'.encode() in start or first_line.strip() == b"{"
        return Layout.DOCUMENT if is_document else Layout.LINES
    return Layout.DOCUMENT if isinstance(value, dict) and key in value else Layout.LINES


class RecordFile:
    """A file of JSON objects: NDJSON, ``{"data": [...]}`` or a plain list; iterating yields (line, object)."""

    def __init__(self, path: Path, *, key: str = "data", limits: Limits) -> None:
        """Open the file. Raises :class:`UnreadableFile`."""
        self._key, self._limits = key, limits
        self._opened = OpenFile(path, self._judge)
        if limits.size is not None and self._opened.size > limits.size:
            self._opened.__exit__()
            raise UnreadableFile(path, f"Die Datei ist größer als {limits.size // MEGABYTE} MB.", HERITAGE)

    def _judge(self, path: Path, head: bytes, *, packed: bool) -> Layout:
        del packed
        how = "Bitte geben Sie eine Datei in JSON oder NDJSON an, in UTF-8."
        start = refuse_foreign(path, head, reads="JSON und NDJSON", how_to_get=how)
        if not start.startswith((b"{", b"[")) or b"\x00" in head:
            raise UnreadableFile(path, "Das ist kein JSON.", how, line=1)
        return layout_of(start, self._key)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._opened.__exit__()

    @property
    def size(self) -> int:
        """Return the size of the file on disk in bytes."""
        return self._opened.size

    @property
    def read_bytes(self) -> int:
        """Return how many bytes of the file on disk were read."""
        return self._opened.read_bytes

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield each object with its line. Raises :class:`UnreadableFile` where reading cannot go on."""
        path, limits = self._opened.path, self._limits
        lines = self._opened.kind is Layout.LINES
        records = read_lines(self._opened, limits) if lines else read_members(self._opened, self._key, limits)
        for seen, (line, value) in enumerate(records, 1):
            if limits.records is not None and seen > limits.records:
                most = f"{limits.records:,}".replace(",", ".")
                raise UnreadableFile(
                    path, f"Die Datei hat mehr als {most} Einträge.", "Bitte teilen Sie sie.", line=line
                )
            if not isinstance(value, dict):
                what = "Hier steht kein Objekt in geschweiften Klammern."
                raise UnreadableFile(path, what, "Bitte berichtigen Sie den Eintrag.", line=line)
            yield line, value


def read_lines(opened: OpenFile[Any], limits: Limits) -> Iterator[tuple[int, Any]]:
    """Yield the value of each line of NDJSON with its number. Raises :class:`UnreadableFile`."""
    number = 0
    while line := opened.stream.readline(limits.record + 1):
        number += 1
        if len(line) > limits.record:
            raise UnreadableFile(
                opened.path,
                f"Die Zeile ist länger als {limits.record // MEGABYTE} MB.",
                "Bitte prüfen Sie, ob je Zeile ein Objekt steht.",
                line=number,
            )
        stripped = line.strip().removeprefix(b"\xef\xbb\xbf") if number == 1 else line.strip()
        if not stripped:
            continue
        try:
            value = json.loads(stripped)
        except RecursionError as error:
            raise UnreadableFile(opened.path, "Die Zeile ist zu tief verschachtelt.", HERITAGE, line=number) from error
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
        if _too_deep(value, limits.depth):
            raise UnreadableFile(opened.path, "Die Zeile ist zu tief verschachtelt.", HERITAGE, line=number)
        yield number, value


def _too_deep(value: object, depth: int | None) -> bool:
    """Tell whether lists and objects stand inside each other more than ``depth`` times."""
    if depth is None:
        return False
    layer = [value]
    for _ in range(depth + 1):
        layer = [inner for one in layer if isinstance(one, dict | list) for inner in _inside(one)]
        if not layer:
            return False
    return True


def _inside(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


class _Window:
    """A stretch of a long text that moves on as it is read, and never grows beyond one record."""

    def __init__(self, opened: OpenFile[Any], limits: Limits) -> None:
        self._opened, self._limits = opened, limits
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._text, self._at, self._ended = "", 0, False
        self._decoder = json.JSONDecoder()
        self._line, self._counted = 1, 0

    @property
    def line(self) -> int:
        """Return the number of the line that is read now."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _more(self) -> bool:
        """Read on; tell whether there was anything."""
        if self._ended:
            return False
        _ = self.line
        chunk = self._opened.stream.read(CHUNK)
        self._ended = not chunk
        try:
            self._text = self._text[self._at :] + self._decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise self.refusal("Die Datei ist kein UTF-8.", "Bitte speichern Sie sie als UTF-8.") from error
        self._at = self._counted = 0
        return not self._ended

    def refusal(self, problem: str, remedy: str) -> UnreadableFile:
        """Return a refusal naming the file and the line."""
        return UnreadableFile(self._opened.path, problem, remedy, line=self.line)

    def cut_off(self) -> UnreadableFile:
        """Return the refusal of a file that ends too early."""
        return self.refusal(
            "Die Datei endet mitten im Dokument.", "Bitte laden Sie sie noch einmal vollständig herunter."
        )

    def at_end(self) -> bool:
        """Tell whether nothing but white space is left."""
        while True:
            while self._at < len(self._text):
                if not self._text[self._at].isspace():
                    return False
                self._at += 1
            if not self._more():
                return True

    def sign(self) -> str:
        """Return the next sign that is no white space, without moving past it."""
        if self.at_end():
            raise self.cut_off()
        return self._text[self._at]

    def take(self, expected: str) -> None:
        """Move past one sign. Raises a refusal when another stands there."""
        if (found := self.sign()) != expected:
            raise self.refusal(
                f"An einer Stelle steht „{found}“, wo „{expected}“ stehen müsste.",
                "Bitte prüfen Sie, ob die Datei gültiges JSON ist.",
            )
        self._at += 1

    def value(self) -> Any:  # noqa: ANN401 -- whatever JSON value comes next.
        """Return the next value, reading on until it is whole."""
        self.sign()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise self.refusal("Die Datei ist zu tief verschachtelt.", HERITAGE) from error
            except ValueError as error:
                if len(self._text) - self._at > self._limits.record:
                    raise self.refusal(
                        f"Ein Objekt ist kein gültiges JSON oder länger als {self._limits.record // MEGABYTE} MB.",
                        "Bitte prüfen Sie die Datei.",
                    ) from error
                if not self._more():
                    raise self.cut_off() from error
                continue
            if end == len(self._text) and self._more():
                continue  # A number at the edge may go on in the next stretch.
            if _too_deep(value, self._limits.depth):
                raise self.refusal("Die Datei ist zu tief verschachtelt.", HERITAGE)
            self._at = end
            return value

    def members(self) -> Iterator[tuple[int, Any]]:
        """Yield the members of a list, each with the line it begins in."""
        self.take("[")
        while self.sign() != "]":
            line = self.line
            yield line, self.value()
            if self.sign() != "]":
                self.take(",")
        self.take("]")


def read_members(opened: OpenFile[Any], key: str, limits: Limits) -> Iterator[tuple[int, Any]]:
    """Yield the members of the list ``key`` of a document, or of the list that the document is, each with its line.

    The document may be larger than memory. Raises :class:`UnreadableFile`.
    """
    window = _Window(opened, limits)
    if window.sign() == "[":
        yield from window.members()
    else:
        window.take("{")
        while window.sign() != "}":
            name = window.value()
            window.take(":")
            if name == key:
                yield from window.members()
            else:
                window.value()
            if window.sign() != "}":
                window.take(",")
        window.take("}")
    if not window.at_end():
        raise window.refusal("Nach dem Ende des Dokuments steht noch etwas.", "Bitte prüfen Sie die Datei.")
