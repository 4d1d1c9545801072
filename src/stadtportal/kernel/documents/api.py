"""The door to documents: calendar files and letters."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from stadtportal.kernel.documents.engine.calendar import calendar_file
from stadtportal.kernel.documents.engine.letter import FontMissing, Letter, set_letter
from stadtportal.kernel.documents.engine.pictures import Picture, qr_picture
from stadtportal.kernel.documents.engine.report import Report, ReportSection, set_report
from stadtportal.kernel.web.api import berlin_date

__all__ = [
    "FontMissing",
    "Picture",
    "ReportSection",
    "calendar_file",
    "pdf_letter",
    "pdf_report",
    "qr_picture",
]


def pdf_letter(
    *,
    title: str,
    reference: str,
    recipient: Sequence[str],
    paragraphs: Sequence[str],
    facts: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]] = (),
    closing: str = "",
    sender: str = "Stadtportal Stuttgart",
    picture: Picture | None = None,
    now: datetime,
) -> bytes:
    """Return a letter as accessible PDF (PDF/UA-1, PDF/A-3b), dated in Berlin.

    ``recipient`` holds address lines, ``facts`` (word, value) pairs, ``rows`` lines of a list; ``picture`` stands
    before the closing. Raises ``FontMissing``.
    """
    return set_letter(
        Letter(
            title=title,
            sender=sender,
            dated=berlin_date(now),
            reference=reference,
            recipient=recipient,
            paragraphs=paragraphs,
            facts=facts,
            rows=rows,
            closing=closing,
            picture=picture,
        ),
        fonts=Path(settings.BUILD) / "fonts",
    )


def pdf_report(
    *,
    title: str,
    intro: str,
    sections: Sequence[ReportSection],
    sender: str = "Stadtportal Stuttgart",
    now: datetime,
) -> bytes:
    """Return a report as accessible PDF (PDF/UA-1, PDF/A-3b), dated in Berlin. Raises ``FontMissing``."""
    return set_report(
        Report(title=title, sender=sender, dated=berlin_date(now), intro=intro, sections=sections),
        fonts=Path(settings.BUILD) / "fonts",
    )
