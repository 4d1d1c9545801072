"""The journal of erasures: one append-only file beside the database, so that no old backup brings anybody back.

An erasure is written down *before* its transaction commits (``begun``), and again when it has (``done``), or when it
was undone (``void``). Each line is forced to the disk before the next step. What was begun and is neither done nor void
was cut off by a crash: the person had confirmed it, so it is carried out again. Repeating an erasure does no harm.

A line names a person only by a keyed hash of the account's id: whoever finds the file learns nothing, and whoever has
the key file too can only say whether an account *in front of them* was erased. Each line carries a keyed hash over
itself and its predecessor, so an edited, missing or swapped line is noticed. A torn last line, written when the machine
died, is told apart from that: it was never acknowledged and is cut off before the next line is written.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

FILE = "erasures.jsonl"
KEY = "erasures.key"
BEGUN, DONE, VOID = "begun", "done", "void"
STEPS = frozenset({BEGUN, DONE, VOID})


class JournalBroken(Exception):  # noqa: N818 -- names what is wrong; the text is for operators, in German.
    """The journal or its key is missing, was edited, or does not fit the other."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``person`` is the keyed hash of the account's id; ``id`` is the same on all lines of one erasure."""

    id: str
    step: str
    person: str
    at: str


class Journal:
    """The journal in one folder. Every method may be called from several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._key_path = folder / KEY

    def begin(self, person_id: UUID, *, now: datetime) -> str:
        """Write down that this person is about to be erased; return the erasure's id. Durable when it returns."""
        erasure = secrets.token_hex(8)
        self._append(erasure, BEGUN, self.hash_of(person_id), now)
        return erasure

    def finish(self, erasure: str, person: str, *, now: datetime) -> None:
        """Write down that the erasure is committed."""
        self._append(erasure, DONE, person, now)

    def void(self, erasure: str, person: str, *, now: datetime) -> None:
        """Write down that the erasure was undone: its transaction failed and the person was told so."""
        self._append(erasure, VOID, person, now)

    def hash_of(self, person_id: UUID) -> str:
        """Return how the journal names this person."""
        return hmac.new(self._key(), b"person\0" + person_id.bytes, hashlib.sha256).hexdigest()

    def erased(self) -> frozenset[str]:
        """Return the hashes of all who were or must be erased. Raises ``JournalBroken``."""
        last = {entry.id: entry for entry in self.read()}
        return frozenset(entry.person for entry in last.values() if entry.step != VOID)

    def unfinished(self) -> dict[str, str]:
        """Return the erasures a crash cut off: hash of the person by the erasure's id. Raises ``JournalBroken``."""
        last = {entry.id: entry for entry in self.read()}
        return {entry.id: entry.person for entry in last.values() if entry.step == BEGUN}

    def read(self) -> list[Entry]:
        """Return every line, checked. Raises ``JournalBroken``. A torn last line is no line."""
        if not self._path.exists():
            if self._key_path.exists():
                message = f"Das Löschjournal {self._path} fehlt, obwohl sein Schlüssel da ist."
                raise JournalBroken(message)
            return []
        with self._path.open("rb") as file:
            return [entry for entry, _mac in self._lines(file.read())]

    def _append(self, erasure: str, step: str, person: str, now: datetime) -> None:
        with self._locked() as file:
            content = file.read()
            whole = content[: content.rfind(b"\n") + 1]
            lines = self._lines(whole)
            before = lines[-1][1] if lines else ""
            entry = {"id": erasure, "step": step, "person": person, "at": now.isoformat()}
            line = json.dumps(entry | {"mac": self._mac(entry, before)}, separators=(",", ":")).encode() + b"\n"
            if len(whole) != len(content):
                file.truncate(len(whole))
            file.seek(len(whole))
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def _lines(self, content: bytes) -> list[tuple[Entry, str]]:
        lines: list[tuple[Entry, str]] = []
        before = ""
        for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), start=1):
            try:
                fields = json.loads(line)
                mac = fields.pop("mac")
                entry = Entry(**fields)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                message = f"Zeile {number} des Löschjournals {self._path} ist unlesbar."
                raise JournalBroken(message) from error
            if entry.step not in STEPS or not hmac.compare_digest(mac, self._mac(fields, before)):
                message = f"Zeile {number} des Löschjournals {self._path} passt nicht zu ihrem Schlüssel {KEY}."
                raise JournalBroken(message)
            lines.append((entry, mac))
            before = mac
        return lines

    def _mac(self, entry: dict[str, str], before: str) -> str:
        text = json.dumps([before, entry["id"], entry["step"], entry["person"], entry["at"]])
        return hmac.new(self._key(), b"line\0" + text.encode(), hashlib.sha256).hexdigest()

    def _key(self) -> bytes:
        """Return the key, made on first use. Raises ``JournalBroken`` where a journal stands without its key."""
        try:
            return bytes.fromhex(self._key_path.read_text(encoding="ascii"))
        except FileNotFoundError:
            pass
        if self._path.exists() and self._path.stat().st_size:
            message = f"Der Schlüssel {self._key_path} fehlt; ohne ihn sagt das Löschjournal nicht, wer gelöscht ist."
            raise JournalBroken(message)
        self._key_path.parent.mkdir(parents=True, exist_ok=True)
        made = self._key_path.with_name(f"{KEY}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        # The journal is there before its key: a key without a journal means that the journal was lost.
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        try:
            # Unlike a rename this never replaces a key that another process made meanwhile.
            os.link(made, self._key_path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
        _force(self._key_path.parent)
        return bytes.fromhex(self._key_path.read_text(encoding="ascii"))

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        self._key()
        if not self._path.exists():
            message = f"Das Löschjournal {self._path} fehlt, obwohl sein Schlüssel da ist."
            raise JournalBroken(message)
        with self._path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _force(folder: Path) -> None:
    """Force a folder's names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
