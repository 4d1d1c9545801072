"""Take the pictures in ``docs/screenshots`` from a running demo portal: ``python tools/screenshots.py [ADDRESS]``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
WIDTHS = {360: 780, 1280: 960}
PAGES = {
    "front": "/",
    "search": "/suche/?q=Yoga+Bad+Cannstatt",
    "course": "/kurse/yoga-am-abend-fuer-anfaenger/",
    "mine": "/mein/",
}
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def main() -> None:
    """Sign in as the demo's resident, book the yoga course if it is not booked, and take each page at each width."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=next((path for path in CHROMIUM if Path(path).exists()), None), args=["--no-sandbox"]
        )
        for width, height in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, locale="de-DE", color_scheme="light")
            for name, path in PAGES.items():
                if name == "mine":
                    book(page, address)
                page.goto(address + path)
                page.wait_for_load_state("networkidle")
                target = FOLDER / f"{name}-{width}.png"
                page.screenshot(path=target)
                print(f"{target.name}: {target.stat().st_size // 1024} KB")
        browser.close()


def book(page: Page, address: str) -> None:
    """Make sure that the resident has something to follow."""
    page.goto(address + "/konto/anmelden/?next=/mein/")
    page.get_by_role("button", name="Als Lena Beispiel anmelden").click()
    page.wait_for_url(re.compile("/mein/"))
    page.goto(address + PAGES["course"] + "buchen/")
    if page.get_by_label(re.compile("Regulär")).count():
        page.get_by_label(re.compile("Regulär")).check()
        page.get_by_role("button", name="Weiter und Angaben prüfen").click()
        order = page.get_by_role("button", name=re.compile("Zahlungspflichtig"))
        if order.count():
            order.click()


if __name__ == "__main__":
    main()
