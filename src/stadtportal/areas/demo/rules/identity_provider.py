"""The other side of BundID, for development and tests: it reads requests and writes answers.

It shares no line and no library for signing, encrypting or parsing with the adapter in ``kernel/people``: documents are
text, canonical form is lxml's, digests hashlib's, signatures and ciphers those of ``cryptography``. What both sides get
wrong alike would otherwise go unnoticed. Tests forge with the same parts.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Sequence

NS: Final = {
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "d": "http://www.w3.org/2000/09/xmldsig#",
    "e": "http://www.w3.org/2001/04/xmlenc#",
    "k": "https://www.akdb.de/request/2018/09",
}
PSS_SHA256: Final = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
DIGEST_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
GCM_256: Final = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
OAEP: Final = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
VALID_FOR: Final = timedelta(minutes=5)
MAX_REQUEST: Final = 64 * 1024


class RequestRefused(Exception):  # noqa: N818 -- reads as a sentence where it is raised.
    """The simulator does not take a request; the text says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says: who asks, where the answer goes, which class at least, which attributes by OID."""

    request_id: str
    issuer: str
    answer_url: str
    class_ref: str
    required: tuple[str, ...]
    optional: tuple[str, ...]


def read_request(encoded: str, *, certificate: bytes, destination: str) -> Asked:
    """Read a request and check its signature against the portal's certificate (PEM). Raises ``RequestRefused``."""
    try:
        source = base64.b64decode(encoded, validate=True)
        if len(source) > MAX_REQUEST or b"<!" in source:
            raise RequestRefused("zu groß oder mit Deklarationen")
        root = ET.fromstring(source)  # noqa: S314 -- bounded, and without declarations, as checked above.
    except (ValueError, ET.ParseError) as error:
        raise RequestRefused("nicht lesbar") from error
    if root.tag != f"{{{NS['p']}}}AuthnRequest" or root.get("Destination") != destination:
        raise RequestRefused("keine Anfrage an diese Stelle")
    _check_signature(source, certificate)
    attributes = root.findall(".//k:RequestedAttribute", NS)
    wanted = [(one.get("Name", ""), one.get("RequiredAttribute") == "true") for one in attributes]
    return Asked(
        request_id=root.get("ID", ""),
        issuer=root.findtext("a:Issuer", "", NS),
        answer_url=root.get("AssertionConsumerServiceURL", ""),
        class_ref=root.findtext("p:RequestedAuthnContext/a:AuthnContextClassRef", "", NS),
        required=tuple(name for name, required in wanted if required),
        optional=tuple(name for name, required in wanted if not required),
    )


def _check_signature(source: bytes, certificate: bytes) -> None:
    root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    signature = root.find("d:Signature", NS)
    if signature is None:
        raise RequestRefused("ohne Signatur")
    info = signature.find("d:SignedInfo", NS)
    value = signature.findtext("d:SignatureValue", "", NS)
    method = info.find("d:SignatureMethod", NS).get("Algorithm")
    reference = info.find("d:Reference", NS)
    if method != PSS_SHA256 or reference.get("URI") != f"#{root.get('ID')}":
        raise RequestRefused("anders signiert als verlangt")
    signed_info = canonical(info)
    key = x509.load_pem_x509_certificate(certificate).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise RequestRefused("kein RSA-Schlüssel")
    tail = signature.tail
    root.remove(signature)
    digest = base64.b64encode(hashlib.sha256(canonical(root)).digest()).decode()
    if tail or digest != reference.findtext("d:DigestValue", "", NS).strip():
        raise RequestRefused("nach der Signatur verändert")
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
    try:
        key.verify(base64.b64decode("".join(value.split())), signed_info, pss, hashes.SHA256())
    except InvalidSignature as error:
        raise RequestRefused("mit falschem Schlüssel signiert") from error


