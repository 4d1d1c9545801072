"""Nobody brings a page down with an address: every named URL is asked with hostile values, and none fails.

A seeded sample runs by default; ``CHECK_ALL=1`` asks everything.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from stadtportal.areas.courses import api as courses
from stadtportal.areas.courses.models import Course
from stadtportal.kernel.people.models import Person
from tests.courses.conftest import new_actor, offer_course

pytestmark = pytest.mark.django_db

SEED = 20_261_123
SAMPLED = 400

NUMBERS = (
    "0",
    "-1",
    "1",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(10**30),
    "9" * 5000,
    "%D9%A3",
    "1e9",
    "0x1",
    "%00",
)
TEXTS = (
    "%00",
    "a%00b",
    "%FF%FE",
    "%ED%A0%80",
    "%0D%0AX-Injected:%201",
    "%E2%80%AE",
    "..",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "//evil.example",
    "'%3B%20DROP%20TABLE%20x%3B--",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "%7B%7B7*7%7D%7D",
    "%25s%25(x)s",
    "*:*%20%26%20!%20(%22",
    "a" * 10_000,
    "%F0%9F%92%A5" * 300,
    "nan",
    "inf,-inf",
    "1e400,0,0,0",
    "0001-01-01",
    "9999-12-31",
    "-9999999999999999-01-01",
    *NUMBERS,
)
#: What the pages below a path read from their address; every page reads what stands under "/".
PARAMETERS = {
    "/": ("seite", "next", "q"),
    "/suche/": (
        *("art", "kategorie", "bezirk", "ort", "umkreis", "preis", "von", "bis", "fuer"),
        *("sortierung", "offen", "woertlich"),
    ),
    "/kurse/": (
        *("category", "district", "weekday", "audience", "free_only", "day"),
        *("session", "party_size", "price", "ages_ok", "key"),
    ),
    "/anbieter/": ("buchstabe",),
    "/rathaus/": ("thema", "buchstabe"),
    "/karte/": ("bbox",),
    "/konto/": ("code", "process"),
}
FAILED = re.compile(r"Traceback|django\.core|psycopg|site-packages|DoesNotExist|&#x27;NoneType")


@dataclass(frozen=True)
class Hole:
    """One part of an address that takes a value: literal text before it, and whether it wants a number."""

    before: str
    number: bool


def holes(pattern: RoutePattern | RegexPattern) -> tuple[list[Hole], str]:
    """Split a pattern into the places for values and the text after the last one."""
    if isinstance(pattern, RegexPattern):
        found = re.match(r"^\^?\(\?P<\w+>[^)]*\)(.*?)\$?$", str(pattern))
        assert found, f"teach this test to fill {pattern}"
        return [Hole("", number=False)], found[1]
    parts = re.split(r"<(?:(\w+):)?\w+>", str(pattern))
    return [Hole(parts[at], parts[at + 1] == "int") for at in range(0, len(parts) - 1, 2)], parts[-1]


def patterns(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, list[Hole], str]]:
    """Yield every named URL: the text before it, the places for values, the text after them."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inside = str(one.pattern)
            assert "<" not in inside, f"teach this test to fill {inside}"
            yield from patterns(one, before + inside)
        elif one.name:
            assert isinstance(one.pattern, RoutePattern | RegexPattern)
            yield before, *holes(one.pattern)


def _all() -> list[tuple[str, list[Hole], str]]:
    return list(patterns(get_resolver()))


def paths() -> Iterator[str]:
    """Yield every path with every hostile value in every place, the other places filled harmlessly."""
    for before, places, after in _all():
        if not places:
            yield before + after
        for at, hole in enumerate(places):
            for value in NUMBERS if hole.number else TEXTS:
                filled = [one.before + (value if number == at else "1") for number, one in enumerate(places)]
                yield before + "".join(filled) + after


def questions() -> Iterator[str]:
    """Yield every page that shows something, with every hostile value in every parameter it reads, once and twice."""
    course = Course.objects.get()
    pages = [before + after for before, places, after in _all() if not places]
    pages += [f"/kurse/{course.slug}/{page}" for page in ("", "buchen/", "buchen/pruefen/")]
    for page in pages:
        for below, names in PARAMETERS.items():
            for name in names if page.startswith(below) else ():
                yield from (f"{page}?{name}={value}" for value in TEXTS)
                yield f"{page}?{name}={TEXTS[0]}&{name}=zweimal&{name}[]=dreimal"


@pytest.fixture
def resident() -> Person:
    """Somebody signed in who has booked, in a city that holds something."""
    now = datetime.now(UTC)
    offered = offer_course(now=now)
    actor = new_actor()
    courses.book(actor=actor, order=offered.order(), now=now)
    assert actor.person_id is not None
    return Person.objects.get(pk=actor.person_id)


def browsers(resident: Person) -> dict[str, Client]:
    """Return a visitor and somebody signed in, both of whom get error pages instead of exceptions."""
    made = {name: Client(raise_request_exception=False, headers={"accept": "text/html"}) for name in ("visitor", "own")}
    made["own"].force_login(resident)
    return made


def ask(client: Client, address: str, method: str) -> str:
    """Return what is wrong with the answer, or nothing."""
    path, _, query = address.partition("?")
    # The test client decodes the path as a server does; the query stays as it was sent.
    answer = client.generic(method, path, QUERY_STRING=query)
    shown = f"{method} {address[:90]}: {answer.status_code}"
    if answer.status_code >= 500:
        return shown
    if "X-Injected" in answer.headers:
        return f"{shown}, with a header of the visitor's"
    if not answer.streaming and FAILED.search(answer.content.decode(errors="replace")):
        return f"{shown}, with a stack trace"
    return ""


def asked(addresses: list[str], *, whole: bool) -> list[str]:
    """Return all of them, or the same sample every time."""
    return addresses if whole else random.Random(SEED).sample(addresses, min(SAMPLED, len(addresses)))  # noqa: S311 -- chooses what to test.


def test_no_path_brings_a_page_down(resident: Person, whole: bool) -> None:  # noqa: FBT001 -- a fixture.
    wrong = []
    for name, client in browsers(resident).items():
        found = (ask(client, path, "GET") for path in asked(list(paths()), whole=whole))
        wrong += [f"{name}: {one}" for one in found if one]
    assert wrong == []


def test_no_parameter_brings_a_page_down(resident: Person, whole: bool) -> None:  # noqa: FBT001 -- a fixture.
    wrong = []
    for name, client in browsers(resident).items():
        found = (ask(client, address, "GET") for address in asked(list(questions()), whole=whole))
        wrong += [f"{name}: {one}" for one in found if one]
    assert wrong == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "NONSENSE"])
def test_no_method_brings_a_page_down(resident: Person, method: str) -> None:
    addresses = [before + "".join(f"{one.before}1" for one in places) + after for before, places, after in _all()]
    wrong = []
    for name, client in browsers(resident).items():
        wrong += [f"{name}: {one}" for path in addresses if (one := ask(client, path, method))]
    assert wrong == []


def test_what_once_failed_is_always_asked(resident: Person) -> None:
    known = [
        "/kurse/buchung/%00/",
        "/kurse/buchung/%00/termine.ics",
        "/kurse/buchung/%00/bestaetigung.pdf",
        "/kurse/buchung/%00/stornieren/",
        "/kurse/?day=9999-12-31",
        "/kurse/?day=0001-01-01",
    ]
    clients = browsers(resident)
    assert [one for client in clients.values() for path in known if (one := ask(client, path, "GET"))] == []
    assert ask(clients["own"], "/kurse/buchung/%00/stornieren/", "POST") == ""
