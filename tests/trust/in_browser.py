"""A browser page of this portal's own address and policy, with the verifier and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from stadtportal.kernel.web.engine.policy import content_security_policy
from tests.chromium import launch

SCRIPT = Path(__file__).parents[2] / "src/stadtportal/kernel/trust/static/trust/verify.js"


@contextmanager
def verifier_page() -> Iterator[Page]:
    """Have a page that can ``import("/verify.js")``; no server is needed."""
    headers = {"Content-Security-Policy": content_security_policy("")}
    with sync_playwright() as driver:
        browser = launch(driver)
        page = browser.new_page()
        page.route("**/*", lambda route: route.fulfill(status=200, headers=headers, content_type="text/html", body=""))
        page.route(
            "**/verify.js",
            lambda route: route.fulfill(status=200, content_type="text/javascript", body=SCRIPT.read_text()),
        )
        page.goto("http://localhost/")
        yield page
        browser.close()
