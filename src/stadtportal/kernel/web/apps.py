"""The Django app of the shared pages."""

from datetime import timedelta

from django.apps import AppConfig

from stadtportal.kernel.contracts import PersonalData, registry


class WebConfig(AppConfig):
    """Frame, components, error pages, security headers and rate limits."""

    name = "stadtportal.kernel.web"
    label = "web"
    verbose_name = "Seiten"

    def ready(self) -> None:
        """Declare what rate limits keep about people."""
        registry.declare_personal_data(
            "web",
            PersonalData(
                title="Zähler gegen Missbrauch",
                purpose="Anmeldung und Formulare vor massenhaften Versuchen schützen",
                legal_basis="Art. 6 Abs. 1 Buchst. e und Art. 32 DSGVO",
                retention=timedelta(days=1),
                retention_words="höchstens einen Tag",
                models={"web.RateWindow": ("key",)},
                export="stadtportal.kernel.web.actions.export_windows",
                erase="stadtportal.kernel.web.actions.erase_windows",
                expire="stadtportal.kernel.web.actions.expire_windows",
                oldest="stadtportal.kernel.web.actions.oldest_window",
            ),
        )
