"""Calendar files that calendars read, letters that screen readers read."""

from datetime import UTC, datetime

import icalendar
import pytest
from django.conf import settings

from stadtportal.kernel.contracts import CalendarEvent
from stadtportal.kernel.documents import api as documents

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_calendar_file_keeps_berlin_time_across_the_end_of_summer_time() -> None:
    events = [
        CalendarEvent(
            uid=f"t{number}@stadtportal",
            title="Yoga, sanft",
            starts_at=starts_at,
            ends_at=starts_at.replace(hour=starts_at.hour + 1),
            location="Marktplatz 1; Hof",
        )
        for number, starts_at in enumerate(
            [datetime(2026, 10, 20, 16, 0, tzinfo=UTC), datetime(2026, 10, 27, 17, 0, tzinfo=UTC)]
        )
    ]
    parsed = icalendar.Calendar.from_ical(documents.calendar_file(events, now=NOW))
    read = list(parsed.walk("VEVENT"))
    assert [event["SUMMARY"] for event in read] == ["Yoga, sanft", "Yoga, sanft"]
    assert [event.decoded("DTSTART").isoformat() for event in read] == [
        "2026-10-20T18:00:00+02:00",
        "2026-10-27T18:00:00+01:00",
    ]
    assert read[0]["LOCATION"] == "Marktplatz 1; Hof"


def test_an_empty_calendar_is_still_a_calendar() -> None:
    assert icalendar.Calendar.from_ical(documents.calendar_file([], now=NOW)).walk("VEVENT") == []


@pytest.mark.skipif(not (settings.BUILD / "fonts").exists(), reason="needs the fonts that tools/build_assets.py makes")
def test_a_letter_is_a_tagged_pdf_and_shows_markup_as_text() -> None:
    pdf = documents.pdf_letter(
        title="Buchungsbestätigung",
        reference="ST-7K3M-9QXD-W",
        recipient=["Lena Beispiel", "#panic()"],
        paragraphs=['Sie haben *einen* Platz $x$. #read("/etc/passwd")'],
        facts=[("Kurs", "Yoga"), ("Preis", "96,00 €")],
        now=NOW,
    )
    assert pdf.startswith(b"%PDF-")
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid" in pdf
    assert b"pdfaid" in pdf
    assert b"Fira" in pdf


def test_a_missing_font_is_an_error(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BUILD", tmp_path)
    with pytest.raises(documents.FontMissing):
        documents.pdf_letter(title="T", reference="", recipient=[], paragraphs=[], facts=[], now=NOW)
