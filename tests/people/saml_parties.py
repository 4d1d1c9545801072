"""Both sides of a sign-in with BundID, with keys of their own, and the parts from which tests forge."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from stadtportal.areas.demo.rules import identity_provider as provider
from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.people.engine.saml.answers import Expectation, read_answer
from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused
from stadtportal.kernel.people.engine.saml.requests import ServiceProvider
from stadtportal.project.runtime.key_pairs import make_pair

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
REQUEST = "_request-of-lena"
ISSUER = "https://bundid.example/idp"
PORTAL = "https://portal.example/metadata"
ANSWER_URL = "https://portal.example/konto/bundid/antwort/"
BPK2 = "urn:oid:1.3.6.1.4.1.25484.494450.3"
QAA = "urn:oid:1.2.40.0.10.2.1.1.261.94"
GIVEN = "urn:oid:2.5.4.42"
FAMILY = "urn:oid:2.5.4.4"
BORN = "urn:oid:1.2.40.0.10.2.1.1.55"


@cache
def pair(name: str) -> tuple[bytes, bytes]:
    """Return key and certificate of ``portal``, ``bundid`` or a stranger; made once in a run."""
    return make_pair(name)


def their_key(name: str = "bundid") -> rsa.RSAPrivateKey:
    return provider.load_key(pair(name)[0])


def portal() -> ServiceProvider:
    key, certificate = pair("portal")
    return ServiceProvider(PORTAL, ANSWER_URL, key, certificate, "Stadt Stuttgart", "BMI-1")


def expectation(**changes: Any) -> Expectation:  # noqa: ANN401 -- any field of the dataclass.
    expected = Expectation(
        request_id=REQUEST,
        asked_at=NOW,
        level=AssuranceLevel.SUBSTANTIAL,
        issuer=ISSUER,
        audience=PORTAL,
        destination=ANSWER_URL,
        certificates=[x509.load_pem_x509_certificate(pair("bundid")[1])],
        key=pair("portal")[0],
    )
    return dataclasses.replace(expected, **changes)


def attributes(level: str = "STORK-QAA-Level-3", trust: str = "SUBSTANTIELL") -> list[provider.Attribute]:
    return [
        provider.Attribute(BPK2, "pairwise-of-lena", trust),
        provider.Attribute(QAA, level, trust),
        provider.Attribute(GIVEN, "Lena", trust),
        provider.Attribute(FAMILY, "Beispiel", trust),
        provider.Attribute(BORN, "1992-05-14", "HOCH"),
    ]


def claims(**changes: Any) -> provider.Claims:  # noqa: ANN401 -- likewise.
    told = provider.Claims(
        request_id=REQUEST,
        issuer=ISSUER,
        audience=PORTAL,
        answer_url=ANSWER_URL,
        class_ref="STORK-QAA-Level-3",
        attributes=attributes(),
        now=NOW,
    )
    return dataclasses.replace(told, **changes)


def signed_assertion(**changes: Any) -> str:  # noqa: ANN401 -- likewise.
    """Return an assertion that BundID signed."""
    return provider.sign(provider.assertion_text(claims(**changes)), their_key())


def sealed(text: str) -> str:
    """Return a document as an encrypted assertion for the portal."""
    return provider.encrypt(text, pair("portal")[1])


def response(inside: str, *, sign: bool = True, **changes: Any) -> str:  # noqa: ANN401 -- likewise.
    """Return a response around something as base64."""
    text = provider.response_text(claims(**changes), inside=inside)
    return provider.encoded(provider.sign(text, their_key()) if sign else text)


def good(**changes: Any) -> str:  # noqa: ANN401 -- likewise.
    """Return an answer as BundID gives it."""
    return response(sealed(signed_assertion(**changes)), **changes)


def refused(answer: str, *, now: datetime = NOW, **expected: Any) -> Reason:  # noqa: ANN401 -- likewise.
    """Return why an answer is refused."""
    with pytest.raises(SamlRefused) as caught:
        read_answer(answer, expected=expectation(**expected), now=now)
    return caught.value.reason
