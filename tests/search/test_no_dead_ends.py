"""Whatever people type, and however they mistype it, there is something to go on with."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import silent
from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.engine.glossary import get_glossary

NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
NEXT_TO = dict(zip("qwertzuiopasdfghjklyxcvbnm", "wertzuiopüsdfghjklöxcvbnm,", strict=True))
EXTRAS = (
    "bitte",
    "in Vaihingen",
    "jetzt offen",
    "am Sonntag",
    "kostenlos",
    "für Kinder",
    "near me",
    "???",
    "🏊",
    "70372",
)


@pytest.fixture
def stuttgart(db: None) -> None:  # noqa: ARG001 -- the pack's rows.
    city.load_city(silent)
    search.encode_pending()


def said(chance: random.Random) -> Iterator[str]:
    """Yield things people say in any of the languages, without end."""
    expressions = [text for _, text, _ in get_glossary().expressions()]
    while True:
        yield chance.choice(expressions)


def distorted(text: str, chance: random.Random) -> str:
    """Return a text with one to three mistakes a hand or an ear makes, and sometimes more around it."""
    letters = list(text)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(letters)) if letters else 0
        mistake = chance.choice(("drop", "double", "swap", "slip", "case", "space", "cut"))
        if not letters:
            break
        if mistake == "drop":
            del letters[place]
        elif mistake == "double":
            letters.insert(place, letters[place])
        elif mistake == "swap" and place:
            letters[place - 1], letters[place] = letters[place], letters[place - 1]
        elif mistake == "slip":
            letters[place] = NEXT_TO.get(letters[place].lower(), letters[place])
        elif mistake == "case":
            letters[place] = letters[place].swapcase()
        elif mistake == "space":
            letters.insert(place, " ")
        else:
            letters = letters[: max(3, len(letters) - 2)]
    made = "".join(letters)
    return f"{made} {chance.choice(EXTRAS)}" if chance.random() < 0.3 else made


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.usefixtures("stuttgart")
def test_no_distorted_question_has_an_empty_answer(whole: bool) -> None:  # noqa: FBT001 -- a fixture.
    chance = random.Random(20261125)  # noqa: S311 -- the same questions each time.
    source = said(chance)
    empty = []
    for _ in range(5000 if whole else 300):
        text = distorted(next(source), chance)
        if not search.find(search.SearchQuery(text=text), now=NOW).results:
            empty.append(text)
    assert empty == []


@pytest.mark.slow
@pytest.mark.usefixtures("stuttgart")
def test_no_page_of_a_distorted_question_ends_there(client: Client) -> None:
    chance = random.Random(7)  # noqa: S311 -- the same questions each time.
    source = said(chance)
    for _ in range(60):
        text = distorted(next(source), chance)
        page = client.get("/suche/", {"q": text})
        assert page.status_code == 200
        assert 'class="result"' in page.content.decode(), text


@pytest.mark.slow
@pytest.mark.usefixtures("stuttgart")
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Ausweis abgelaufen", "Bürgerbüro"),
        ("kimlik kartı", "Bürgerbüro"),
        ("wohnsitz umelden", "Bürgerbüro"),
        ("Wochenmarkt Bad Cannstatt", "Wochenmarkt Bad Cannstatt"),
        ("grundschulle feuerbach", "schule"),
    ],
)
def test_the_city_pack_alone_answers_what_people_say(text: str, first: str) -> None:
    assert first in search.find(search.SearchQuery(text=text), now=NOW).results[0].title
