"""The map in a real browser: it opens without asking strangers, and list and map find each other by keyboard."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from tests.chromium import launch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.web.urls"),
]


@pytest.fixture
def page(served: str) -> Iterator[Page]:
    """A page with the map in view; a test fails on any error in it and on any request to another host."""
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.on("request", lambda sent: None if sent.url.startswith((served, "data:")) else faults.append(sent.url))
        page.goto(f"{served}/probe/")
        yield page
        browser.close()
    assert faults == []


def open_map(page: Page) -> None:
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-map-ready]", timeout=60_000)


def test_the_map_is_fetched_only_when_it_comes_into_view(page: Page) -> None:
    loaded = "performance.getEntriesByType('resource').map((one) => one.name).filter((name) => /maplibre/.test(name))"
    assert page.evaluate(loaded) == []
    open_map(page)
    assert len(page.evaluate(loaded)) >= 2


def test_list_and_map_find_each_other_by_keyboard(page: Page) -> None:
    open_map(page)
    page.locator("#treffer-2 a").focus()
    assert page.locator(".map__label").inner_text() == "Zweiter Treffer"
    assert page.locator("#treffer-2").get_attribute("class") == "result result--chosen"
    page.locator("#treffer-1 a").focus()
    assert page.locator(".map__label").inner_text() == "Erster Treffer"
    assert page.locator(".result--chosen").count() == 1
    canvas = page.locator("canvas.maplibregl-canvas")
    canvas.focus()
    assert (canvas.get_attribute("aria-label") or "").startswith("Karte der Probe.")
    assert page.evaluate("document.activeElement.className") == "maplibregl-canvas"


def test_choosing_a_point_leads_to_its_place_in_the_list(page: Page) -> None:
    open_map(page)
    box = page.locator("canvas.maplibregl-canvas").bounding_box()
    assert box is not None
    page.wait_for_timeout(500)
    # Both points fill the map's box with a margin of 40, so the first lies at the left edge, half way down.
    page.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2)
    page.locator("#treffer-1 a:focus").wait_for(timeout=5_000)
    assert page.locator(".map__label").inner_text() == "Erster Treffer"


def test_without_a_script_the_list_says_it_all(served: str) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{served}/probe/")
        assert page.locator(".map__wait").inner_text() == "Karte der Probe. Alle Einträge stehen auch in der Liste."
        assert page.locator(".result a").all_inner_texts() == ["Erster Treffer", "Zweiter Treffer"]
        browser.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_every_component_is_accessible(served: str, width: int, scheme: str) -> None:
    axe = Path(settings.BUILD) / "axe" / "axe.min.js"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            bypass_csp=True,
        )
        page = context.new_page()
        page.goto(f"{served}/probe/")
        page.locator("main button[type=submit]").click()
        page.wait_for_selector(".error-summary")
        page.add_script_tag(path=axe)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate(f"axe.run({{runOnly: {json.dumps(tags)}}})")
        broken = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]
        assert broken == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert "error-summary" in str(page.evaluate("document.activeElement.className"))
        browser.close()


def test_streets_are_fetched_for_the_part_in_view_once_it_is_near_enough(page: Page) -> None:
    open_map(page)
    near = page.get_by_role("button", name="Karte vergrößern")
    with page.expect_response(lambda answer: "/karte/strassen.json?bbox=" in answer.url) as streets:
        for _ in range(5):
            near.click()
            page.wait_for_timeout(350)
    assert streets.value.status == 200
    assert streets.value.json()["type"] == "FeatureCollection"
