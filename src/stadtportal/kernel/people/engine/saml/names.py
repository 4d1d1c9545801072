"""Names of the protocol: namespaces, algorithms, levels, and the attributes of BundID.

The attributes' OIDs and the elements of the extension are facts published with the Keycloak extension for BundID by
the Bundesagentur für Arbeit (github.com/ba-itsys/keycloak-extension-bundid) and others who are connected to BundID.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from stadtportal.kernel.contracts import AssuranceLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURE: Final = "http://www.w3.org/2000/09/xmldsig#"
ENCRYPTION: Final = "http://www.w3.org/2001/04/xmlenc#"
ENCRYPTION_11: Final = "http://www.w3.org/2009/xmlenc11#"
AKDB: Final = "https://www.akdb.de/request/2018/09"
AKDB_DISPLAY: Final = "https://www.akdb.de/request/2018/09/classic-ui/v1"

POST_BINDING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
URI_FORMAT: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"

RSA_PSS_SHA256: Final = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
AES_GCM: Final = frozenset({"http://www.w3.org/2009/xmlenc11#aes128-gcm", "http://www.w3.org/2009/xmlenc11#aes256-gcm"})
RSA_OAEP: Final = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
# The older name of RSA-OAEP. SHA-1 stands inside it by definition, where no collision helps anybody.
RSA_OAEP_MGF1P: Final = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
MGF1_SHA256: Final = "http://www.w3.org/2009/xmlenc11#mgf1sha256"

STORK: Final = "STORK-QAA-Level-"
#: The level each class of authentication stands for. BundID asks for and answers with 1, 3 and 4.
LEVELS: Final[Mapping[str, AssuranceLevel]] = MappingProxyType(
    {
        f"{STORK}1": AssuranceLevel.BASIC,
        f"{STORK}2": AssuranceLevel.BASIC,
        f"{STORK}3": AssuranceLevel.SUBSTANTIAL,
        f"{STORK}4": AssuranceLevel.HIGH,
    }
)
CLASSES: Final[Mapping[AssuranceLevel, str]] = MappingProxyType(
    {
        AssuranceLevel.BASIC: f"{STORK}1",
        AssuranceLevel.SUBSTANTIAL: f"{STORK}3",
        AssuranceLevel.HIGH: f"{STORK}4",
    }
)
#: What ``akdb:TrustLevel`` beside an attribute stands for.
TRUST_LEVELS: Final[Mapping[str, AssuranceLevel]] = MappingProxyType(
    {
        "UNTERGEORDNET": AssuranceLevel.BASIC,
        "NORMAL": AssuranceLevel.BASIC,
        "SUBSTANTIELL": AssuranceLevel.SUBSTANTIAL,
        "HOCH": AssuranceLevel.HIGH,
        **LEVELS,
    }
)

BPK2: Final = "urn:oid:1.3.6.1.4.1.25484.494450.3"
QAA_LEVEL: Final = "urn:oid:1.2.40.0.10.2.1.1.261.94"
MAIL: Final = "urn:oid:0.9.2342.19200300.100.1.3"
#: What is read of a person, by the name the portal keeps it under.
ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "urn:oid:2.5.4.42": "given_name",
        "urn:oid:2.5.4.4": "family_name",
        "urn:oid:1.2.40.0.10.2.1.1.225566": "birth_name",
        "urn:oid:1.2.40.0.10.2.1.1.55": "birth_date",
        "urn:oid:1.3.6.1.5.5.7.9.2": "place_of_birth",
        "urn:oid:2.5.4.16": "street",
        "urn:oid:2.5.4.17": "postal_code",
        "urn:oid:2.5.4.7": "locality",
    }
)
#: What is asked for, and whether BundID shall refuse without it.
REQUESTED: Final[Mapping[str, bool]] = MappingProxyType(
    {
        BPK2: True,
        QAA_LEVEL: True,
        "urn:oid:2.5.4.42": True,
        "urn:oid:2.5.4.4": True,
        "urn:oid:1.2.40.0.10.2.1.1.55": False,
        "urn:oid:1.2.40.0.10.2.1.1.225566": False,
        "urn:oid:1.3.6.1.5.5.7.9.2": False,
        "urn:oid:2.5.4.16": False,
        "urn:oid:2.5.4.17": False,
        "urn:oid:2.5.4.7": False,
    }
)


def saml(name: str) -> str:
    """Return the qualified name of an element of assertions."""
    return f"{{{ASSERTION}}}{name}"


def samlp(name: str) -> str:
    """Return the qualified name of an element of the protocol."""
    return f"{{{PROTOCOL}}}{name}"


def ds(name: str) -> str:
    """Return the qualified name of an element of signatures."""
    return f"{{{SIGNATURE}}}{name}"


def xenc(name: str) -> str:
    """Return the qualified name of an element of encryption."""
    return f"{{{ENCRYPTION}}}{name}"
