"""The key ring: the keys of sealed fields, in a file outside the database.

The file is JSON, readable for its owner only: ``{"version": 1, "index": SECRET, "keys": [{"id", "made", "until",
"secret"}]}``. Secrets are 32 bytes in base64; times are ISO 8601. The last key seals, all of them unseal. ``index`` is
the secret of fingerprints; it stays, because a fingerprint can be compared only under one secret.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import fcntl
import json
import os
import secrets
import stat
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET_BYTES: Final = 32
#: How long a replaced key is kept at least: whatever was just being written with it is stored by then.
GRACE: Final = timedelta(hours=1)


class SealingError(Exception):
    """Something sealed cannot be opened, or nothing can be sealed; the text says why and what helps, in German."""


class KeyRingMissing(SealingError):  # noqa: N818 -- says what is the matter.
    """There is no key ring where one should be."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``until`` is when another one replaced it; the current key has none."""

    id: str
    secret: bytes
    made: datetime
    until: datetime | None = None

    def __repr__(self) -> str:
        """Name the key without its secret, which would otherwise stand in every traceback."""
        return f"Key({self.id!r})"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys, oldest first, and the secret of fingerprints."""

    index: bytes
    keys: tuple[Key, ...]

    def __repr__(self) -> str:
        """Name the keys without their secrets."""
        return f"KeyRing({[key.id for key in self.keys]})"

    @property
    def current(self) -> Key:
        """The key that seals."""
        return self.keys[-1]

    def key(self, key_id: str) -> Key:
        """Return the key with that id. Raises ``SealingError``."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise SealingError(
            f"Der Schlüssel „{key_id}“ fehlt im Schlüsselbund. Was mit ihm versiegelt ist, öffnet sich nur mit ihm. "
            "Stellen Sie den Schlüsselbund aus seiner Sicherung wieder her."
        )


def read(path: Path) -> KeyRing:
    """Read the ring. Raises ``KeyRingMissing``, or ``SealingError`` when others may read it or it is damaged."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise KeyRingMissing(f"Der Schlüsselbund {path} fehlt.") from None
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SealingError(f"Der Schlüsselbund {path} ist für andere lesbar. Führen Sie „chmod 600 {path}“ aus.")
    return _parse(path, found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _parse(path: Path, _inode: int, _changed_ns: int) -> KeyRing:
    """Parse the file once for as long as it stays the same."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        keys = tuple(
            Key(
                id=key["id"],
                secret=_secret(key["secret"]),
                made=datetime.fromisoformat(key["made"]),
                until=datetime.fromisoformat(key["until"]) if key["until"] else None,
            )
            for key in held["keys"]
        )
        if held["version"] != 1 or not keys or len({key.id for key in keys}) != len(keys):
            raise ValueError("version or keys")  # noqa: TRY301 -- damaged in the same way as what the parser refuses.
        return KeyRing(index=_secret(held["index"]), keys=keys)
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise SealingError(
            f"Der Schlüsselbund {path} ist beschädigt. Stellen Sie ihn aus seiner Sicherung wieder her."
        ) from error


def _secret(text: str) -> bytes:
    secret = base64.b64decode(text, validate=True)
    if len(secret) != SECRET_BYTES:
        raise ValueError("length of a secret")
    return secret


def make(path: Path, *, now: datetime) -> KeyRing:
    """Make a ring with one key, unless another process was faster; return the one that is there."""
    made = KeyRing(index=secrets.token_bytes(SECRET_BYTES), keys=(_new_key(now),))
    with _locked(path):
        if not path.exists():
            _write(path, made)
    return read(path)


def add_key(path: Path, *, now: datetime) -> KeyRing:
    """Add a key; from now on it seals."""
    with _locked(path):
        held = read(path)
        past = (*held.keys[:-1], replace(held.current, until=now))
        _write(path, replace(held, keys=(*past, _new_key(now))))
    return read(path)


def retire_key(path: Path, key_id: str, *, in_use: frozenset[str], now: datetime) -> KeyRing:
    """Take a key away for good. Raises ``SealingError`` while anything may need it."""
    with _locked(path):
        held = read(path)
        key = held.key(key_id)
        if key.until is None:
            raise SealingError(f"Der Schlüssel „{key_id}“ versiegelt gerade. „stadtportal keys rotate“ ersetzt ihn.")
        if key_id in in_use:
            raise SealingError(
                f"Der Schlüssel „{key_id}“ wird noch gebraucht. „stadtportal keys reseal“ versiegelt alles neu."
            )
        if now - key.until < GRACE:
            raise SealingError(f"Der Schlüssel „{key_id}“ wurde eben erst ersetzt. Warten Sie noch eine Stunde.")
        _write(path, replace(held, keys=tuple(one for one in held.keys if one.id != key_id)))
    return read(path)


def _new_key(now: datetime) -> Key:
    return Key(id=secrets.token_hex(4), secret=secrets.token_bytes(SECRET_BYTES), made=now)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time change the ring."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _write(path: Path, ring: KeyRing) -> None:
    """Replace the file as a whole; a crash leaves the old one or the new one."""
    text = json.dumps(
        {
            "version": 1,
            "index": base64.b64encode(ring.index).decode(),
            "keys": [
                {
                    "id": key.id,
                    "made": key.made.isoformat(),
                    "until": key.until.isoformat() if key.until else None,
                    "secret": base64.b64encode(key.secret).decode(),
                }
                for key in ring.keys
            ],
        },
        indent=1,
    )
    unfinished = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
