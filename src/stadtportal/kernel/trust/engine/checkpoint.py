"""Signed checkpoints: the log's size and root as a signed note (C2SP tlog-checkpoint and signed-note, Ed25519)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519: Final = b"\x01"
_DASH: Final = "\u2014"
_LONGEST_NOTE: Final = 10_000
_ID_BYTES, _HASH_BYTES = 4, 32


class CheckpointError(ValueError):
    """A text is no checkpoint of this log; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its name, how many entries it holds, and the hash of the tree."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a log's key; ``name`` is the log's origin."""

    name: str
    key: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that tell keys apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key.public_bytes_raw()).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Write the key the way other tools read it: ``name+id+key``."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.key.public_bytes_raw()).decode()}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read what ``str`` wrote. Raises :class:`CheckpointError`."""
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
            made = cls(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
        except (ValueError, binascii.Error) as error:
            message = "the key is not of the form name+id+key"
            raise CheckpointError(message) from error
        if raw[:1] != _ED25519 or made.key_id.hex() != key_id:
            message = "the key and its id do not belong together"
            raise CheckpointError(message)
        return made


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """Return the signed note."""
    verifier = Verifier(checkpoint.origin, key.public_key())
    signature = base64.b64encode(verifier.key_id + key.sign(checkpoint.body.encode())).decode()
    return f"{checkpoint.body}\n{_DASH} {checkpoint.origin} {signature}\n"


def open_note(note: str, verifier: Verifier) -> Checkpoint:
    """Return the checkpoint of a note that this log signed; signatures of others are passed over.

    Raises :class:`CheckpointError`.
    """
    if len(note) > _LONGEST_NOTE:
        raise CheckpointError("the checkpoint is too long")
    body, separator, signatures = note.partition("\n\n")
    if not separator:
        raise CheckpointError("the checkpoint has no signatures")
    checkpoint = _parse(f"{body}\n")
    if checkpoint.origin != verifier.name:
        raise CheckpointError(f"the checkpoint is of the log {checkpoint.origin!r}")
    if not any(_is_signed(line, checkpoint, verifier) for line in signatures.splitlines()):
        raise CheckpointError("the checkpoint is not signed by this log's key")
    return checkpoint


def _parse(body: str) -> Checkpoint:
    lines = body.split("\n")
    try:
        origin, size, encoded = lines[:3]
        checkpoint = Checkpoint(origin, int(size), base64.b64decode(encoded, validate=True))
    except (ValueError, binascii.Error) as error:
        message = "the checkpoint does not have the lines name, size and root"
        raise CheckpointError(message) from error
    if not origin or size != str(checkpoint.size) or checkpoint.size < 0 or len(checkpoint.root) != _HASH_BYTES:
        raise CheckpointError("the size or the root of the checkpoint is malformed")
    if checkpoint.body != body:
        raise CheckpointError("the checkpoint holds lines that this log does not write")
    return checkpoint


def _is_signed(line: str, checkpoint: Checkpoint, verifier: Verifier) -> bool:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or parts[1] != verifier.name:  # noqa: PLR2004 -- dash, name, signature.
        return False
    try:
        raw = base64.b64decode(parts[2], validate=True)
        verifier.key.verify(raw[_ID_BYTES:], checkpoint.body.encode())
    except (binascii.Error, InvalidSignature):
        return False
    return raw[:_ID_BYTES] == verifier.key_id
