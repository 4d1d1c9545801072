"""What the documents promise is there, and what is there is documented."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from stadtportal.kernel.contracts import Area
from tests.architecture.sources import ROOT, named, python_files

READ = re.compile(r"""\benv(?:iron)?(?:\.get\(|\.pop\(|\[)\s*["']([A-Z][A-Z_]+)["']""")
#: Read by programs of ours from each other or by tests alone; nobody running the portal sets them.
INNER = {"TEST_DATABASE_NAME", "DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED"}
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)")
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")]
    if "node_modules" not in path.parts
)
LOCKS = [*sorted((ROOT / "requirements").glob("*.lock")), ROOT / "package-lock.json"]


def first_column(path: Path) -> str:
    """Return what stands in the first column of the tables of a page."""
    return "\n".join(line.split("|")[1] for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "|")


def test_every_setting_from_the_environment_is_documented() -> None:
    read = {name for path in python_files("src") for name in READ.findall(path.read_text(encoding="utf-8"))}
    documented = set(re.findall(r"`([A-Z_]+)`", first_column(ROOT / "docs" / "operating.md")))
    assert read - INNER == documented


def test_every_field_of_an_area_is_documented() -> None:
    documented = set(re.findall(r"`(\w+)`", first_column(ROOT / "docs" / "areas.md")))
    assert {field.name for field in dataclasses.fields(Area)} == documented


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_tests_that_documents_name_exist(page: Path) -> None:
    paths = re.findall(r"`(tests/[\w/.]+)`", page.read_text(encoding="utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_list_of_decisions_is_complete() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert LINK.findall((folder / "README.md").read_text(encoding="utf-8")) == records


@pytest.mark.parametrize("path", LOCKS, ids=named)
def test_lock_files_hold_hashes_but_no_address_and_no_path(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        packages = json.loads(text)["packages"]
        assert all("integrity" in facts for name, facts in packages.items() if name)
        # Where a project asks for donations is no address that anything is loaded from.
        kept = [
            {key: facts[key] for key in facts if key not in {"funding", "integrity"}} for facts in packages.values()
        ]
        text = json.dumps(kept)
    else:
        assert text.count("--hash=sha256:") >= text.count("==")
    assert re.findall(r"\w+://|\bfile:|\bresolved\b|index-url|find-links|(?<![\w@.-])/\w+/", text) == []
