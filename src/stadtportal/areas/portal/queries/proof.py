"""The receipt that people keep outside the portal."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stadtportal.kernel.documents import api as documents
from stadtportal.kernel.trust import api as trust


def receipt_letter(*, person_id: UUID, name: str, now: datetime) -> bytes:
    """Return the receipt as PDF. Raises ``LookupError`` while the log has no checkpoint."""
    signed = trust.latest_checkpoint()
    if signed is None:
        message = "the log has no checkpoint yet"
        raise LookupError(message)
    head = trust.chain_head(person_id)
    return documents.pdf_letter(
        title=_("Prüfbeleg zum Zugriffsprotokoll"),
        reference=f"{signed.size}",
        recipient=[name],
        paragraphs=[
            _(
                "Bewahren Sie diesen Beleg auf. Er hält fest, wie das Protokoll der Zugriffe auf Ihre Daten in diesem "
                "Moment aussah. Wird es später umgeschrieben oder zurückgedreht, passt es nicht mehr zu diesem Beleg."
            ),
            _(
                "So wird geprüft: Der QR-Code enthält den Prüfpunkt; er kommt Zeile für Zeile in eine Datei. "
                "Wer eine Kopie des Portals hat, etwa die Datenschutzaufsicht, prüft mit dem Befehl "
                "„stadtportal log verify --against DATEI“."
            ),
        ],
        facts=[
            (_("Einträge im Protokoll"), f"{signed.size}"),
            (
                _("Zugriffe auf Ihre Daten"),
                ngettext("%(count)d Zugriff", "%(count)d Zugriffe", head.seq) % {"count": head.seq},
            ),
            (_("Ende Ihrer Kette"), head.commitment.hex() or "–"),
            (_("Schlüssel"), signed.key),
        ],
        rows=[(line,) for line in signed.note.splitlines() if line],
        picture=documents.qr_picture(signed.note, alt=_("Der Prüfpunkt als QR-Code")),
        now=now,
    )
