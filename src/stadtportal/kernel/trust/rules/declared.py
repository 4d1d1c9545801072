"""What the vault and the consents keep about people. Pure: no Django, no clock."""

from datetime import timedelta

from stadtportal.kernel.contracts import PersonalData

OWN_DATA = (
    PersonalData(
        title="Meine Angaben",
        purpose="Ihnen ersparen, dieselben Angaben immer wieder einzutippen",
        legal_basis="Art. 6 Abs. 1 Buchst. a DSGVO; Hinweise zur Gesundheit: Art. 9 Abs. 2 Buchst. a DSGVO",
        retention=None,
        retention_words="bis Sie die Angabe oder Ihr Konto löschen",
        models={
            "trust.Fact": ("person", "kind", "value", "source", "level", "office", "created_at", "changed_at"),
        },
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
    ),
)
