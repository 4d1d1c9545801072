"""Consents: to whom what may be given, and the receipt for it. Pure: no Django, no clock.

A receipt follows ISO/IEC TS 27560:2023 in the words of the Data Privacy Vocabulary, after the mapping that its
community group published (w3id.org/dpv/guides/consent-27560). ``docs/privacy.md`` lists which fields are there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stadtportal.kernel.contracts import RuleBroken
from stadtportal.kernel.trust.rules.facts import FactKind

RECEIPT_SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#receipt"
RECORD_SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#record"
LEGAL_BASIS = "Art. 6 Abs. 1 Buchst. a DSGVO (Ihre Einwilligung)"
CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "loc": "https://w3id.org/dpv/loc#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
}


class ConsentMissing(RuleBroken):
    """Something was to be passed on to which the person has not agreed, or no longer agrees."""


class SharingStopped(RuleBroken):
    """The person has stopped all sharing."""


class NothingToShare(RuleBroken):
    """The fact that was to be passed on is not there any more."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """An organisation that may receive something. ``contact`` is an e-mail address, a telephone number or a page."""

    id: int
    name: str
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What something is received for: a stable word, a sentence for people, and for how long the receiver keeps it."""

    slug: str
    words: str
    retention_words: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the portal and answers for it."""

    name: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One giving or withdrawing of a consent. ``id`` is the receipt's, ``record_id`` the consent's."""

    id: UUID
    record_id: UUID
    given: bool
    at: datetime


def receipt(
    happened: Happened,
    *,
    principal: str,
    receiver: Receiver,
    purpose: Purpose,
    kind: FactKind,
    operator: Operator,
    site: str,
) -> dict[str, Any]:
    """Return the receipt as JSON-LD. ``principal`` is the pairwise identifier, ``site`` the portal's address."""
    consent = "dpv:ExplicitlyExpressedConsent" if kind.special else "dpv:ExpressedConsent"
    status = "dpv:ConsentGiven" if happened.given else "dpv:ConsentWithdrawn"
    parties = [_party(operator_party(operator), "dpv:DataController"), _party(receiver, "dpv:Recipient")]
    data: dict[str, Any] = {
        "@type": [kind.data_type, *(["dpv:SpecialCategoryPersonalData"] if kind.special else [])],
        "dct:title": kind.title,
        "dpv:hasNecessity": "dpv:Optional",
    }
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{happened.id}",
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": str(happened.id),
        "dct:conformsTo": RECEIPT_SCHEMA,
        "dct:created": happened.at.isoformat(),
        "dct:publisher": operator.name,
        "schema:recipient": "dpv:DataSubject",
        "dpv:hasRecordOfActivity": {
            "@id": f"urn:uuid:{happened.record_id}",
            "@type": "dpv:ConsentRecord",
            "dct:identifier": str(happened.record_id),
            "dct:conformsTo": RECORD_SCHEMA,
            "dpv:hasDataSubject": {"@type": "dpv:DataSubject", "dct:identifier": principal},
            "dpv:hasNotice": f"{site}/datenschutz/",
            "dct:language": "de",
            "dpv:hasJurisdiction": "loc:DE",
            "dpv:hasProcess": {
                "@type": "dpv:Process",
                "dpv:hasPurpose": {"@type": "dpv:Purpose", "dct:identifier": purpose.slug, "dct:title": purpose.words},
                "dpv:hasLegalBasis": ["eu-gdpr:A9-2-a" if kind.special else "eu-gdpr:A6-1-a", consent],
                "dpv:hasPersonalData": data,
                "dpv:hasDataController": operator.name,
                "dpv:hasRecipient": receiver.name,
                "dpv:hasDataSource": "dpv:DataSubject",
                "dpv:hasProcessing": ["dpv:Store", "dpv:Disclose"],
                "dpv:hasStorageCondition": [
                    {"@type": "dpv:StorageLocation", "dpv:hasLocation": "loc:DE"},
                    {"@type": "dpv:StorageDuration", "dct:description": purpose.retention_words},
                ],
                "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent", "@id": f"{site}/mein/daten/einwilligungen/"},
                "dpv:hasRight": ["eu-gdpr:A7-3", "eu-gdpr:A15", "eu-gdpr:A16", "eu-gdpr:A17", "eu-gdpr:A20"],
            },
            "dpv:hasEntity": parties,
            "dpv:hasConsentStatus": {
                "@type": status,
                "dct:date": happened.at.isoformat(),
                "dct:valid": "bis zum Widerruf" if happened.given else "ab jetzt nicht mehr",
                "dpv:isIndicatedBy": principal,
                "dpv:hasLegalBasis": consent,
            },
        },
    }


def operator_party(operator: Operator) -> Receiver:
    """Return the portal's operator as a party among others; it has no number."""
    return Receiver(id=0, name=operator.name, address=operator.address, contact=operator.contact)


def _party(party: Receiver, role: str) -> dict[str, Any]:
    return {
        "@type": ["dpv:LegalEntity", role],
        "dct:identifier": f"organisation:{party.id}" if party.id else "operator",
        "dpv:hasName": party.name,
        "dpv:hasAddress": party.address or "nicht angegeben",
        "dpv:hasContact": party.contact or "nicht angegeben",
    }
