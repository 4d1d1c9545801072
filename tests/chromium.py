"""The browser of all browser tests: the distribution's Chromium, or the one Playwright brought."""

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Runs as root, draws maps without a graphics card, and asks nobody on the internet for anything by itself.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)


def launch(driver: Playwright) -> Browser:
    """Start Chromium without a window; fails, with Playwright's own words, where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return driver.chromium.launch(executable_path=found, args=ARGUMENTS)
