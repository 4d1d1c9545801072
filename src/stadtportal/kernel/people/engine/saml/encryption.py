"""Decrypting an assertion."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import xmlsec
from lxml import etree

from stadtportal.kernel.people.engine.saml import names
from stadtportal.kernel.people.engine.saml.reading import only_child, text_of
from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused

_MGF: Final = f"{{{names.ENCRYPTION_11}}}MGF"


def decrypted(encrypted: Any, *, key: bytes) -> bytes:  # noqa: ANN401 -- an lxml element; lxml has no types.
    """Return the plain bytes of an ``EncryptedAssertion``; ``key`` is our private key as PEM. Raises ``SamlRefused``.

    Only AES-GCM under RSA-OAEP is accepted. Algorithms and ciphertexts are copied into a fresh element, so that nothing
    else in the stranger's one (references to other places, keys by name) reaches the library.
    """
    data = only_child(encrypted, names.xenc("EncryptedData"))
    keys = [*data.iter(names.xenc("EncryptedKey")), *encrypted.findall(names.xenc("EncryptedKey"))]
    if len(keys) != 1:
        raise SamlRefused(Reason.MALFORMED, f"{len(keys)} encrypted keys")
    fresh = _fresh(data, keys[0])
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem))
    try:
        plain: Any = xmlsec.EncryptionContext(manager).decrypt(fresh)
    except xmlsec.Error as error:
        raise SamlRefused(Reason.UNREADABLE) from error
    if not isinstance(plain, bytes):
        raise SamlRefused(Reason.UNREADABLE, "no bytes")
    return plain


def _fresh(data: Any, key: Any) -> Any:  # noqa: ANN401 -- as above.
    data_method = only_child(data, names.xenc("EncryptionMethod")).get("Algorithm")
    if data_method not in names.AES_GCM:
        raise SamlRefused(Reason.WEAK, "data encryption")
    key_method = only_child(key, names.xenc("EncryptionMethod"))
    made = etree.Element(
        names.xenc("EncryptedData"), nsmap={"xenc": names.ENCRYPTION, "ds": names.SIGNATURE, "x11": names.ENCRYPTION_11}
    )
    etree.SubElement(made, names.xenc("EncryptionMethod"), Algorithm=data_method)
    made_key = etree.SubElement(etree.SubElement(made, names.ds("KeyInfo")), names.xenc("EncryptedKey"))
    _copy_key_method(key_method, etree.SubElement(made_key, names.xenc("EncryptionMethod")))
    for source, target in ((key, made_key), (data, made)):
        value = etree.SubElement(etree.SubElement(target, names.xenc("CipherData")), names.xenc("CipherValue"))
        value.text = _cipher_value(source)
    return made


def _copy_key_method(given: Any, made: Any) -> None:  # noqa: ANN401 -- as above.
    """Copy how the key is encrypted. Raises ``SamlRefused`` for anything but RSA-OAEP; with the newer name, SHA-256."""
    algorithm = given.get("Algorithm")
    made.set("Algorithm", algorithm or "")
    digests = [one.get("Algorithm") for one in given.findall(names.ds("DigestMethod"))]
    masks = [one.get("Algorithm") for one in given.findall(_MGF)]
    if algorithm == names.RSA_OAEP:
        if digests != [names.SHA256] or masks != [names.MGF1_SHA256]:
            raise SamlRefused(Reason.WEAK, "key encryption digest")
        etree.SubElement(made, names.ds("DigestMethod"), Algorithm=names.SHA256)
        etree.SubElement(made, _MGF, Algorithm=names.MGF1_SHA256)
    elif algorithm != names.RSA_OAEP_MGF1P or masks or digests not in ([], [names.SHA256]):
        # Without a digest the older name means SHA-1 inside OAEP.
        raise SamlRefused(Reason.WEAK, "key encryption")
    elif digests:
        etree.SubElement(made, names.ds("DigestMethod"), Algorithm=names.SHA256)


def _cipher_value(source: Any) -> str:  # noqa: ANN401 -- as above.
    value = text_of(only_child(only_child(source, names.xenc("CipherData")), names.xenc("CipherValue")))
    try:
        return base64.b64encode(base64.b64decode("".join(value.split()), validate=True)).decode()
    except (binascii.Error, ValueError) as error:
        raise SamlRefused(Reason.MALFORMED, "cipher value") from error
