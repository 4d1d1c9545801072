"""Somebody looks at what erasing the account would do, and mistypes the address."""

from collections.abc import Callable

import pytest

from .conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("portal")]
Open = Callable[..., Visit]


def test_a_wrong_address_erases_nothing_and_says_so(visit: Open) -> None:
    window = visit("narrow")
    window.sign_in_as("Lena")
    window.go("/mein/daten/loeschen/")
    page = window.page
    assert page.get_by_role("heading", name="Das bleibt").is_visible()
    page.get_by_label("Ihre E-Mail-Adresse").fill("falsch@example.org")
    page.get_by_role("button", name="Jetzt endgültig löschen").click()
    assert page.locator(".error-summary").inner_text().count("lena@example.org") == 1
    window.go("/mein/")
    assert page.get_by_role("heading", level=1).is_visible()
    # Chromium notes every answer of 422 as an error.
    window.complaints[:] = [said for said in window.complaints if "422" not in said]
