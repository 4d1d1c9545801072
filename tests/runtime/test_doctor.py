"""``stadtportal doctor``: names each defect and what helps, and says so in its exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.portals import free_port


def examine(data: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the doctor with these environment variables and no other of ours."""
    ours = {"DATABASE_URL", "ENABLED_AREAS", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "PORTAL_PORT"}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    here = {"PORTAL_DATA": str(data), "PORTAL_PORT": str(free_port()), "COLUMNS": "300"}
    return subprocess.run(
        [sys.executable, "-m", "stadtportal.project.cli", "doctor"],
        check=False,
        capture_output=True,
        text=True,
        env={**env, **here, **variables},
    )


def line_of(report: str, title: str) -> str:
    """What the report says about one thing, its remedy included."""
    lines = report.splitlines()
    start = next(number for number, line in enumerate(lines) if f" {title} " in line)
    return " ".join(" ".join(lines[start : start + 2]).split())


def test_before_the_first_start_it_says_what_comes_next(folder: Path) -> None:
    report = examine(folder / "data")
    assert line_of(report.stdout, "Datenbank").startswith("! Datenbank noch nicht angelegt → „stadtportal up“")
    assert not (folder / "data").exists()


@pytest.mark.slow
def test_tables_that_are_due_are_named_and_then_no_more(folder: Path) -> None:
    started = [sys.executable, "-m", "stadtportal.project.cli"]
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ENABLED_AREAS"}}
    env = {**kept, "PORTAL_DATA": str(folder / "data")}
    subprocess.run([*started, "manage", "check"], check=True, capture_output=True, env=env)
    before = examine(folder / "data")
    assert before.returncode == 1
    assert "stehen aus → Führen Sie „stadtportal migrate“ aus." in line_of(before.stdout, "Tabellen")
    subprocess.run([*started, "migrate"], check=True, capture_output=True, env=env)
    after = examine(folder / "data")
    assert line_of(after.stdout, "Tabellen").startswith("✓ Tabellen auf dem neuesten Stand")
    assert line_of(after.stdout, "Stadtpaket").startswith(
        "! Stadtpaket nicht geladen → Führen Sie „stadtportal city load“"
    )
    assert line_of(after.stdout, "Aufträge").startswith("✓ Aufträge keiner wartet zu lange")


@pytest.mark.parametrize(
    ("variables", "title", "finding"),
    [
        ({"ALLOWED_HOSTS": "stadt.example"}, "SECRET_KEY", "✗ SECRET_KEY nicht gesetzt → Setzen Sie"),
        ({"ALLOWED_HOSTS": "*", "SECRET_KEY": "x"}, "Erreichbar", "✗ Erreichbar unter jedem Namen → ALLOWED_HOSTS"),
        ({"ENABLED_AREAS": "portal,nonsense"}, "Bereiche", "✗ Bereiche unbekannt: nonsense → ENABLED_AREAS darf"),
        ({"ENABLED_AREAS": "demo", "ALLOWED_HOSTS": "a.example"}, "Demo", "✗ Demo unter öffentlichem Namen → Nehmen"),
        (
            {"PORTAL_BUILD": "/nowhere"},
            "Stile und Skripte",
            "✗ Stile und Skripte nicht gebaut → Führen Sie „make assets“",
        ),
        ({"PORTAL_PORT": "http"}, "Port", "✗ Port PORTAL_PORT ist „http“ → Nennen Sie eine Zahl"),
        ({"PORTAL_DATA": "/proc/nowhere"}, "Datenordner", "✗ Datenordner /proc/nowhere: nicht beschreibbar → Wählen"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "Datenbank", "✗ Datenbank antwortet nicht: connection failed"),
    ],
)
def test_each_defect_is_named_with_what_helps(
    folder: Path, variables: dict[str, str], title: str, finding: str
) -> None:
    report = examine(folder / "data", **variables)
    assert report.returncode == 1, report.stderr
    assert line_of(report.stdout, title).startswith(finding)
