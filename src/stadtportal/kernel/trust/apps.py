"""Trust: every look at a person's data is accounted for."""

from datetime import timedelta

from django.apps import AppConfig

from stadtportal.kernel.contracts import PersonalData, registry
from stadtportal.kernel.trust.rules.declared import OWN_DATA
from stadtportal.kernel.trust.rules.own_kinds import ACCESS_PATHS, ACCESS_WORDS, KEEPING


class TrustConfig(AppConfig):
    """Declare what the access log itself keeps."""

    name = "stadtportal.kernel.trust"
    label = "trust"
    verbose_name = "Vertrauen"

    def ready(self) -> None:
        """Declare the log as personal data."""
        registry.declare_personal_data(
            "trust",
            PersonalData(
                title="Zugriffe auf Ihre Daten",
                purpose="Nachweis, wer wann und wozu Ihre Daten gelesen hat",
                legal_basis="Art. 5 Abs. 2, Art. 15 DSGVO",
                retention=timedelta(days=3 * 365),
                retention_words="3 Jahre",
                models={
                    "trust.AccessEvent": (
                        "subject",
                        "actor",
                        "actor_name",
                        "purpose",
                        "legal_basis",
                        "fields",
                        "case_reference",
                        "reason",
                        "salt",
                        "subj_seq",
                        "subj_prev",
                        "at",
                    ),
                    "trust.SubjectHead": ("subject", "seq", "commitment"),
                },
                words=ACCESS_WORDS,
                **ACCESS_PATHS,
            ),
            *KEEPING,
            *OWN_DATA,
        )
