"""What the vault and the consents keep about people. Pure: no Django, no clock."""

from datetime import timedelta
from typing import Final

from stadtportal.kernel.contracts import PersonalData
from stadtportal.kernel.trust.rules.facts import KINDS

_READ: Final = "stadtportal.kernel.trust.queries.own_kinds"
_WRITE: Final = "stadtportal.kernel.trust.actions.own_kinds"

OWN_DATA: Final = (
    PersonalData(
        title="Meine Angaben",
        purpose="Ihnen ersparen, dieselben Angaben immer wieder einzutippen",
        legal_basis="Art. 6 Abs. 1 Buchst. a DSGVO; Hinweise zur Gesundheit: Art. 9 Abs. 2 Buchst. a DSGVO",
        retention=None,
        retention_words="bis Sie die Angabe oder Ihr Konto löschen",
        models={
            "trust.Fact": ("person", "kind", "value", "source", "level", "office", "created_at", "changed_at"),
        },
        export=f"{_READ}.export_facts",
        erase=f"{_WRITE}.erase_facts",
        words={part.name: part.title for kind in KINDS.values() for part in kind.parts}
        | {
            "kind": "Art",
            "parts": "Angabe",
            "source": "Quelle",
            "office": "Bestätigt von",
            "level": "Vertrauensniveau",
            "created_at": "Angelegt",
            "changed_at": "Zuletzt geändert",
        },
        recipients="Anbieter, denen Sie es einzeln erlaubt haben",
    ),
    PersonalData(
        title="Einwilligungen und Weitergaben",
        purpose="Nachweis, was Sie erlaubt und widerrufen haben, und was ein Anbieter daraufhin bekommen hat",
        legal_basis="Art. 7 Abs. 1, Art. 5 Abs. 2 DSGVO",
        retention=timedelta(days=3 * 365),
        retention_words="3 Jahre nach dem Widerruf",
        models={
            "trust.Consent": (
                "person",
                "organisation_id",
                "organisation_name",
                "organisation_address",
                "organisation_contact",
                "kind",
                "purpose",
                "purpose_words",
                "retention_words",
                "given",
                "changed_at",
            ),
            "trust.ConsentEvent": ("person", "consent", "at", "given", "receipt"),
            "trust.Handover": ("person", "consent", "at", "case_reference"),
            "trust.SharingStop": ("person", "stopped_at", "lifted_at", "withdrawn"),
        },
        export=f"{_READ}.export_consents",
        erase=f"{_WRITE}.erase_consents",
        expire=f"{_WRITE}.expire_consents",
        oldest=f"{_READ}.oldest_consent",
        words={
            "organisation": "Wer etwas bekommen darf",
            "address": "Anschrift",
            "contact": "Kontakt",
            "kind": "Was",
            "purpose": "Wozu",
            "retention": "Wie lange es dort bleibt",
            "given": "Erteilt",
            "changed_at": "Zuletzt geändert",
            "history": "Verlauf",
            "at": "Wann",
            "receipt": "Beleg (JSON-LD)",
            "handed_over": "Weitergegeben",
            "case": "Vorgang",
            "stopped_at": "Alles Weitergeben gestoppt",
            "lifted_at": "Wieder erlaubt",
            "withdrawn": "Dabei widerrufene Einwilligungen",
        },
    ),
)
