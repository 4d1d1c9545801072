"""Before the city is loaded every page stands all the same."""

from collections.abc import Iterator

import pytest
from django.test import Client

from stadtportal.areas.portal.queries.kept import forget_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    forget_all()
    yield
    forget_all()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Was suchen Sie in Stuttgart?"),
        ("/suche/", "Kein Treffer"),
        ("/suche/?q=Yoga&bezirk=mitte&offen=1", "Kein Treffer für „Yoga“"),
        ("/quellen/", "Es sind noch keine Quellen geladen."),
        ("/sitemap.xml", "http://localhost/suche/"),
        ("/suche/karte.json", "[]"),
    ],
)
def test_an_empty_portal_has_pages(path: str, words: str) -> None:
    answer = Client(HTTP_HOST="localhost").get(path)
    assert answer.status_code == 200
    assert words in answer.content.decode()
