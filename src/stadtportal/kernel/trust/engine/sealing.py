"""Sealing text: encryption that also tells when a text was moved or changed.

A sealed text is ``s1.<key id>.<base64url of nonce and ciphertext>``: AES-256-GCM-SIV under a key derived for the
purpose (HKDF-SHA-256), with purpose and context as associated data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from stadtportal.kernel.trust.engine import keyring
from stadtportal.kernel.trust.engine.keyring import KeyRing, KeyRingMissing, SealingError
from stadtportal.kernel.trust.engine.places import keys_in_use

FORM: Final = "s1"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


def ring_path() -> Path:
    """Return where the key ring lies."""
    return Path(settings.KEYRING)


def ring() -> KeyRing:
    """Return the key ring; the first use of a new portal makes it.

    Raises ``SealingError`` when it is missing although something is sealed: a new ring would hide the loss.
    """
    path = ring_path()
    try:
        return keyring.read(path)
    except KeyRingMissing as error:
        if keys_in_use():
            raise SealingError(
                f"Der Schlüsselbund {path} fehlt, aber die Datenbank enthält versiegelte Felder. "
                "Stellen Sie ihn aus seiner Sicherung wieder her."
            ) from error
    return keyring.make(path, now=timezone.now())


def seal(text: str, *, purpose: str, context: tuple[str, ...] = ()) -> str:
    """Return the text sealed. Only the same purpose and context open it again. Raises ``SealingError``."""
    key = ring().current
    nonce = secrets.token_bytes(_NONCE_BYTES)
    hidden = _cipher(key.secret, purpose).encrypt(nonce, text.encode(), _bound(key.id, purpose, context))
    return f"{FORM}.{key.id}.{_written(nonce + hidden)}"


def unseal(sealed: str, *, purpose: str, context: tuple[str, ...] = ()) -> str:
    """Return the text. Raises ``SealingError`` for a missing key, a changed or moved text, or what is not sealed."""
    key = ring().key(key_id_of(sealed))
    encoded = sealed.split(".")[2]
    try:
        held = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise SealingError("Der versiegelte Text ist beschädigt.") from error
    if len(held) < _NONCE_BYTES + _TAG_BYTES or _written(held) != encoded:
        raise SealingError("Der versiegelte Text ist unvollständig.")
    try:
        shown = _cipher(key.secret, purpose).decrypt(
            held[:_NONCE_BYTES], held[_NONCE_BYTES:], _bound(key.id, purpose, context)
        )
    except InvalidTag as error:
        where = "/".join((purpose, *context))
        raise SealingError(
            f"Der versiegelte Text öffnet sich nicht als „{where}“: Er wurde verändert, gehört in ein anderes "
            f"Feld oder eine andere Zeile, oder unter „{key.id}“ liegt ein falscher Schlüssel im Schlüsselbund."
        ) from error
    return shown.decode()


def _written(octets: bytes) -> str:
    """Return the one way octets are written, so that no two texts stand for the same."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def key_id_of(sealed: str) -> str:
    """Return the id of the key a text is sealed with. Raises ``SealingError`` for a text that is not sealed."""
    parts = sealed.split(".")
    if len(parts) != 3 or parts[0] != FORM:  # noqa: PLR2004 -- form, key, ciphertext.
        raise SealingError("Dieser Text ist nicht versiegelt.")
    return parts[1]


def fingerprint(text: str, *, purpose: str) -> str:
    """Return 64 hex digits by which equal texts of one purpose are found; without the key ring nobody can guess them.

    Texts are compared as they are: bring them into one form first (an IBAN without spaces, an address in lower case).
    """
    secret = _derived(ring().index, f"fingerprint/{purpose}")
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def _bound(key_id: str, purpose: str, context: tuple[str, ...]) -> bytes:
    return json.dumps([FORM, key_id, purpose, *context], ensure_ascii=True, separators=(",", ":")).encode()


@lru_cache(maxsize=256)
def _derived(secret: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"stadtportal/{use}".encode()).derive(secret)


def _cipher(secret: bytes, purpose: str) -> AESGCMSIV:
    return AESGCMSIV(_derived(secret, f"seal/{purpose}"))
