"""The way to BundID and back, and the scanned code, in a real browser without JavaScript.

Browsers add what the test client does not: where a form comes from, and whether the policy lets it go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Page, sync_playwright

from stadtportal.kernel.people.models import Person
from tests.chromium import launch

from .conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def portal(address: str) -> Iterator[str]:
    """A portal whose BundID is its own simulator, at the address it really has."""
    connection: dict[str, Any] = {
        name: value.replace(settings.PUBLIC_URL, address) if isinstance(value, str) else value
        for name, value in (settings.BUNDID or {}).items()
    }
    with override_settings(PUBLIC_URL=address, BUNDID=connection):
        yield address


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = launch(driver)
        context = browser.new_context(locale="de-DE", java_script_enabled=False, viewport={"width": 320, "height": 800})
        yield context.new_page()
        browser.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


# Lena comes first: rows written while the browser's event loop runs would open a connection that nobody closes.
def test_the_whole_way_without_javascript(lena: Person, portal: str, page: Page) -> None:
    page.goto(f"{portal}/konto/anmelden/?next=/konto/nachweis/angaben/")
    page.locator("summary", has_text="Mit Passwort").click()
    page.fill("[name=login]", lena.email)
    page.fill("[name=password]", PASSWORD)
    press(page, "Mit Passwort anmelden")
    assert page.locator("h1").inner_text() == "Bitte weisen Sie sich aus"
    press(page, "Mit BundID bestätigen")
    press(page, "Weiter zu BundID")
    page.get_by_label("Substanziell: ELSTER-Zertifikat").check()
    press(page, "Anmelden")
    press(page, "Zurück zum Portal")
    page.fill("[name=password]", PASSWORD)
    press(page, "Bestätigen")
    assert "Möchten Sie BundID mit diesem Konto verbinden?" in page.locator("h1").inner_text()
    press(page, "Verbinden")
    assert page.url == f"{portal}/konto/nachweis/angaben/"
    assert "Beispielweg 7" in page.locator("main").inner_text()

    page.goto(f"{portal}/konto/code/?code=K7M4-2QXP-9T3H-5WZ8")
    page.fill("[name=birth_date]", "14.05.1992")
    press(page, "Konto bestätigen")
    assert "Diesen Code gibt es nicht." in page.locator("main").inner_text()
    assert page.input_value("[name=code]") == "K7M4-2QXP-9T3H-5WZ8"
