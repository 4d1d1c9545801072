"""Lena books a course for her child Mika, and acts for her club once a clerk has seen the register."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from .conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("portal")]
Open = Callable[..., Visit]
MINE = ("/mein/", "/mein/vorgaenge/", "/mein/postfach/", "/mein/kalender/", "/kurse/", "/")
FORMS = ("einladen", "kind", "betreuung", "organisation")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_of_delegations_are_accessible_at_320_px(visit: Open, dark: bool) -> None:  # noqa: FBT001 -- a parameter of the test.
    window = visit("narrow", dark=dark)
    window.sign_in_as("Lena", "/mein/vertretung/")
    window.look()
    for form in FORMS:
        window.go(f"/mein/vertretung/{form}/")
        window.look()
    window.go("/mein/vertretung/")
    window.page.get_by_role("link", name=re.compile("Beenden")).first.click()
    window.look()
    window.go("/mein/vertretung/")
    window.page.get_by_role("link", name=re.compile("Wer hat die Daten gesehen")).first.click()
    window.look()
    window.go("/mein/vertretung/")
    window.page.get_by_role("button", name="Handeln für Mika Beispiel").click()
    for path in MINE:
        window.go(path)
        expect(window.page.get_by_label("Vertretung", exact=True)).to_contain_text("Lena Beispiel handelt für Mika")
        window.look()
    window.go("/konto/sicherheit/")
    window.look()
    window.page.get_by_role("button", name="Vertretung beenden").click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Lena Beispiel")
    window.complaints[:] = [said for said in window.complaints if "403" not in said]


def test_a_mother_books_for_her_child_without_scripts(visit: Open) -> None:
    window = visit("phone", scripts=False)
    page = window.page
    window.sign_in_as("Lena", "/mein/vertretung/")
    page.get_by_role("button", name="Handeln für Mika Beispiel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Übersicht für Mika Beispiel")
    window.go("/kurse/yoga-am-abend-fuer-anfaenger/buchen/")
    page.get_by_label(re.compile("Regulär")).check()
    page.get_by_role("button", name="Weiter und Angaben prüfen").click()
    expect(page.locator("main")).to_contain_text("Lena Beispiel für Mika Beispiel")
    page.get_by_role("button", name=re.compile("Zahlungspflichtig|Verbindlich")).click()
    page.wait_for_url(re.compile(r"/kurse/buchung/ST-"))
    reference = page.url.rstrip("/").rpartition("/")[2]
    window.go(f"/mein/vorgaenge/{reference}/")
    expect(page.locator("main")).to_contain_text("In Vertretung begonnen von Lena Beispiel")
    expect(page.locator(".timeline")).to_contain_text("Lena Beispiel für Mika Beispiel")
    page.get_by_role("button", name="Vertretung beenden").click()
    expect(page.locator("main")).to_contain_text("Sie handeln wieder für sich selbst.")
    window.go(f"/mein/vorgaenge/{reference}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Diese Seite gibt es nicht")
    window.go("/mein/vertretung/")
    page.get_by_role("link", name=re.compile("Wer hat die Daten gesehen")).first.click()
    expect(page.locator(".access-list")).to_contain_text("Handeln in Vertretung (Elterliche Sorge Nr.")
    window.complaints[:] = [said for said in window.complaints if "404" not in said]


@pytest.mark.parametrize("width", ["narrow", "desk"])
def test_a_club_is_represented_once_the_clerk_has_seen_the_register(visit: Open, width: str) -> None:
    name = f"Turnverein Beispiel {width} e. V."
    hers, desk = visit(width), visit(width)
    hers.sign_in_as("Lena", "/mein/vertretung/")
    hers.page.get_by_role("link", name="Verein oder Unternehmen vertreten").click()
    hers.page.get_by_label("Name des Vereins").fill(name)
    hers.page.get_by_label("Register und Nummer").fill("Amtsgericht Stuttgart, VR 1234")
    hers.page.get_by_role("button", name="Prüfung beantragen").click()
    expect(hers.page.locator("main")).to_contain_text("Wird geprüft")
    hers.look()
    desk.sign_in_as("Alex", "/arbeitsplatz/")
    desk.page.get_by_role("link", name="Vertretungen prüfen").click()
    desk.look()
    desk.page.get_by_role("link", name=re.compile(f"Bestätigen ?: {re.escape(name)}")).click()
    expect(desk.page.locator("main")).to_contain_text("VR 1234")
    desk.look()
    desk.page.get_by_role("button", name="Vertretung bestätigen").click()
    desk.look()
    desk.page.get_by_label("Was haben Sie gesehen?").fill("Registerauszug AG Stuttgart vom 3.5.2026")
    desk.page.get_by_label("Letzter Tag laut Dokument").fill(f"{datetime.now(UTC).date() + timedelta(days=90)}")
    desk.page.get_by_role("button", name="Vertretung bestätigen").click()
    expect(desk.page.locator("main")).to_contain_text("Die Person ist benachrichtigt")
    hers.go("/mein/vertretung/")
    hers.page.get_by_role("button", name=f"Handeln für {name}").click()
    expect(hers.page.get_by_role("heading", level=1)).to_have_text(f"Übersicht für {name}")
    hers.look()
    desk.complaints[:] = [said for said in desk.complaints if "422" not in said]
