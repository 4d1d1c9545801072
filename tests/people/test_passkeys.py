"""Passkeys in a real browser, with the authenticator that Chromium simulates."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.chromium import launch

from .conftest import mailed_code
from .test_pages import check_policy, check_words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/konto/sicherheit/"


class Visit:
    """A browser window whose device can hold passkeys."""

    def __init__(self, page: Page, devtools: CDPSession, device: str, url: str) -> None:
        self.page, self.devtools, self.device, self.url = page, devtools, device, url
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def passkeys_on_device(self) -> int:
        found = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.device})
        return len(found["credentials"])

    def refuse_finger(self, *, refused: bool) -> None:
        """Let the device find that the finger is not the owner's."""
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": not refused})


@pytest.fixture
def visit(address: str) -> Iterator[Visit]:
    with sync_playwright() as driver:
        browser = launch(driver)
        page = browser.new_page(locale="de-DE")
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        yield Visit(page, devtools, device, address)
        browser.close()


def sign_up(visit: Visit) -> None:
    page = visit.page
    visit.go(f"/konto/anlegen/passkey/?next={HOME}")
    page.get_by_label("E-Mail-Adresse").fill("nora@example.org")
    page.get_by_label("Vorname").fill("Nora")
    page.get_by_label("Nachname").fill("Neu")
    visit.press("Weiter")
    page.get_by_label("Code").fill(mailed_code())
    visit.press("Adresse bestätigen")
    assert page.get_by_label("Name des Passkeys").input_value() == "Mein Passkey"
    visit.press("Passkey speichern")
    page.wait_for_url(visit.url + HOME)


def test_sign_up_sign_out_and_sign_in_with_a_passkey(visit: Visit) -> None:
    sign_up(visit)
    page = visit.page
    assert visit.passkeys_on_device() == 1
    assert page.get_by_text("Nora Neu").is_visible()
    assert page.get_by_text("Sie haben einen Passkey gespeichert.").is_visible()

    visit.go("/konto/abmelden/")
    page.get_by_role("main").get_by_role("button", name="Abmelden").click()
    visit.go(f"/konto/anmelden/?next={HOME}")
    visit.press("Mit Passkey anmelden")
    page.wait_for_url(visit.url + HOME)
    assert page.get_by_text("nora@example.org").is_visible()

    visit.go("/konto/sicherheit/passkeys/")
    page.get_by_role("link", name="Entfernen").click()
    check_words("confirm with a passkey", page.content())
    check_policy("confirm with a passkey", page.content())
    visit.press("Mit Passkey bestätigen")
    page.get_by_role("heading", name="Passkey „Mein Passkey“ entfernen?").wait_for()
    visit.press("Passkey entfernen")
    assert page.get_by_text("Sie haben noch keinen Passkey gespeichert.").is_visible()
    assert visit.complaints == []


def test_a_finger_that_is_not_the_owners_is_answered_in_words(visit: Visit) -> None:
    sign_up(visit)
    page = visit.page
    visit.go("/konto/abmelden/")
    page.get_by_role("main").get_by_role("button", name="Abmelden").click()
    visit.refuse_finger(refused=True)
    visit.go("/konto/anmelden/")
    visit.press("Mit Passkey anmelden")
    problem = page.get_by_role("alert")
    problem.wait_for()
    assert "Der Passkey wurde nicht bestätigt." in problem.inner_text()
    visit.refuse_finger(refused=False)
    visit.press("Mit Passkey anmelden")
    page.wait_for_url(visit.url + "/mein/")
