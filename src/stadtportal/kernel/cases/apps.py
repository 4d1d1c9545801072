"""Cases: one place to follow every dealing."""

from datetime import timedelta

from django.apps import AppConfig

from stadtportal.kernel.contracts import PersonalData, registry


class CasesConfig(AppConfig):
    """Declare what is kept."""

    name = "stadtportal.kernel.cases"
    label = "cases"
    verbose_name = "Vorgänge"

    def ready(self) -> None:
        """Declare cases as personal data."""
        registry.declare_personal_data(
            "cases",
            PersonalData(
                title="Vorgänge",
                purpose="Ihnen zeigen, was Sie gebucht oder beantragt haben und wie es steht",
                legal_basis="Art. 6 Abs. 1 b DSGVO",
                retention=timedelta(days=3 * 365),
                retention_words="3 Jahre nach dem Ende des Vorgangs",
                models={
                    "cases.Case": (
                        "person",
                        "agent",
                        "agent_name",
                        "reference",
                        "area",
                        "kind",
                        "title",
                        "status",
                        "final",
                        "next_step",
                        "next_at",
                        "undo_until_at",
                        "opened_at",
                        "updated_at",
                    ),
                    "cases.CaseEvent": ("case", "at", "sentence", "status", "actor_name"),
                },
                export="stadtportal.kernel.cases.queries.export",
                erase="stadtportal.kernel.cases.actions.erase",
                expire="stadtportal.kernel.cases.actions.expire",
                oldest="stadtportal.kernel.cases.queries.oldest",
                words={
                    "reference": "Vorgang",
                    "area": "Bereich",
                    "kind": "Art",
                    "title": "Worum es geht",
                    "status": "Stand",
                    "final": "Beendet",
                    "next_step": "Wie es weitergeht",
                    "next_at": "Nächster Termin",
                    "undo_until_at": "Zurücknehmen bis",
                    "opened_at": "Begonnen",
                    "updated_at": "Zuletzt geändert",
                    "history": "Verlauf",
                    "at": "Wann",
                    "sentence": "Was geschah",
                    "by": "Wer",
                },
            ),
        )
