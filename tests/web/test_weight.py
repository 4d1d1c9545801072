"""What a first visit loads stays small: measured on the built files, as they go over the wire."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]

FIRST_LOAD = 100 * 1024


@pytest.fixture(scope="module")
def static_root() -> Path:
    root = Path(settings.STATIC_ROOT)
    if not (root / "staticfiles.json").exists():
        pytest.skip("assets are not built: run `make assets`")
    return root


def on_the_wire(static_root: Path, url: str) -> int:
    """Bytes of one file: the smaller of its compressed copies, or the file itself."""
    path = static_root / url.removeprefix(settings.STATIC_URL)
    copies = [path, path.with_name(f"{path.name}.br"), path.with_name(f"{path.name}.gz")]
    return min(copy.stat().st_size for copy in copies if copy.exists())


def test_the_first_load_fits_into_the_budget(static_root: Path, client: Client) -> None:
    page = client.get("/probe/").content.decode()
    head = page.partition("</head>")[0]
    urls = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', head))
    names = {re.sub(r"\.[0-9a-f]{12}\.", ".", url) for url in urls}
    assert {
        "/static/web/css/portal.css",
        "/static/web/fonts/fira-regular-latin.woff2",
        "/static/web/fonts/fira-semibold-latin.woff2",
        "/static/web/htmx.js",
        "/static/web/portal.js",
    } <= names
    assert not any("maplibre" in name for name in names)
    assert sum(on_the_wire(static_root, url) for url in urls) + len(page.encode()) <= FIRST_LOAD


def test_every_file_is_named_by_its_content(static_root: Path, client: Client) -> None:
    page = client.get("/probe/").content.decode()
    urls = re.findall(r'"(/static/[^"]+)"', page)
    assert len(urls) >= 10
    assert [url for url in urls if not re.search(r"\.[0-9a-f]{12}\.", url)] == []
    known = set(json.loads((static_root / "staticfiles.json").read_text())["paths"].values())
    assert [url for url in urls if url.removeprefix("/static/") not in known] == []


def test_nothing_built_speaks_of_where_it_was_fetched(static_root: Path) -> None:
    lock = (Path(settings.ROOT) / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity": "sha512-' in lock
    style = next((static_root / "web" / "css").glob("portal.*.css")).read_text()
    assert re.findall(r"url\([\"']?https?:", style) == []
    assert "kern-row" not in style
