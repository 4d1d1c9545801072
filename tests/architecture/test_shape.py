"""What stands where: the same modules in every package, nothing too long, nothing silenced without a reason."""

import re

from tests.architecture.sources import ROOT, named, packages, python_files

MODULES = {
    "__init__", "apps", "urls", "views", "rest", "admin", "tasks", "receivers", "middleware", "adapters", "checks",
    "api", "forms", "actions", "queries", "models", "rules",
}  # fmt: skip
FOLDERS = {"management", "migrations", "templates", "templatetags", "static", "locale", "tests"}
ONLY_AREAS = {"area"}
ONLY_KERNEL = {"engine", "frame"}
DRAWERS = {"utils", "helpers", "common", "misc", "tools"}
MOST_LINES = 400

SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<rest>.*)")
REASON = re.compile(r"^(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[a-z-]+(?:,\s*[a-z-]+)*\])\s*(?:--|#)\s+\S.{6,}")


def test_packages_hold_only_the_modules_of_the_common_shape() -> None:
    strangers = []
    for package in packages():
        allowed = MODULES | FOLDERS | (ONLY_KERNEL if package.parent.name == "kernel" else ONLY_AREAS)
        for path in sorted(package.iterdir()):
            if path.name in {"README.md", "__pycache__"} or (path.suffix in {".py", ""} and path.stem in allowed):
                continue
            strangers.append(named(path))
    assert strangers == []


def test_no_module_hides_behind_a_package_of_the_same_name() -> None:
    assert [named(path) for path in python_files() if path.with_suffix("").is_dir()] == []


def test_every_package_says_in_a_readme_what_it_is() -> None:
    assert [named(package) for package in packages() if not (package / "README.md").is_file()] == []


def test_no_file_is_a_drawer() -> None:
    assert [named(path) for path in python_files("src", "tests", "bench") if path.stem in DRAWERS] == []


def test_no_file_is_longer_than_one_can_read() -> None:
    written = [*python_files(), *(ROOT / "src").rglob("*.html"), *(ROOT / "src").rglob("*.css")]
    written += [path for path in (ROOT / "src").rglob("*.js") if "vendor" not in path.parts]
    lines = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in written}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_whatever_is_silenced_says_why() -> None:
    silent = [
        named(path, number)
        for path in python_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := SILENCED.search(line)) and "re.compile" not in line and not REASON.match(found["rest"])
    ]
    assert silent == []
