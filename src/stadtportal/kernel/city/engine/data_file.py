"""Opening a data file, packed with gzip or not, within bounds; and the refusal of one that is not what it should be."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, Generic, Protocol, Self, TypeVar

from stadtportal.kernel.contracts import RuleBroken

if TYPE_CHECKING:
    from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"
#: How much is looked at to tell what a file is.
HEAD = 256 * 1024
CHUNK = 256 * 1024

#: A packed file may grow to this many bytes in all ...
MAX_UNPACKED = 8 * 1024**3
#: ... and to this many times its packed size, once it is past the first megabytes. JSON text packs about 10 : 1.
MAX_RATIO = 100
RATIO_COUNTS_FROM = 8 * 1024**2

K_co = TypeVar("K_co", covariant=True)


class UnreadableFile(RuleBroken):
    """A file that is not what it should be: which file, where, and what to do about it."""

    status = 422

    def __init__(self, path: Path, problem: str, remedy: str, *, line: int | None = None) -> None:
        """Make one sentence of file, line, problem and remedy."""
        where = f"{path.name}, Zeile {line}" if line else path.name
        super().__init__(f"{where}: {problem} {remedy}")


class Judge(Protocol[K_co]):
    """Tells what a file is."""

    def __call__(self, path: Path, head: bytes, *, packed: bool) -> K_co:
        """Judge by the first bytes. Raises :class:`UnreadableFile` with what the file is instead."""


class GzipReader(io.RawIOBase):
    """Unpacks a gzip file step by step and refuses one that grows beyond measure or ends too early."""

    def __init__(self, path: Path, packed: BinaryIO) -> None:
        """Read from ``packed``; ``path`` names the file in refusals."""
        super().__init__()
        self._path = path
        self._packed = packed
        self._inflate = zlib.decompressobj(wbits=31)
        self._read, self._written = 0, 0
        self._rest = b""
        self._between_members = False

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer will do here.
        """Fill the buffer with unpacked bytes; 0 at the end."""
        while True:
            if not self._rest:
                self._rest = self._packed.read(CHUNK)
                self._read += len(self._rest)
            if not self._rest:
                if self._between_members:
                    return 0
                raise UnreadableFile(
                    self._path,
                    "Die gepackte Datei ist abgeschnitten.",
                    "Bitte laden Sie sie noch einmal vollständig herunter.",
                )
            out = self._unpack(len(buffer))
            if out:
                buffer[: len(out)] = out
                return len(out)

    def _unpack(self, length: int) -> bytes:
        try:
            out = self._inflate.decompress(self._rest, length)
        except zlib.error as error:
            if self._between_members:  # What follows a finished member and is no member is padding.
                self._rest = b""
                return b""
            raise UnreadableFile(
                self._path,
                "Die gepackte Datei ist beschädigt.",
                "Bitte laden Sie sie noch einmal herunter.",
            ) from error
        self._between_members = False
        self._rest = self._inflate.unconsumed_tail
        if self._inflate.eof:
            self._rest = self._inflate.unused_data
            self._inflate = zlib.decompressobj(wbits=31)
            self._between_members = True
        self._written += len(out)
        self._refuse_bomb()
        return out

    def _refuse_bomb(self) -> None:
        too_steep = self._written > RATIO_COUNTS_FROM and self._written > MAX_RATIO * self._read
        if too_steep or self._written > MAX_UNPACKED:
            raise UnreadableFile(
                self._path,
                f"Die gepackte Datei wächst beim Entpacken auf mehr als das {MAX_RATIO}-Fache oder über "
                f"{MAX_UNPACKED // 1024**3} GB. Das tun solche Daten nicht.",
                "Bitte prüfen Sie die Herkunft, oder entpacken Sie die Datei selbst.",
            )

    @property
    def packed_read(self) -> int:
        """Return how many packed bytes were read."""
        return self._read


class OpenFile(Generic[K_co]):
    """An opened file: its kind, its bytes and how far reading has come."""

    def __init__(self, path: Path, judge: Judge[K_co]) -> None:
        """Open the file and let ``judge`` say what it is. Raises :class:`UnreadableFile`."""
        self.path = path
        folder = UnreadableFile(path, "Das ist ein Ordner.", "Bitte geben Sie eine Datei darin an.")
        try:
            self.size = path.stat().st_size
            self._raw = path.open("rb")
        except IsADirectoryError as error:
            raise folder from error
        except FileNotFoundError as error:
            raise UnreadableFile(path, "Diese Datei gibt es nicht.", "Bitte prüfen Sie den Pfad.") from error
        except OSError as error:
            raise UnreadableFile(
                path, "Die Datei lässt sich nicht öffnen.", "Bitte prüfen Sie die Zugriffsrechte."
            ) from error
        self._gzip: GzipReader | None = None
        self.stream: io.BufferedReader = self._raw
        try:
            head = self._raw.peek(HEAD)[:HEAD]
            if head.startswith(GZIP_MAGIC):
                self._gzip = GzipReader(path, self._raw)
                self.stream = io.BufferedReader(self._gzip, HEAD)
                head = self.stream.peek(HEAD)
            self.kind = judge(path, head, packed=self._gzip is not None)
        except IsADirectoryError as error:
            raise folder from error
        except BaseException:
            self._raw.close()
            raise

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._raw.close()

    @property
    def read_bytes(self) -> int:
        """Return how many bytes of the file on disk were read."""
        return self._gzip.packed_read if self._gzip else self._raw.tell()


def refuse_foreign(path: Path, head: bytes, *, reads: str, how_to_get: str, xml_remedy: str = "") -> bytes:
    """Return the beginning of a text file, without mark and white space; raise :class:`UnreadableFile` for others.

    ``reads`` names the formats that are read, ``how_to_get`` what to give instead.
    """
    if not head.strip():
        raise UnreadableFile(path, "Die Datei ist leer.", how_to_get)
    for magic, what in (
        (GZIP_MAGIC, "Die Datei ist doppelt gepackt."),
        (b"BZh", "Die Datei ist mit bzip2 gepackt."),
        (b"PK\x03\x04", "Die Datei ist ein ZIP-Archiv."),
        (b"\xfd7zXZ", "Die Datei ist mit xz gepackt."),
    ):
        if head.startswith(magic):
            raise UnreadableFile(path, what, "Bitte entpacken Sie sie zuerst.")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        raise UnreadableFile(path, f"Das ist XML oder HTML; gelesen werden {reads}.", xml_remedy or how_to_get)
    return start
