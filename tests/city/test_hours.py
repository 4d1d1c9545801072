"""What the portal says about opening hours, to the minute."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from stadtportal.kernel.city.rules.holiday_dates import dates_for_holidays
from stadtportal.kernel.city.rules.hours import (
    ASK_THE_HOUSE,
    BERLIN,
    comments_in,
    hours_status,
    is_open,
    is_parsable,
    state_holidays,
    week_hours,
)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("hours", "now", "opened", "sentence"),
    [
        # Saturday, 21 November 2026.
        ("Mo-Sa 10:00-20:00", "2026-11-21T19:00", True, "jetzt geöffnet bis 20 Uhr"),
        ("Mo-Sa 10:00-20:30", "2026-11-21T19:00", True, "jetzt geöffnet bis 20:30 Uhr"),
        ("14:00-20:00", "2026-11-21T10:00", False, "geschlossen, öffnet heute um 14 Uhr"),
        ("Mo-Su 09:00-12:00", "2026-11-21T13:00", False, "geschlossen, öffnet morgen um 9 Uhr"),
        ("Mo-Fr 08:15-18:00", "2026-11-21T19:00", False, "geschlossen, öffnet Montag um 8:15 Uhr"),
        ("Dec 01-24 10:00-12:00", "2026-11-21T13:00", False, "geschlossen, öffnet am 1. Dezember um 10 Uhr"),
        ("Jan 07-31 10:00-12:00", "2026-11-21T13:00", False, "geschlossen, öffnet am 7. Januar 2027 um 10 Uhr"),
        ("24/7", "2026-11-21T03:00", True, "rund um die Uhr geöffnet"),
        ("24/7 off", "2026-11-21T03:00", False, "zurzeit geschlossen"),
        ('24/7 off "Umbau"', "2026-11-21T03:00", False, "geschlossen (Umbau)"),
        ("Fr,Sa 22:00-04:00", "2026-11-21T23:00", True, "jetzt geöffnet bis 4 Uhr"),
        ("Mo-Sa", "2026-11-21T23:00", True, "jetzt geöffnet bis 24 Uhr"),
        ("10:00+", "2026-11-21T23:00", True, "jetzt geöffnet, Ende offen"),
        ("10:00-18:00+", "2026-11-21T17:00", True, "jetzt geöffnet mindestens bis 18 Uhr"),
        ("Sa 08:00-24:00; Su 00:00-18:00", "2026-11-21T09:00", True, "jetzt geöffnet bis morgen um 18 Uhr"),
        ('"nach Vereinbarung"', "2026-11-21T09:00", None, "Öffnungszeiten: nach Vereinbarung"),
        ('Sa "nach Vereinbarung"', "2026-11-21T09:00", None, "nach Vereinbarung, bitte beim Haus erfragen"),
        ("Sa unknown", "2026-11-21T09:00", None, "vielleicht geöffnet, bitte beim Haus erfragen"),
        ("", "2026-11-21T09:00", None, ASK_THE_HOUSE),
        ("nach Laune", "2026-11-21T09:00", None, ASK_THE_HOUSE),
    ],
)
def test_sentences(hours: str, now: str, opened: bool | None, sentence: str) -> None:  # noqa: FBT001 -- a column of the table.
    status = hours_status(hours, berlin(now))
    assert (status.open, status.sentence) == (opened, sentence)


def test_unreadable_hours_are_told_from_missing_ones() -> None:
    assert not hours_status("nach Laune", berlin("2026-11-21T09:00")).parsable
    assert hours_status("", berlin("2026-11-21T09:00")).parsable
    assert not is_parsable("nach Laune")
    assert is_parsable("")


def test_the_next_change_is_told_in_utc() -> None:
    assert hours_status("Mo-Sa 10:00-20:00", berlin("2026-11-21T19:00")).next_change_at == datetime(
        2026, 11, 21, 19, 0, tzinfo=UTC
    )
    assert hours_status("Mo-Sa 10:00-20:00", berlin("2026-07-18T19:00")).next_change_at == datetime(
        2026, 7, 18, 18, 0, tzinfo=UTC
    )


def test_any_time_zone_may_ask() -> None:
    assert hours_status("10:00-20:00", datetime(2026, 7, 18, 8, 30, tzinfo=UTC)).open is True
    assert hours_status("10:00-20:00", datetime(2026, 7, 18, 7, 30, tzinfo=UTC)).open is False


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2027-01-06", "Heilige Drei Könige"),
        ("2027-05-27", "Fronleichnam"),
        ("2026-11-01", "Allerheiligen"),
        ("2026-10-03", "Tag der Deutschen Einheit"),
    ],
)
def test_holidays_of_baden_wuerttemberg_close_houses(day: str, name: str) -> None:
    assert state_holidays(int(day[:4]), "BW")[date.fromisoformat(day)] == name
    noon = berlin(f"{day}T12:00")
    assert is_open("Mo-Su 08:00-18:00", noon)
    assert not is_open("Mo-Su 08:00-18:00; PH off", noon)
    assert not is_open("Mo-Su 08:00-18:00; Su,PH off", noon)
    assert is_open("Mo-Sa 08:00-10:00; Su, PH 11:00-13:00", noon)


def test_other_states_have_other_holidays() -> None:
    noon = berlin("2027-01-06T12:00")
    assert is_open("Mo-Su 08:00-18:00; PH off", noon, state="BE")
    assert date(2027, 1, 6) not in state_holidays(2027, "BE")


def test_the_day_after_a_holiday_is_named() -> None:
    status = hours_status("Mo-Fr 08:15-18:00; PH off", berlin("2027-01-05T19:00"))
    assert status.sentence == "geschlossen, öffnet Donnerstag um 8:15 Uhr"


def test_holidays_of_the_coming_year_are_known_in_december() -> None:
    status = hours_status("Mo-Su 09:00-18:00; PH off", berlin("2026-12-31T19:00"))
    assert status.sentence == "geschlossen, öffnet Samstag um 9 Uhr"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("Mo-Fr 08:00-18:00; PH off", "Mo-Fr 08:00-18:00; 2027 Jan 06,2027 May 27 off"),
        (
            "Mo-Sa 10:00-20:00; Su,PH 11:00-13:00",
            "Mo-Sa 10:00-20:00; Su 11:00-13:00; 2027 Jan 06,2027 May 27 11:00-13:00",
        ),
        ("Mo-Sa 10:00-20:00, Su,PH off", "Mo-Sa 10:00-20:00, Su off; 2027 Jan 06,2027 May 27 off"),
        ('Mo "PH; off"; PH off', 'Mo "PH; off"; 2027 Jan 06,2027 May 27 off'),
        ("Fr,Sa,PH -1 day 18:00-05:00", "Fr,Sa,PH -1 day 18:00-05:00"),
        ("Jun PH 10:00-12:00", "Jun PH 10:00-12:00"),
        ("PH Fr-Su 14:00-23:00", "PH Fr-Su 14:00-23:00"),
        ("Mo-Fr 08:00-18:00", "Mo-Fr 08:00-18:00"),
        ('"PH geschlossen"', '"PH geschlossen"'),
    ],
)
def test_holidays_are_written_out_as_dates(hours: str, expected: str) -> None:
    assert dates_for_holidays(hours, [date(2027, 1, 6), date(2027, 5, 27)]) == expected


def test_a_day_has_23_hours_in_spring() -> None:
    # On 28 March 2027 the clock goes from 2 to 3.
    assert hours_status("00:00-24:00", berlin("2027-03-28T01:30")).open is True
    assert hours_status("Su 01:00-04:00", berlin("2027-03-28T01:30")).next_change_at == datetime(
        2027, 3, 28, 2, 0, tzinfo=UTC
    )
    week = week_hours("02:30-02:45", date(2027, 3, 27))
    assert [day.words for day in week[:3]] == ["2:30 bis 2:45 Uhr", "", "2:30 bis 2:45 Uhr"]


def test_a_day_has_25_hours_in_autumn() -> None:
    # On 25 October 2026 the clock goes from 3 back to 2.
    status = hours_status("Sa 20:00-04:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert status.open is True
    assert status.next_change_at == datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
    assert [day.words for day in week_hours("24/7", date(2026, 10, 24))] == ["ganztägig"] * 7


def test_a_week_names_days_and_holidays() -> None:
    week = week_hours("Mo-Fr 08:15-12:00,14:00-18:00; Fr 20:00-02:00; Su,PH off", date(2027, 1, 4))
    assert [(day.title, day.words, day.holiday, day.is_today) for day in week] == [
        ("Montag", "8:15 bis 12 Uhr, 14 bis 18 Uhr", "", True),
        ("Dienstag", "8:15 bis 12 Uhr, 14 bis 18 Uhr", "", False),
        ("Mittwoch", "", "Heilige Drei Könige", False),
        ("Donnerstag", "8:15 bis 12 Uhr, 14 bis 18 Uhr", "", False),
        ("Freitag", "20 bis 2 Uhr", "", False),
        ("Samstag", "", "", False),
        ("Sonntag", "", "", False),
    ]


def test_a_night_belongs_to_its_evening() -> None:
    week = week_hours("Fr 22:00-04:00", date(2026, 11, 21))  # The Saturday after it.
    assert [day.words for day in week] == ["", "", "", "", "", "", "22 bis 4 Uhr"]


def test_a_week_of_unreadable_hours_is_empty() -> None:
    assert week_hours("nach Laune", date(2026, 11, 21)) == ()
    assert week_hours("", date(2026, 11, 21)) == ()


def test_comments_are_shown_beside_the_hours() -> None:
    assert comments_in('Mo 10:00-12:00 || "nach Vereinbarung"; SH off') == (
        "nach Vereinbarung",
        "In den Schulferien können andere Zeiten gelten.",
    )


def test_by_appointment_is_not_open() -> None:
    assert not is_open('Mo-Su 08:00-18:00 "nur mit Termin"', berlin("2026-11-21T12:00"))
    assert is_open('Mo-Su 08:00-18:00 "Hintereingang"', berlin("2026-11-21T12:00"))
