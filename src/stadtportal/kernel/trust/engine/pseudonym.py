"""Pairwise identifiers: each organisation knows the same person under another name, and none can be turned back."""

import base64
import hashlib
import hmac
from uuid import UUID

_DOMAIN = b"stadtportal/pairwise/v1"
#: 16 bytes (128 bits) are 26 letters and digits.
_BYTES = 16


def pairwise(key: bytes, *, organisation_id: int, person_id: UUID) -> str:
    """Return by what name one organisation knows one person; without ``key`` nobody can compute or link it."""
    message = b"\x00".join((_DOMAIN, str(organisation_id).encode(), person_id.bytes))
    digest = hmac.new(key, message, hashlib.sha256).digest()[:_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()
