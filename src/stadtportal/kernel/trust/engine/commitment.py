"""What the log says about one event without saying what the event is.

``C = SHA-256(domain || salt || JCS(event))``: the event in canonical JSON (RFC 8785) behind 32 random bytes. Without
the salt nobody can guess an event from its commitment; with both anybody can check that it was not rewritten.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

import rfc8785

DOMAIN: Final = b"stadtportal/access-event/v1\n"
SALT_BYTES: Final = 32
#: What stands before the first event of a person.
NO_COMMITMENT: Final = b""

Event = Mapping[str, str | int | Sequence[str]]


def new_salt() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def canonical(event: Event) -> str:
    """Return the event as canonical JSON."""
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in event.items()}
    return rfc8785.dumps(plain).decode()


def commitment_of(event: Event, salt: bytes) -> bytes:
    """Return the 32 bytes that stand for an event. Raises ``ValueError`` for a salt of another length."""
    if len(salt) != SALT_BYTES:
        message = f"a salt has {SALT_BYTES} bytes, not {len(salt)}"
        raise ValueError(message)
    return hashlib.sha256(DOMAIN + salt + canonical(event).encode()).digest()
