"""Somebody takes everything along, and looks at what erasing would do."""

import zipfile
from collections.abc import Callable

import pytest

from .conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("portal")]
Open = Callable[..., Visit]
PATIENCE_S = 150


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_everything_comes_as_an_archive(visit: Open, scripts: bool) -> None:  # noqa: FBT001 -- a parameter of the test.
    window = visit("narrow", scripts=scripts)
    window.sign_in_as("Lena")
    window.go("/mein/daten/")
    page = window.page
    page.get_by_role("link", name="Alle Daten mitnehmen").click()
    page.get_by_role("button", name="rchiv anfordern").click()
    # The worker of a portal that has just started first works out what its entries mean.
    for _ in range(PATIENCE_S):
        if page.get_by_role("link", name="Archiv herunterladen").count():
            break
        page.wait_for_timeout(1000)
        if not scripts:
            page.reload()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Archiv herunterladen").click()
    with zipfile.ZipFile(fetched.value.path()) as archive:
        assert archive.testzip() is None
        assert {"lesen.html", "lesen.css", "lesen.pdf", "inhalt.json"} <= set(archive.namelist())


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
