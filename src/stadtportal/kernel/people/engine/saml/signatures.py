"""Checking one signature over one element, and handing on only what it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidCertificate, InvalidInput, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from stadtportal.kernel.people.engine.saml import names
from stadtportal.kernel.people.engine.saml.reading import only_child
from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate

_TRANSFORMS: Final = [names.ENVELOPED, names.EXCLUSIVE_C14N]


def is_signed(root: Any) -> bool:  # noqa: ANN401 -- an lxml element; lxml has no types.
    """Tell whether the element carries a signature of its own. Raises ``SamlRefused`` for signatures elsewhere."""
    own = root.findall(names.ds("Signature"))
    if len(own) > 1 or len(list(root.iter(names.ds("Signature")))) != len(own):
        raise SamlRefused(Reason.WRAPPED, "a signature where none belongs")
    return bool(own)


def covered(root: Any, *, certificates: Sequence[Certificate], now: datetime) -> Any:  # noqa: ANN401 -- as above.
    """Return the element as its signature covers it, parsed anew from the very bytes that were hashed.

    The signature must be RSASSA-PSS with SHA-256 over the whole element and nothing else, made with one of the
    certificates, each valid at ``now``; what the signature itself says of its key is not believed. Raises
    ``SamlRefused``.
    """
    if not is_signed(root):
        raise SamlRefused(Reason.UNSIGNED)
    _check_form(root)
    problem: SignXMLException | None = None
    for certificate in certificates:
        try:
            result = XMLVerifier().verify(
                etree.tostring(root),
                x509_cert=certificate,
                id_attribute="ID",
                expect_config=SignatureConfiguration(
                    location="./",
                    expect_references=1,
                    signature_methods=frozenset({SignatureMethod.SHA256_RSA_MGF1}),
                    digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
                    verification_time=now,
                    ignore_ambiguous_key_info=True,
                ),
            )
        except (InvalidCertificate, SignXMLException, InvalidInput, ValueError, etree.LxmlError) as error:
            problem = error if isinstance(error, SignXMLException) else SignXMLException(str(error))
            continue
        signed: Any = result.signed_xml if not isinstance(result, list) else None
        if signed is None or signed.tag != root.tag or signed.get("ID") != root.get("ID"):
            raise SamlRefused(Reason.WRAPPED, "the signature covers something else")
        return signed
    raise SamlRefused(Reason.BAD_SIGNATURE, type(problem).__name__) from problem


def _check_form(root: Any) -> None:  # noqa: ANN401 -- as above.
    """Refuse any other algorithm, reference or transform before anything is computed."""
    info = only_child(only_child(root, names.ds("Signature")), names.ds("SignedInfo"))
    if only_child(info, names.ds("CanonicalizationMethod")).get("Algorithm") != names.EXCLUSIVE_C14N:
        raise SamlRefused(Reason.WEAK, "canonicalization")
    if only_child(info, names.ds("SignatureMethod")).get("Algorithm") != names.RSA_PSS_SHA256:
        raise SamlRefused(Reason.WEAK, "signature method")
    references = info.findall(names.ds("Reference"))
    if len(references) != 1:
        raise SamlRefused(Reason.WRAPPED, f"{len(references)} references")
    [reference] = references
    if not root.get("ID") or reference.get("URI") != f"#{root.get('ID')}":
        raise SamlRefused(Reason.WRAPPED, "the signature refers to something else")
    if only_child(reference, names.ds("DigestMethod")).get("Algorithm") != names.SHA256:
        raise SamlRefused(Reason.WEAK, "digest method")
    transforms = [one.get("Algorithm") for one in only_child(reference, names.ds("Transforms"))]
    if transforms != _TRANSFORMS:
        raise SamlRefused(Reason.WRAPPED, "transforms")
