"""``stadtportal new-area``: what it writes runs, and passes every check our own areas pass."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(command: Sequence[str | Path], *, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of this environment."""
    dropped = {"DATABASE_URL", "ENABLED_AREAS"}
    env = {name: value for name, value in os.environ.items() if name not in dropped and not name.startswith("PYTEST_")}
    return subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True, cwd=cwd, env={**env, **variables}
    )


def new_area(*arguments: str | Path, cwd: Path = ROOT, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Call the command."""
    return run([sys.executable, "-m", "stadtportal.project.cli", "new-area", *arguments], cwd=cwd, **variables)


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A copy of what a checkout holds, to write into."""
    copy = folder / "checkout"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (copy / "tests").mkdir()
    for name in ("pyproject.toml", ".importlinter", "tests/__init__.py", "tests/conftest.py"):
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.mark.slow
def test_a_new_area_of_ours_passes_all_checks_and_shows_its_page(checkout: Path, folder: Path) -> None:
    here = {"PYTHONPATH": f"{checkout / 'src'}:{folder / 'installed'}", "PORTAL_BUILD": str(ROOT / "build")}
    written = new_area("library", "--title", "Bücherei", cwd=checkout, **here)
    assert written.returncode == 0, written.stderr
    assert 'library = "stadtportal.areas.library.area:AREA"' in (checkout / "pyproject.toml").read_text()
    files = [path for path in checkout.rglob("*library*/**/*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(len(path.read_text().splitlines()) for path in files) < 200
    install_entry_point(folder / "installed", "library = stadtportal.areas.library.area:AREA")
    here |= {"PORTAL_DATA": str(folder / "data"), "ENABLED_AREAS": "portal,directory,courses,townhall,demo,library"}
    programs = Path(sys.executable).parent
    places = ["src/stadtportal/areas/library", "tests/library"]
    checks: list[list[str | Path]] = [
        [programs / "ruff", "check", *places],
        [programs / "ruff", "format", "--check", *places],
        [programs / "mypy", *places],
        [sys.executable, "-m", "stadtportal.project.cli", "manage", "makemigrations", "--check", "library"],
        [programs / "pytest", "tests/library"],
    ]
    for command in checks:
        ran = run(command, cwd=checkout, **here)
        assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    contracts = run([programs / "lint-imports", "--no-cache"], cwd=checkout, **here).stdout
    assert "Contracts:" in contracts
    assert "stadtportal.areas.library" not in contracts  # A broken contract names the modules that break it.


def test_an_area_of_strangers_is_a_package_of_its_own(folder: Path) -> None:
    written = new_area("library", "--into", folder)
    assert written.returncode == 0
    assert 'library = "library.area:AREA"' in written.stdout
    assert "from library import views" in (folder / "library" / "urls.py").read_text()
    assert (folder / "library" / "tests" / "test_notes.py").exists()


@pytest.mark.parametrize("name", ["", "Library", "2nd", "class", "with-dash", "x" * 31, "../up"])
def test_a_name_python_cannot_use_is_refused(folder: Path, name: str) -> None:
    refused = new_area(name, "--into", folder)
    assert refused.returncode == 2
    assert "geht nicht als Name" in refused.stderr
    assert list(folder.iterdir()) == []


def test_a_taken_name_is_refused(folder: Path) -> None:
    refused = new_area("courses", "--into", folder)
    assert refused.returncode == 2
    assert "Einen Bereich „courses“ gibt es schon." in refused.stderr


def install_entry_point(place: Path, line: str) -> None:
    """What an installer leaves behind for a package with this entry point."""
    installed = place / "library-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: library\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[stadtportal.areas]\n{line}\n")
