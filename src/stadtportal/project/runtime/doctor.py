"""``stadtportal doctor``: what is missing or misconfigured, each with what helps."""

import importlib.metadata
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stadtportal.project.runtime import stamps
from stadtportal.project.runtime.database import data_folder
from stadtportal.project.runtime.examine_database import look_at_database
from stadtportal.project.runtime.findings import Finding, Weight, bad, good, note
from stadtportal.project.runtime.orphans import list_orphans
from stadtportal.project.runtime.port import is_free
from stadtportal.project.runtime.supervisor import manifest_of

ROOT = stamps.PACKAGE.parents[1]
OLDEST_PYTHON = (3, 11)
GIGABYTE = 1_000_000_000
NEEDED_BYTES = GIGABYTE // 5
SHOWN = 5
"""How many wrong packages are named."""

WISHED_BYTES = 2 * GIGABYTE


def examine(console: Console) -> int:
    """Print all findings; 1 when something keeps the portal from running safely."""
    findings = [*look_at_machine(os.environ), *look_at_settings(os.environ), *look_at_database(os.environ)]
    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(width=1)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        sign, colour = finding.weight.value
        remedy = f"\n[dim]→[/] {escape(finding.remedy)}" if finding.remedy else ""
        table.add_row(f"[{colour}]{sign}[/]", finding.title, f"{escape(finding.state)}{remedy}")
    console.print(table, highlight=False)
    broken = sum(finding.weight is Weight.BAD for finding in findings)
    closing = "Es ist alles in Ordnung." if not broken else f"Zu beheben: {broken}."
    console.print(closing, style="red" if broken else "green", highlight=False)
    return 1 if broken else 0


def look_at_machine(env: Mapping[str, str]) -> Iterator[Finding]:
    """Examine Python, packages, files, disk and port."""
    running = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield bad("Python", running, "Nötig ist Python 3.11 oder neuer.")
    else:
        yield good("Python", running)
    yield from _look_at_packages()
    if manifest_of(env).exists():
        yield good("Stile und Skripte", "gebaut")
    else:
        yield bad("Stile und Skripte", "nicht gebaut", "Führen Sie „make assets“ aus.")
    yield from _look_at_data(data_folder(env))
    for orphan in list_orphans():
        yield note("Verwaist", str(orphan), "Ihr Datenordner fehlt. Ist er endgültig fort, löschen Sie die Datenbank.")
    port = env.get("PORTAL_PORT") or "8000"
    if not port.isdigit():
        yield bad("Port", f"PORTAL_PORT ist „{port}“", "Nennen Sie eine Zahl von 1 bis 65535.")
    elif is_free("127.0.0.1", int(port)):
        yield good("Port", f"{port} ist frei")
    else:
        yield note(
            "Port", f"{port} ist belegt", "Das ist richtig, wenn das Portal läuft; sonst setzen Sie PORTAL_PORT."
        )


def look_at_settings(env: Mapping[str, str]) -> Iterator[Finding]:
    """Examine the environment variables."""
    hosts = [host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    demo = stamps.DEMO in stamps.enabled_areas(env)
    if unknown := sorted(set(stamps.enabled_areas(env)) - set(stamps.installed_areas())):
        known = ", ".join(stamps.installed_areas())
        yield bad("Bereiche", f"unbekannt: {', '.join(unknown)}", f"ENABLED_AREAS darf nennen: {known}.")
    else:
        yield good("Bereiche", ", ".join(stamps.enabled_areas(env)))
    if not hosts:
        yield note("Erreichbar", "nur auf diesem Rechner", "Für den Betrieb nennt ALLOWED_HOSTS die Namen des Portals.")
    elif "*" in hosts:
        yield bad("Erreichbar", "unter jedem Namen", "ALLOWED_HOSTS soll nur die Namen des Portals nennen.")
    else:
        yield good("Erreichbar", ", ".join(hosts))
    if hosts and demo:
        yield bad(
            "Demo", "unter öffentlichem Namen", "Nehmen Sie „demo“ aus ENABLED_AREAS: jeder könnte sich anmelden."
        )
    if env.get("SECRET_KEY"):
        yield good("SECRET_KEY", "gesetzt")
    elif hosts:
        yield bad("SECRET_KEY", "nicht gesetzt", "Setzen Sie im Betrieb einen eigenen, langen, geheimen Wert.")
    else:
        yield good("SECRET_KEY", "wird im Datenordner aufbewahrt")
    if env.get("EMAIL_URL") or demo:
        yield good("E-Mail", "eingerichtet" if env.get("EMAIL_URL") else "lesbar unter /demo/postausgang/")
    else:
        yield note("E-Mail", "kein Versand", "EMAIL_URL nennt den Mailserver, etwa smtp://name:wort@mail.example:587.")


def _look_at_packages() -> Iterator[Finding]:
    """Compare the installed packages with the lock file of the checkout."""
    lock = ROOT / "requirements" / "run.lock"
    if not lock.exists():
        return
    wrong = []
    for name, version, marker in re.findall(
        r"^([\w.-]+)==([^\s;\\]+)( ;)?", lock.read_text(encoding="utf-8"), re.MULTILINE
    ):
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            installed = version if marker else ""
        if installed != version:
            wrong.append(f"{name} {installed} statt {version}" if installed else f"{name} {version} fehlt")
    if wrong:
        more = " …" if len(wrong) > SHOWN else ""
        yield bad("Pakete", ", ".join(wrong[:SHOWN]) + more, "Führen Sie „make setup“ aus.")
    else:
        yield good("Pakete", "wie in requirements/run.lock")


def _look_at_data(data: Path) -> Iterator[Finding]:
    """Whether the data folder can be written to and has room."""
    existing = next(folder for folder in (data, *data.parents) if folder.exists())
    try:
        tempfile.TemporaryFile(dir=existing).close()
    except OSError:
        yield bad("Datenordner", f"{data}: nicht beschreibbar", "Wählen Sie mit PORTAL_DATA einen anderen Ordner.")
        return
    free = shutil.disk_usage(existing).free
    gigabytes = f"{free / GIGABYTE:.1f}".replace(".", ",")
    room = f"{data}, frei sind {gigabytes} GB"
    if free < NEEDED_BYTES:
        yield bad("Datenordner", room, "Schaffen Sie Platz, bevor die Datenbank stehen bleibt.")
    elif free < WISHED_BYTES:
        yield note("Datenordner", room, "Schaffen Sie bald Platz.")
    else:
        yield good("Datenordner", room)
