"""Key pairs with a certificate that nobody else signed: what the simulator of the demo and its portal trust."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(2050, 1, 1, tzinfo=UTC)


def kept_pair(folder: Path, *, name: str) -> tuple[bytes, bytes]:
    """Return private key and certificate as PEM, made once and kept in ``folder`` with access for its owner only."""
    key_file, certificate_file = folder / "key.pem", folder / "certificate.pem"
    if not key_file.exists():
        making = folder.with_name(f"{folder.name}.{os.getpid()}")
        making.mkdir(parents=True, mode=0o700)
        key, certificate = make_pair(name)
        (making / "key.pem").touch(mode=0o600)
        (making / "key.pem").write_bytes(key)
        (making / "certificate.pem").write_bytes(certificate)
        try:
            making.rename(folder)  # Fails where another process was faster; then its pair counts.
        except OSError:
            shutil.rmtree(making)
    return key_file.read_bytes(), certificate_file.read_bytes()


def make_pair(name: str) -> tuple[bytes, bytes]:
    """Return a new RSA key of 3072 bits and a certificate over it, both as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private, certificate.public_bytes(pem)
