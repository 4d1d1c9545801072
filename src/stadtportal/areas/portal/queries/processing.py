"""The record of processing activities (Art. 30 GDPR), generated from the declarations of areas and kernel."""

from typing import Any

from stadtportal.kernel.city import api as city
from stadtportal.kernel.trust import api as trust


def get_record() -> dict[str, Any]:
    """Return the record, safe for JSON; ``retention_days`` is ``None`` where the end is an event and not a span."""
    return {
        "controller": f"Betrieb des Stadtportals {city.city().name}, siehe Impressum",
        "third_countries": "keine Übermittlung",
        "measures": (
            "Zugriffe nur mit protokolliertem Zweck und nach Rollen, verschlüsselte Übertragung, Löschung nach Frist, "
            "Löschjournal außerhalb der Datenbank (Art. 32 DSGVO)"
        ),
        "activities": [
            {
                "id": kind.slug,
                "area": kind.owner_title,
                "title": kind.data.title,
                "purpose": kind.data.purpose,
                "legal_basis": kind.data.legal_basis,
                "subjects": "Personen mit Konto",
                "categories": list(kind.data.words.values()),
                "recipients": kind.data.recipients,
                "retention": kind.data.retention_words,
                "retention_days": kind.data.retention.days if kind.data.retention is not None else None,
            }
            for kind in trust.list_kinds()
        ],
    }
