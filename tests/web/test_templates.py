"""No template anywhere in the portal breaks the security policy, asks a stranger, or uses a part we do not load."""

import importlib.util
import re
from pathlib import Path

import pytest

from stadtportal.kernel.web.engine.icons import DRAWINGS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "src" / "stadtportal").rglob("templates/**/*.html"))
# Mail is read elsewhere, where no style sheet of ours is at hand.
PAGES = [path for path in TEMPLATES if "mail" not in path.parts and "email" not in path.parts]


def every_match(pattern: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in PAGES
        for found in re.finditer(pattern, path.read_text(encoding="utf-8"), flags=re.IGNORECASE)
    ]


def test_there_are_templates_to_look_at() -> None:
    assert ROOT / "src/stadtportal/kernel/web/templates/web/base.html" in PAGES


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"<[^>]*\sstyle\s*=", id="inline style"),
        pytest.param(r"<style\b", id="style element"),
        pytest.param(r"<script\b(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))[^>]*>", id="inline script"),
        pytest.param(r"<[^>]*\son[a-z]+\s*=", id="event attribute"),
        pytest.param(r"href=\"javascript:", id="script address"),
        pytest.param(r"<(?:script|link|img|iframe|source|video|audio|form)\b[^>]*(?:src|href|action)=\"(?:https?:)?//",
                     id="foreign host"),
    ],
)  # fmt: skip
def test_no_template_contains(pattern: str) -> None:
    assert every_match(pattern) == []


def test_every_icon_named_in_a_template_is_drawn() -> None:
    named = {
        name
        for path in PAGES
        for name in re.findall(r"{% icon [\"']([\w-]+)[\"'] %}", path.read_text(encoding="utf-8"))
    }
    assert "search" in named
    assert named - set(DRAWINGS) == set()


def test_every_kern_part_in_use_is_in_the_style_sheet() -> None:
    path = ROOT / "tools" / "build_assets.py"
    spec = importlib.util.spec_from_file_location("build_assets", path)
    assert spec is not None
    assert spec.loader is not None
    build_assets = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build_assets)
    used = {
        name.rstrip("-").partition("--")[0].partition("__")[0]
        for source in [*PAGES, *(ROOT / "src").rglob("*.py")]
        for name in re.findall(r"\bkern-((?!ux\b)[a-z][a-z0-9_-]*)", source.read_text(encoding="utf-8"))
    }
    assert {"btn", "alert", "form-input"} <= used
    assert used - build_assets.KERN_BLOCKS == set()
