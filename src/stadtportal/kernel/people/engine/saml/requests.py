"""Writing what we send: signed requests, and the metadata that introduces us."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

from stadtportal.kernel.people.engine.saml import names

if TYPE_CHECKING:
    from stadtportal.kernel.contracts import AssuranceLevel

_PLACEHOLDER: Final = "placeholder"


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """Who we are. ``answer_url`` is where answers come back to; ``key`` and ``certificate`` are PEM."""

    entity_id: str
    answer_url: str
    key: bytes
    certificate: bytes
    organisation: str
    service_id: str


def write_request(
    provider: ServiceProvider, *, request_id: str, destination: str, level: AssuranceLevel, now: datetime
) -> str:
    """Return a signed request as base64, as the browser carries it to ``destination``."""
    nsmap = {"samlp": names.PROTOCOL, "saml": names.ASSERTION}
    root = etree.Element(
        names.samlp("AuthnRequest"),
        nsmap=nsmap,
        ID=request_id,
        Version="2.0",
        IssueInstant=_written(now),
        Destination=destination,
        AssertionConsumerServiceURL=provider.answer_url,
        ProtocolBinding=names.POST_BINDING,
        ForceAuthn="true",
    )
    _add(root, names.saml("Issuer"), provider.entity_id)
    etree.SubElement(root, names.ds("Signature"), nsmap={"ds": names.SIGNATURE}, Id=_PLACEHOLDER)
    _add_extension(etree.SubElement(root, names.samlp("Extensions")), provider)
    etree.SubElement(root, names.samlp("NameIDPolicy"), Format=names.TRANSIENT, AllowCreate="true")
    wanted = etree.SubElement(root, names.samlp("RequestedAuthnContext"), Comparison="minimum")
    _add(wanted, names.saml("AuthnContextClassRef"), names.CLASSES[level])
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.SHA256_RSA_MGF1,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(
        root,
        key=provider.key,
        cert=provider.certificate.decode(),
        reference_uri=f"#{request_id}",
        id_attribute="ID",
    )
    return base64.b64encode(etree.tostring(signed, xml_declaration=True, encoding="utf-8")).decode()


def _add_extension(parent: Any, provider: ServiceProvider) -> None:  # noqa: ANN401 -- an lxml element.
    """Add what BundID wants to know beyond the standard: which attributes, and what it shows people."""
    akdb, display = f"{{{names.AKDB}}}", f"{{{names.AKDB_DISPLAY}}}"
    asked = etree.SubElement(parent, f"{akdb}AuthenticationRequest", nsmap={"akdb": names.AKDB}, Version="2")
    attributes = etree.SubElement(asked, f"{akdb}RequestedAttributes")
    for oid, required in names.REQUESTED.items():
        etree.SubElement(
            attributes, f"{akdb}RequestedAttribute", Name=oid, RequiredAttribute="true" if required else "false"
        )
    information = etree.SubElement(asked, f"{akdb}DisplayInformation")
    version = etree.SubElement(information, f"{display}Version", nsmap={"classic-ui": names.AKDB_DISPLAY})
    _add(version, f"{display}OrganizationDisplayName", provider.organisation)
    _add(version, f"{display}OnlineServiceId", provider.service_id)


def write_metadata(provider: ServiceProvider) -> bytes:
    """Return the description of us that BundID registers."""
    root = etree.Element(
        f"{{{names.METADATA}}}EntityDescriptor",
        nsmap={"md": names.METADATA, "ds": names.SIGNATURE},
        entityID=provider.entity_id,
    )
    us = etree.SubElement(
        root,
        f"{{{names.METADATA}}}SPSSODescriptor",
        AuthnRequestsSigned="true",
        WantAssertionsSigned="true",
        protocolSupportEnumeration=names.PROTOCOL,
    )
    certificate = x509.load_pem_x509_certificate(provider.certificate).public_bytes(Encoding.DER)
    for use in ("signing", "encryption"):
        descriptor = etree.SubElement(us, f"{{{names.METADATA}}}KeyDescriptor", use=use)
        info = etree.SubElement(descriptor, names.ds("KeyInfo"))
        _add(
            etree.SubElement(info, names.ds("X509Data")),
            names.ds("X509Certificate"),
            base64.b64encode(certificate).decode(),
        )
        if use == "encryption":
            _add_encryption_methods(descriptor)
    _add(us, f"{{{names.METADATA}}}NameIDFormat", names.TRANSIENT)
    etree.SubElement(
        us,
        f"{{{names.METADATA}}}AssertionConsumerService",
        Binding=names.POST_BINDING,
        Location=provider.answer_url,
        index="0",
        isDefault="true",
    )
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written


def _add_encryption_methods(descriptor: Any) -> None:  # noqa: ANN401 -- as above.
    for algorithm in ("http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm"):
        etree.SubElement(descriptor, f"{{{names.METADATA}}}EncryptionMethod", Algorithm=algorithm)
    oaep = etree.SubElement(descriptor, f"{{{names.METADATA}}}EncryptionMethod", Algorithm=names.RSA_OAEP)
    etree.SubElement(oaep, names.ds("DigestMethod"), Algorithm=names.SHA256)
    etree.SubElement(oaep, f"{{{names.ENCRYPTION_11}}}MGF", Algorithm=names.MGF1_SHA256)


def _add(parent: Any, name: str, text: str) -> None:  # noqa: ANN401 -- as above.
    etree.SubElement(parent, name).text = text


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