def canonical(node: object) -> bytes:
    """Return exclusive canonical XML without comments; of text, of its root."""
    tree = etree.ElementTree(etree.fromstring(node) if isinstance(node, (str, bytes)) else node)
    out = io.BytesIO()
    # Written by way of a fresh tree: an element in the middle of another one would bring its tail.
    copy = etree.ElementTree(etree.fromstring(etree.tostring(tree.getroot(), with_tail=False)))
    copy.write_c14n(out, exclusive=True, with_comments=False)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute as an answer carries it; ``trust`` is the word of ``akdb:TrustLevel``."""

    oid: str
    value: str
    trust: str = "NORMAL"


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything an answer says, so that a test can say any of it wrongly. Times are UTC."""

    request_id: str
    issuer: str
    audience: str
    answer_url: str
    class_ref: str
    attributes: Sequence[Attribute]
    now: datetime
    assertion_id: str = ""
    recipient: str = ""
    subject_request_id: str = ""
    not_before: datetime | None = None
    not_on_or_after: datetime | None = None
    authenticated_at: datetime | None = None


def instant(moment: datetime) -> str:
    """Write a time as the protocol does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id() -> str:
    """Return an id nobody can guess, in a form that XML takes for an id."""
    return f"_{os.urandom(20).hex()}"


def assertion_text(claims: Claims) -> str:
    """Write the assertion, unsigned."""
    until = instant(claims.not_on_or_after or claims.now + VALID_FOR)
    attributes = "".join(
        f'<a:Attribute Name={quoteattr(one.oid)} NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"'
        f" k:TrustLevel={quoteattr(one.trust)}><a:AttributeValue>{escape(one.value)}</a:AttributeValue></a:Attribute>"
        for one in claims.attributes
    )
    return (
        f'<a:Assertion xmlns:a="{NS["a"]}" xmlns:k="{NS["k"]}" ID="{claims.assertion_id or new_id()}"'
        f' Version="2.0" IssueInstant="{instant(claims.now)}"><a:Issuer>{escape(claims.issuer)}</a:Issuer>'
        f'<a:Subject><a:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{new_id()}</a:NameID>'
        '<a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><a:SubjectConfirmationData'
        f" InResponseTo={quoteattr(claims.subject_request_id or claims.request_id)}"
        f' NotOnOrAfter="{until}" Recipient={quoteattr(claims.recipient or claims.answer_url)}/>'
        "</a:SubjectConfirmation></a:Subject>"
        f'<a:Conditions NotBefore="{instant(claims.not_before or claims.now)}" NotOnOrAfter="{until}">'
        f"<a:AudienceRestriction><a:Audience>{escape(claims.audience)}</a:Audience></a:AudienceRestriction>"
        f'</a:Conditions><a:AuthnStatement AuthnInstant="{instant(claims.authenticated_at or claims.now)}">'
        f"<a:AuthnContext><a:AuthnContextClassRef>{escape(claims.class_ref)}</a:AuthnContextClassRef></a:AuthnContext>"
        f"</a:AuthnStatement><a:AttributeStatement>{attributes}</a:AttributeStatement></a:Assertion>"
    )


def response_text(claims: Claims, *, inside: str, status: str = "Success") -> str:
    """Write the response around what is ``inside`` it (an encrypted assertion, usually)."""
    return (
        f'<p:Response xmlns:p="{NS["p"]}" xmlns:a="{NS["a"]}" ID="{new_id()}" Version="2.0"'
        f" Destination={quoteattr(claims.answer_url)} InResponseTo={quoteattr(claims.request_id)}"
        f' IssueInstant="{instant(claims.now)}"><a:Issuer>{escape(claims.issuer)}</a:Issuer><p:Status>'
        f'<p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></p:Status>{inside}</p:Response>'
    )


def sign(
    text: str,
    key: rsa.RSAPrivateKey,
    *,
    method: str = PSS_SHA256,
    digest_method: str = DIGEST_SHA256,
    pad: padding.AsymmetricPadding | None = None,
    hash_: hashes.HashAlgorithm | None = None,
    digest: str = "sha256",
) -> str:
    """Return the document with an enveloped signature after its ``Issuer``. The weaker choices are for tests."""
    root = etree.fromstring(text)
    value = base64.b64encode(hashlib.new(digest, canonical(root)).digest()).decode()
    info = (
        f'<d:SignedInfo xmlns:d="{NS["d"]}"><d:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<d:SignatureMethod Algorithm="{method}"/><d:Reference URI="#{root.get("ID")}"><d:Transforms>'
        f'<d:Transform Algorithm="{ENVELOPED}"/><d:Transform Algorithm="{EXCLUSIVE}"/></d:Transforms>'
        f'<d:DigestMethod Algorithm="{digest_method}"/><d:DigestValue>{value}</d:DigestValue></d:Reference>'
        "</d:SignedInfo>"
    )
    chosen = pad or padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
    signed = base64.b64encode(key.sign(canonical(info), chosen, hash_ or hashes.SHA256())).decode()
    signature = f'<d:Signature xmlns:d="{NS["d"]}">{info}<d:SignatureValue>{signed}</d:SignatureValue></d:Signature>'
    return text.replace("</a:Issuer>", f"</a:Issuer>{signature}", 1)


def encrypt(text: str, certificate: bytes) -> str:
    """Return the document as an encrypted assertion for the holder of the certificate (PEM)."""
    public = x509.load_pem_x509_certificate(certificate).public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise RequestRefused("kein RSA-Schlüssel")
    content_key, nonce = AESGCM.generate_key(256), os.urandom(12)
    sealed = base64.b64encode(nonce + AESGCM(content_key).encrypt(nonce, text.encode(), None)).decode()
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    wrapped = base64.b64encode(public.encrypt(content_key, oaep)).decode()
    return encrypted_text(sealed=sealed, wrapped=wrapped)


def encrypted_text(
    *,
    sealed: str,
    wrapped: str,
    method: str = GCM_256,
    key_method: str = OAEP,
    key_digest: str = DIGEST_SHA256,
) -> str:
    """Write an encrypted assertion around two ciphertexts (base64)."""
    mask = '<m:MGF xmlns:m="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"/>'
    return (
        f'<a:EncryptedAssertion xmlns:a="{NS["a"]}"><e:EncryptedData xmlns:e="{NS["e"]}"'
        f' Type="http://www.w3.org/2001/04/xmlenc#Element"><e:EncryptionMethod Algorithm="{method}"/>'
        f'<d:KeyInfo xmlns:d="{NS["d"]}"><e:EncryptedKey><e:EncryptionMethod Algorithm="{key_method}">'
        f'<d:DigestMethod Algorithm="{key_digest}"/>{mask}</e:EncryptionMethod><e:CipherData>'
        f"<e:CipherValue>{wrapped}</e:CipherValue></e:CipherData></e:EncryptedKey></d:KeyInfo><e:CipherData>"
        f"<e:CipherValue>{sealed}</e:CipherValue></e:CipherData></e:EncryptedData></a:EncryptedAssertion>"
    )


def encoded(text: str) -> str:
    """Return a document as the browser carries it."""
    return base64.b64encode(text.encode()).decode()


def answer(claims: Claims, *, key: bytes, certificate: bytes) -> str:
    """Return the whole answer as base64: signed assertion, encrypted, in a signed response. ``key`` is PEM."""
    private = load_key(key)
    inside = encrypt(sign(assertion_text(claims), private), certificate)
    return encoded(sign(response_text(claims, inside=inside), private))


def refusal(claims: Claims, *, key: bytes) -> str:
    """Return the answer when somebody breaks off."""
    return encoded(sign(response_text(claims, inside="", status="Responder"), load_key(key)))


def load_key(pem: bytes) -> rsa.RSAPrivateKey:
    """Return a private RSA key from PEM. Raises ``RequestRefused`` for any other kind."""
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise RequestRefused("kein RSA-Schlüssel")
    return key
