"""From the front page to a booked course and back: the way the portal is judged by."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("portal")]
Open = Callable[..., Visit]


def find_the_yoga_course(window: Visit) -> None:
    """Walk from the front page to a course in Bad Cannstatt that has places."""
    window.go("/")
    window.page.get_by_label("Was und wo?").fill("Yoga Bad Cannstatt")
    window.page.get_by_role("button", name="Suchen").first.click()
    window.page.wait_for_url(re.compile(r"/suche/\?"))
    window.page.locator("main").get_by_role("link", name=re.compile("Yoga am Abend")).first.click()
    window.page.wait_for_url(re.compile(r"/kurse/"))


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_resident_finds_books_follows_and_cancels_a_course(visit: Open, width: str, scripts: bool) -> None:  # noqa: FBT001 -- a parameter of the test.
    window = visit(width, scripts=scripts)
    page = window.page
    look = window.look if scripts else lambda: None
    find_the_yoga_course(window)
    look()
    page.get_by_role("link", name=re.compile("Platz buchen|Jetzt buchen|buchen")).first.click()
    look()
    page.get_by_label(re.compile("Regulär")).check()
    page.get_by_role("button", name="Weiter und Angaben prüfen").click()
    look()
    page.get_by_role("button", name="Als Lena Beispiel anmelden").click()
    look()
    expect(page.get_by_role("heading", level=1)).to_contain_text("prüfen")
    page.get_by_role("button", name=re.compile("Zahlungspflichtig bestellen|Verbindlich buchen")).click()
    page.wait_for_url(re.compile(r"/kurse/buchung/ST-"))
    look()
    reference = re.search(r"ST-\w{4}-\w{4}-\w", page.url)
    assert reference is not None
    window.go("/mein/")
    look()
    page.get_by_role("link", name=re.compile("Yoga")).first.click()
    look()
    window.go(f"/kurse/buchung/{reference[0]}/")
    page.get_by_role("link", name=re.compile("stornieren", re.IGNORECASE)).first.click()
    look()
    page.get_by_role("button", name=re.compile("stornieren", re.IGNORECASE)).click()
    window.go(f"/mein/vorgaenge/{reference[0]}/")
    expect(page.locator("main")).to_contain_text("Storniert")
    look()
