"""What is read out of a question besides what is wanted, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.search.rules.question import ReadAs, SearchQuery
from stadtportal.kernel.search.rules.text import clean
from stadtportal.kernel.search.rules.understanding import BERLIN, Reading, understand

#: A Wednesday, noon in Berlin.
NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


def read(text: str, query: SearchQuery | None = None) -> Reading:
    return understand(clean(text.replace("€", " Euro ")).words, query or SearchQuery(), now=NOW)


def chips(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.title) for one in read(text).understood]


@pytest.mark.parametrize(
    ("text", "left", "shown"),
    [
        ("Apotheke jetzt offen", "Apotheke", [("open", "jetzt geöffnet")]),
        ("Zahnarzt offen jetzt Vaihingen", "Zahnarzt Vaihingen", [("open", "jetzt geöffnet")]),
        ("pharmacy open now", "pharmacy", [("open", "jetzt geöffnet")]),
        ("eczane açık", "eczane", [("open", "jetzt geöffnet")]),
        ("صيدلية مفتوح الان", "صيدلية", [("open", "jetzt geöffnet")]),
        ("Yoga heute", "Yoga", [("time", "heute")]),
        ("Yoga am Samstag", "Yoga", [("time", "am Samstag, 28.11.")]),
        ("samedi piscine", "piscine", [("time", "am Samstag, 28.11.")]),
        ("Markt mittwochs", "Markt", [("time", "am Mittwoch, 25.11.")]),
        ("Flohmarkt am Wochenende", "Flohmarkt", [("time", "am Wochenende")]),
        ("Konzert nächste Woche", "Konzert", [("time", "nächste woche")]),
        ("Supermarkt nach 20 Uhr", "Supermarkt", [("time", "heute nach 20 Uhr")]),
        ("Bürgerbüro Donnerstag um 17:30 Uhr", "Bürgerbüro", [("time", "am Donnerstag, 26.11. um 17:30 Uhr")]),
        ("Kurs am 24.12.", "Kurs", [("time", "am 24.12.2026")]),
        ("Kurs am 3.1.", "Kurs", [("time", "am 3.1.2027")]),
        ("Yoga kostenlos", "Yoga", [("price", "kostenlos")]),
        ("kostenlose Beratung", "Beratung", [("price", "kostenlos")]),
        ("free museum", "museum", [("price", "kostenlos")]),
        ("Kurs unter 20 €", "Kurs", [("price", "bis 20 €")]),
        ("Kurs bis 12,50 Euro", "Kurs", [("price", "bis 12,50 €")]),
        ("Schwimmkurs für Kinder", "Schwimmkurs", [("audience", "für Kinder")]),
        ("Schwimmkurs Kinder", "Schwimmkurs", [("audience", "für Kinder")]),
        ("Yoga für Anfänger", "Yoga", [("audience", "für Anfänger")]),
        ("çocuklar için yüzme", "yüzme", [("audience", "für Kinder")]),
        ("Yoga auf Englisch", "Yoga", [("language", "auf Englisch")]),
        ("English speaking doctor", "doctor", [("language", "auf Englisch")]),
        ("türkischsprachiger Arzt", "Arzt", [("language", "auf Türkisch")]),
        ("barrierefreies Restaurant", "Restaurant", [("access", "mit dem Rollstuhl zugänglich")]),
        ("Café mit dem Rollstuhl", "Café", [("access", "mit dem Rollstuhl zugänglich")]),
        ("Apotheke in der Nähe", "Apotheke", [("near_me", "in der Nähe")]),
        ("gym near me", "gym", [("near_me", "in der Nähe")]),
        ("Yoga Samstag kostenlos", "Yoga", [("time", "am Samstag, 28.11."), ("price", "kostenlos")]),
    ],
)
def test_times_prices_and_people_are_read_in_several_languages(
    text: str, left: str, shown: list[tuple[str, str]]
) -> None:
    assert " ".join(read(text).words) == left
    assert chips(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Kinderarzt", "Deutschkurs", "Englisch lernen", "Morgenstern", "Freitagsmoschee", "Rollstuhl kaufen",
        "Freibad", "Männerchor", "Kinder", "Frauen", "Öffnungszeiten", "Abendgymnasium", "Yoga am Abend",
    ],
)  # fmt: skip
def test_words_that_only_look_like_it_stay_words(text: str) -> None:
    assert read(text).words == clean(text).words
    assert read(text).understood == ()


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("heute", NOW, datetime(2026, 11, 25, 23, 59, 59, tzinfo=BERLIN)),
        ("morgen", datetime(2026, 11, 26, tzinfo=BERLIN), datetime(2026, 11, 26, 23, 59, 59, tzinfo=BERLIN)),
        ("übermorgen", datetime(2026, 11, 27, tzinfo=BERLIN), datetime(2026, 11, 27, 23, 59, 59, tzinfo=BERLIN)),
        ("am Wochenende", datetime(2026, 11, 28, tzinfo=BERLIN), datetime(2026, 11, 29, 23, 59, 59, tzinfo=BERLIN)),
        ("heute Abend", datetime(2026, 11, 25, 18, tzinfo=BERLIN), datetime(2026, 11, 25, 23, tzinfo=BERLIN)),
        ("Montagvormittag", datetime(2026, 11, 30, 8, tzinfo=BERLIN), datetime(2026, 11, 30, 12, tzinfo=BERLIN)),
    ],
)
def test_a_time_becomes_a_window_in_berlin(text: str, begins: datetime, ends: datetime) -> None:
    when = read(f"{text} Yoga").query.when
    assert when is not None
    assert (when.from_at, when.to_at) == (begins, ends)


def test_what_a_filter_says_already_is_not_read_again() -> None:
    query = SearchQuery(from_on=date(2026, 12, 1), max_price_cents=500, audience="seniors", open_now=True)
    assert read("Yoga am Samstag kostenlos für Kinder offen", query).understood == ()


def test_words_of_an_expression_are_left_alone() -> None:
    words = clean("Tag der offenen Tür heute").words
    reading = understand(words, SearchQuery(), now=NOW, keep=[True, True, True, True, False])
    assert [one.kind for one in reading.understood] == [ReadAs.TIME]
    assert reading.words == words[:4]


@given(st.text(max_size=120))
def test_any_text_is_read_and_no_word_is_made_up(text: str) -> None:
    words = clean(text).words
    reading = understand(words, SearchQuery(), now=NOW)
    assert set(reading.words) <= set(words)
    assert len(reading.words) + sum(len(one.text.split()) for one in reading.understood) == len(words)


@given(
    st.integers(min_value=0, max_value=6 * 366 * 24 * 60),
    st.sampled_from(["heute", "Montag", "Sonntag", "am Wochenende", "nächste Woche", "morgen"]),
)
def test_a_window_is_never_empty_and_never_long_over(minutes: int, text: str) -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    when: Any = understand((*text.split(), "Yoga"), SearchQuery(), now=now).query.when
    assert when.from_at <= when.to_at
    assert when.to_at >= now - timedelta(seconds=1)
    assert when.to_at - now <= timedelta(days=15)
