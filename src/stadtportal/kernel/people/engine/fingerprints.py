"""Keyed hashes: values that can be recognised, and not read."""

from __future__ import annotations

import hashlib
import hmac


def fingerprint(value: str, *, purpose: str, key: str) -> str:
    """Return 64 hexadecimal digits. The same value under another purpose looks different."""
    own_key = hmac.new(key.encode(), f"people.fingerprint\0{purpose}".encode(), hashlib.sha256).digest()
    return hmac.new(own_key, value.encode(), hashlib.sha256).hexdigest()
