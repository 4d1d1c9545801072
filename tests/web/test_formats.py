"""Money, times and counts read as people in Germany write them, whatever the machine's locale is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.web import rules

NOW = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)  # 23:59 in Berlin.


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (9600, "96,00 €"),
        (123456, "1.234,56 €"),
        (100_000_000, "1.000.000,00 €"),
        (-550, "-5,50 €"),
    ],
)
def test_cents_are_written_as_euros(value: int, words: str) -> None:
    assert rules.cents(value) == words


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_no_cent_is_lost_in_writing(value: int) -> None:
    written = rules.cents(value)
    assert int(written.removesuffix(" €").replace(".", "").replace(",", "")) == value
    assert len(written.removesuffix(" €").rpartition(",")[2]) == 2


def test_a_price_of_nothing_is_free_and_an_unknown_one_is_silent() -> None:
    assert (rules.price(0), rules.price(None), rules.price(100)) == ("kostenlos", "", "1,00 €")


def test_a_moment_is_told_on_berlins_clock_in_summer_and_winter() -> None:
    assert rules.berlin_datetime(datetime(2026, 7, 1, 16, 30, tzinfo=UTC)) == "Mittwoch, 1. Juli 2026, 18:30 Uhr"
    assert rules.berlin_datetime(datetime(2026, 12, 2, 17, 30, tzinfo=UTC)) == "Mittwoch, 2. Dezember 2026, 18:30 Uhr"
    assert rules.berlin_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "1. Januar 2027"
    assert rules.berlin_date(date(2026, 3, 5)) == "5. März 2026"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        rules.berlin_time(datetime(2026, 1, 1, 12, 0))  # noqa: DTZ001 -- the missing zone is the subject.


def test_a_span_names_the_day_only_when_it_changes() -> None:
    starts_at = datetime(2026, 12, 2, 17, 30, tzinfo=UTC)
    assert rules.berlin_span(starts_at, starts_at + timedelta(minutes=75)) == "18:30 bis 19:45 Uhr"
    assert (
        rules.berlin_span(starts_at, starts_at + timedelta(hours=8))
        == "Mittwoch, 2. Dezember 2026, 18:30 Uhr bis Donnerstag, 3. Dezember 2026, 02:30 Uhr"
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 29), "gestern"),
        (date(2026, 11, 30), "heute"),
        (date(2026, 12, 1), "morgen"),
        (date(2026, 12, 2), "Mi., 2. Dezember"),
        (date(2027, 1, 4), "Mo., 4. Januar 2027"),
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "morgen"),
    ],
)
def test_a_near_day_has_a_near_name(day: date | datetime, words: str) -> None:
    assert rules.relative_day(day, now=NOW) == words


def test_counts_agree_with_their_words() -> None:
    assert rules.plural(1, "Platz", "Plätze") == "1 Platz"
    assert rules.plural(0, "Platz", "Plätze") == "0 Plätze"
    assert rules.plural(12345, "Platz", "Plätze") == "12.345 Plätze"


@pytest.mark.parametrize(
    ("taken", "capacity", "shown"),
    [
        (9, 12, rules.Occupancy(75, "Noch 3 von 12 Plätzen frei", "free")),
        (11, 12, rules.Occupancy(92, "Noch 1 von 12 Plätzen frei", "few")),
        (12, 12, rules.Occupancy(100, "Alle Plätze sind belegt", "full")),
        (0, 0, rules.Occupancy(100, "Alle Plätze sind belegt", "full")),
        (13, 12, rules.Occupancy(100, "Alle Plätze sind belegt", "full")),
    ],
)
def test_how_full_a_course_is_is_said_in_words(taken: int, capacity: int, shown: rules.Occupancy) -> None:
    assert rules.occupancy(taken, capacity) == shown


def test_a_wait_is_rounded_up() -> None:
    words = [rules.wait_in_words(seconds) for seconds in (0, 30, 60, 61, 3600, 3601)]
    assert words == ["1 Sekunde", "30 Sekunden", "1 Minute", "2 Minuten", "1 Stunde", "2 Stunden"]
