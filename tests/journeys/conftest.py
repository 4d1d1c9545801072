"""A whole portal as people start it, and a browser to use it with.

``stadtportal up --demo`` runs once for all journeys, with data of its own; each journey makes the people it needs.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

from tests.chromium import launch

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "build" / "axe" / "axe.min.js"
WIDTHS = {"narrow": (320, 640), "phone": (360, 740), "desk": (1280, 900)}
START_SECONDS = 240


@dataclass
class Portal:
    """A running portal: where it is, and the log it writes."""

    url: str
    log: Path

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page, as a visitor sees it."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:  # noqa: S310 -- our own address.
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if key not in {"ENABLED_AREAS", "DATABASE_URL"}}
    environment |= {"PORTAL_DATA": str(folder / "data"), "PORTAL_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "stadtportal.project.cli", "up", "--demo", "--port", str(port)],
            env=environment,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    running = Portal(f"http://localhost:{port}", log)
    try:
        _wait_until_ready(running, process)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_ready(portal: Portal, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the portal ended with {process.returncode}:\n{portal.log.read_text()[-4000:]}")
        try:
            if portal.get("/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    pytest.fail(f"the portal was not ready after {START_SECONDS} s:\n{portal.log.read_text()[-4000:]}")


# A driver lives no longer than a file of tests: while it does, an event loop runs in this thread.
@pytest.fixture(scope="module")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    running = launch(playwright_driver)
    yield running
    running.close()


@dataclass
class Visit:
    """One browser window at the portal; it watches that nothing foreign is asked and that pages are accessible."""

    page: Page
    portal: Portal
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the portal."""
        self.page.goto(self.portal.url + path)

    def sign_in_as(self, name: str, then: str = "/mein/") -> None:
        """Sign in by the demo's one click."""
        self.go(f"/konto/anmelden/?next={then}")
        self.page.get_by_role("button", name=re.compile(name)).click()
        self.page.wait_for_url(self.portal.url + then)

    def look(self) -> None:
        """Check the page that is open: axe finds nothing, nothing is wider than the window, one heading."""
        assert self.page.locator("h1").count() == 1, f"{self.page.url} has not exactly one h1"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the window"
        if self.page.evaluate("typeof axe") == "undefined":
            # The policy forbids scripts of strangers; the devtools protocol may add one all the same.
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
            ".then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))]))"
        )
        assert found == [], f"{self.page.url}: {json.dumps(found, indent=1, ensure_ascii=False)}"


@pytest.fixture
def visit(browser: Browser, portal: Portal) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a window; afterwards no window may have asked a foreign host or hit an error."""
    opened: list[tuple[BrowserContext, Visit]] = []

    def open_window(width: str = "desk", *, scripts: bool = True, dark: bool = False) -> Visit:
        across, down = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": across, "height": down},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="de-DE",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        window = Visit(page, portal)

        def note(request: Request) -> None:
            window.asked.append(request.url)

        page.on("request", note)
        page.on("console", lambda said: window.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        opened.append((context, window))
        return window

    yield open_window
    for context, window in opened:
        context.close()
        foreign = [url for url in window.asked if not url.startswith((portal.url, "data:", "blob:"))]
        assert foreign == []
        assert window.complaints == []
