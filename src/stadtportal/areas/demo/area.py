"""The area of the demonstration."""

from __future__ import annotations

from typing import Final

from stadtportal.kernel.contracts import Area, PersonalData

AREA: Final = Area(
    slug="demo",
    title="Demo",
    icon="mail",
    mounts={"demo/": "stadtportal.areas.demo.urls"},
    personal_data=(
        PersonalData(
            title="Postausgang der Demo",
            purpose="Zeigen, welche E-Mails das Portal versendet hätte",
            legal_basis="keine Daten echter Personen: nur in der Demo",
            retention=None,
            retention_words="die letzten 500 Nachrichten, nur in der Demo",
            models={"demo.OutgoingMail": ("recipients", "subject", "text", "source")},
            export="stadtportal.areas.demo.queries.export_mail",
            erase="stadtportal.areas.demo.actions.erase_mail",
            words={"at": "Geschrieben", "to": "An", "subject": "Betreff", "text": "Text"},
        ),
    ),
)
