"""The part of a page that checks one's own log: it fetches, checks, says what came out and remembers the checkpoint."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from stadtportal.kernel.web.engine.policy import content_security_policy
from tests.chromium import launch
from tests.trust.bundles import LENA, MemoryLog, busy_log

STATIC = Path(__file__).parents[2] / "src/stadtportal/kernel/trust/static"
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        running = launch(driver)
        yield running
        running.close()


class Server:
    """Answers a browser under the portal's policy: the page, the scripts, and bundles of a log as asked for."""

    def __init__(self, context: BrowserContext) -> None:
        self.log = busy_log()
        self.most = 500
        self.forged: dict[str, Any] = {}
        self.status = 200
        with override_settings(STORAGES=PLAIN):
            part = render_to_string("trust/verify_log.html", {"bundle_url": "/nachweis.json"})
        self.html = f'<!doctype html><script src="/static/trust/verify-page.js" type="module"></script>{part}'
        context.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        """Answer one request."""
        url = urlsplit(route.request.url)
        if url.path == "/":
            headers = {"Content-Security-Policy": content_security_policy("")}
            route.fulfill(status=200, headers=headers, content_type="text/html; charset=utf-8", body=self.html)
        elif url.path == "/nachweis.json":
            asked = {name: int(value) for name, (value,) in parse_qs(url.query).items()}
            bundle = self.log.bundle(LENA, known=asked["bekannt"], after=asked["nach"], most=self.most) | self.forged
            route.fulfill(status=self.status, content_type="application/json", body=json.dumps(bundle))
        else:
            name = url.path.removeprefix("/static/")
            route.fulfill(status=200, content_type="text/javascript", body=(STATIC / name).read_text())


@pytest.fixture
def served(browser: Browser) -> Iterator[tuple[Page, Server]]:
    context = browser.new_context()
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    server = Server(context)
    page.goto("http://localhost/")
    yield page, server
    context.close()
    assert complaints == []


def verify(page: Page) -> str:
    """Press the button and return what the page says in the end."""
    page.get_by_role("button", name="Protokoll jetzt prüfen").click()
    status = page.get_by_role("status")
    expect(status).not_to_contain_text("geprüft …")
    expect(page.get_by_role("button", name="Protokoll jetzt prüfen")).to_be_enabled()
    return status.inner_text()


def test_an_honest_log_is_said_to_be_right_and_remembered(served: tuple[Page, Server]) -> None:
    page, server = served
    assert verify(page) == "Das Protokoll stimmt."
    assert "Erste Prüfung in diesem Browser" in page.get_by_role("list").inner_text()
    server.log.add(LENA)
    page.reload()
    assert verify(page) == "Das Protokoll stimmt."
    assert "Alle 18 Einträge Ihrer letzten Prüfung stehen unverändert" in page.get_by_role("list").inner_text()


def test_a_long_log_is_fetched_in_parts_and_each_finding_is_shown_once(served: tuple[Page, Server]) -> None:
    page, server = served
    server.most = 2
    assert verify(page) == "Das Protokoll stimmt."
    assert page.get_by_role("listitem").filter(has_text="Unterschrift echt").count() == 1


def test_a_forged_log_is_reported_and_its_checkpoint_not_remembered(served: tuple[Page, Server]) -> None:
    page, server = served
    assert verify(page) == "Das Protokoll stimmt."
    kept = page.evaluate("localStorage.getItem('zugriffsprotokoll')")
    server.log.add(LENA)
    honest = server.log.bundle(known=18)
    honest["events"][0]["event"]["actor"] = "<img src=x onerror=alert(1)>"
    server.forged = honest
    assert verify(page).startswith("Das Protokoll stimmt nicht.")
    assert page.get_by_role("listitem").filter(has_text="Stimmt nicht").count() == 2
    assert page.evaluate("localStorage.getItem('zugriffsprotokoll')") == kept


def test_a_rollback_is_found_until_the_browser_is_told_to_forget(served: tuple[Page, Server]) -> None:
    page, server = served
    verify(page)
    server.log = MemoryLog()
    for _ in range(2):
        server.log.add(LENA)
    assert verify(page).startswith("Das Protokoll stimmt nicht.")
    assert "hatte es 18 Einträge, jetzt nur noch 2" in page.get_by_role("list").inner_text()
    page.get_by_role("button", name="Prüfpunkt vergessen").click()
    expect(page.get_by_role("button", name="Prüfpunkt vergessen")).to_be_hidden()
    assert verify(page) == "Das Protokoll stimmt."


def test_a_portal_that_does_not_answer_is_no_proof_of_anything(served: tuple[Page, Server]) -> None:
    page, server = served
    server.status = 503
    assert verify(page).startswith("Die Prüfung ist abgebrochen")
    assert page.get_by_role("listitem").count() == 0


def test_a_memory_that_was_spoilt_is_like_none(served: tuple[Page, Server]) -> None:
    page, _ = served
    page.evaluate("localStorage.setItem('zugriffsprotokoll', '{kein json')")
    page.reload()
    assert verify(page) == "Das Protokoll stimmt."


def test_without_scripts_the_page_names_the_other_way(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    Server(context)
    page = context.new_page()
    page.goto("http://localhost/")
    assert "Ohne JavaScript prüfen Sie mit dem Befehl" in page.locator("body").inner_text()
    assert page.get_by_role("button").count() == 0
    context.close()
