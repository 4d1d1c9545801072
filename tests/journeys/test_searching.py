"""The search field and the map of results in a real browser: by keyboard, without scripts, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from .conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("portal")]
Open = Callable[..., Visit]


def type_into(field: Locator, text: str) -> Locator:
    """Type a text and return the suggestions that appear."""
    field.click()
    field.press_sequentially(text)
    options = field.page.locator("main .suggest [role=option]")
    expect(options.first).to_be_visible(timeout=60_000)
    return options


@pytest.mark.parametrize(("width", "dark"), [("phone", True), ("desk", False)])
def test_suggestions_are_walked_through_by_keyboard(visit: Open, width: str, dark: bool) -> None:  # noqa: FBT001 -- a parameter of the test.
    window = visit(width, dark=dark)
    window.go("/")
    field = window.page.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    options = type_into(field, "yog")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(window.page.locator("main form [role=status]")).to_have_text(f"{options.count()} Vorschläge")
    assert field.get_attribute("aria-activedescendant") is None
    window.page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    window.page.keyboard.press("ArrowUp")
    window.page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    window.look()
    assert field.input_value() == "yog"
    window.page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.input_value() == "yog"
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(re.compile(r"/suche/\?q=yog$"))


def test_an_entry_leads_to_its_page_and_a_word_is_searched_for(visit: Open) -> None:
    window = visit()
    window.go("/")
    options = type_into(window.page.get_by_role("combobox"), "yoga am ab")
    options.filter(has_text="Yoga am Abend für Anfängerinnen und Anfänger").click()
    window.page.wait_for_url(re.compile(r"/kurse/yoga-am-abend-fuer-anfaenger/"))
    window.go("/suche/?q=x")
    field = window.page.get_by_role("combobox", name="Was und wo?")
    field.fill("")
    options = type_into(field, "schwimmb")
    text = options.first.evaluate("option => option.firstChild.textContent")
    window.page.keyboard.press("ArrowDown")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(re.compile(r"/suche/\?q=(?!x)"))
    assert window.page.get_by_role("combobox", name="Was und wo?").input_value() == text


def test_the_last_searches_stay_on_the_device_and_can_be_deleted(visit: Open) -> None:
    window = visit("phone")
    for text in ("Yoga", "Schwimmbad", "Yoga"):
        window.go("/")
        window.page.get_by_role("combobox").fill(text)
        window.page.keyboard.press("Enter")
        window.page.wait_for_url(re.compile(r"/suche/"))
    window.go("/kurse/")
    window.page.get_by_role("combobox", name="Im ganzen Stadtportal suchen").click()
    box = window.page.locator(".header .suggest")
    assert box.locator("[role=option]").all_inner_texts() == ["Yoga", "Schwimmbad"]
    expect(box).to_contain_text("Ihre letzten Suchen, nur auf diesem Gerät.")
    window.look()
    box.get_by_role("button", name="Verlauf löschen").click()
    expect(box).to_be_hidden()
    assert window.page.evaluate("localStorage.length") == 0


def test_a_browser_that_stores_nothing_searches_all_the_same(visit: Open) -> None:
    window = visit()
    window.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    window.go("/")
    field = window.page.get_by_role("combobox")
    field.click()
    field.fill("Yoga")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(re.compile(r"/suche/\?q=Yoga"))
    expect(window.page.get_by_role("heading", level=1)).to_contain_text("für „Yoga“")


def test_without_scripts_the_field_is_a_plain_form(visit: Open) -> None:
    window = visit("phone", scripts=False)
    window.go("/")
    field = window.page.get_by_role("searchbox")
    field.fill("Yoga in der Nähe")
    window.page.get_by_role("button", name="Suchen").click()
    window.page.wait_for_url(re.compile(r"/suche/\?q=Yoga"))
    assert window.page.get_by_role("button", name="Meinen Standort verwenden").count() == 0
    window.page.locator("summary", has_text="Stadtbezirk auswählen").click()
    window.page.locator("main").get_by_role("link", name="Bad Cannstatt", exact=True).click()
    window.page.wait_for_url(re.compile(r"/suche/\?q=Yoga&bezirk=bad-cannstatt"))


def test_ones_own_place_becomes_part_of_the_address_rounded(visit: Open) -> None:
    window = visit("phone")
    window.page.context.grant_permissions(["geolocation"], origin=window.portal.url)
    window.page.context.set_geolocation({"latitude": 48.77661, "longitude": 9.18123})
    window.go("/suche/?q=Yoga+in+der+N%C3%A4he")
    window.look()
    window.page.get_by_role("button", name="Meinen Standort verwenden").click()
    window.page.wait_for_url(re.compile(r"ort=48\.777%2C9\.181"))
    expect(window.page.locator(".result").first).to_contain_text("km entfernt")


def test_the_map_is_moved_and_searched_again(visit: Open) -> None:
    window = visit()
    window.go("/suche/?q=Yoga+Bad+Cannstatt")
    window.page.locator("[data-map]").scroll_into_view_if_needed()
    window.page.wait_for_selector("[data-map-ready]", timeout=60_000)
    link = window.page.get_by_role("link", name="In diesem Ausschnitt suchen")
    assert link.count() == 0
    window.page.get_by_role("button", name="Karte verkleinern").click()
    link.click(timeout=15_000)
    window.page.wait_for_url(re.compile(r"/suche/\?q=Yoga&karte="))
    expect(window.page.get_by_role("link", name="im Kartenausschnitt entfernen")).to_be_visible()
    window.look()


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize(
    "asked", ["Zahnartz offen jetzt Vaihingen", "kostenlos für Kinder", "asdfqwer", "Yoga am Samstag"]
)
def test_whatever_is_asked_the_page_is_whole_and_accessible(visit: Open, width: str, asked: str) -> None:
    window = visit(width)
    window.go(f"/suche/?q={asked}")
    window.page.locator("summary", has_text="Filtern und sortieren").click()
    window.look()
    expect(window.page.locator("main")).to_contain_text("115 anrufen")
