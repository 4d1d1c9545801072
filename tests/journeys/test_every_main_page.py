"""The pages people judge the portal by: accessible in light and dark, whole at 320 px, calm without scripts."""

from collections.abc import Callable

import pytest

from .conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("portal")]
Open = Callable[..., Visit]

PUBLIC = (
    "/",
    "/suche/?q=yoga",
    "/suche/?q=xqzvwk",
    "/kurse/",
    "/kurse/yoga-am-abend-fuer-anfaenger/",
    "/kurse/yoga-am-abend-fuer-anfaenger/buchen/",
    "/orte/",
    "/orte/buergerbuero-bad-cannstatt/",
    "/anbieter/",
    "/rathaus/",
    "/bezirk/bad-cannstatt/",
    "/konto/anmelden/",
    "/konto/anlegen/",
    "/barrierefreiheit/",
    "/datenschutz/",
    "/impressum/",
    "/quellen/",
    "/ranking/",
    "/transparenz/verarbeitungen/",
    "/mein/daten/geloescht/",
    "/gibt-es-nicht/",
    "/demo/postausgang/",
)
MINE = (
    "/mein/",
    "/mein/vorgaenge/",
    "/mein/postfach/",
    "/mein/kalender/",
    "/mein/daten/",
    "/mein/daten/export/",
    "/mein/daten/loeschen/",
    "/mein/daten/fristen/",
    "/mein/daten/rechte/",
    "/konto/sicherheit/",
)
DESK = ("/arbeitsplatz/", "/arbeitsplatz/kurse/")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", ["narrow", "desk"])
def test_public_pages_are_accessible(visit: Open, width: str, dark: bool) -> None:  # noqa: FBT001 -- a parameter of the test.
    window = visit(width, dark=dark)
    for path in PUBLIC:
        window.go(path)
        window.look()
    window.complaints[:] = [said for said in window.complaints if "404" not in said]


@pytest.mark.parametrize(("who", "paths"), [("Lena", MINE), ("Sami", DESK)], ids=["resident", "provider"])
@pytest.mark.parametrize("width", ["narrow", "desk"])
def test_pages_behind_the_sign_in_are_accessible(visit: Open, width: str, who: str, paths: tuple[str, ...]) -> None:
    window = visit(width)
    window.sign_in_as(who)
    for path in paths:
        window.go(path)
        window.look()


def test_text_at_twice_its_size_still_fits(visit: Open) -> None:
    window = visit("desk")
    for path in ("/", "/suche/?q=yoga", "/kurse/yoga-am-abend-fuer-anfaenger/"):
        window.go(path)
        window.page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
