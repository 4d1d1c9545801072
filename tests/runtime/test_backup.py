"""A backup brings everything back, except whoever was erased after it was made."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from stadtportal.project.runtime.backup import BackupFailed, Server, restore_backup, write_backup
from stadtportal.project.runtime.database import EmbeddedDatabase
from stadtportal.project.runtime.place import Account, find_programs

CANARY = "zwitscherkanari"
MAKE_PEOPLE = f"""
from django.utils import timezone
from stadtportal.kernel.people import api as people
from stadtportal.kernel.inbox import api as inbox
for name in ("{CANARY}", "bleibend"):
    made = people.create_person(email=name + "@example.org", given_name=name, family_name=name, email_verified=True)
    inbox.send(person_id=made.id, subject=name, body="Liebe " + name, now=timezone.now())
"""


class Portal:
    """A portal in a folder, used by commands in processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "portal"
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.env = {**kept, "PORTAL_DATA": str(self.data), "ENABLED_AREAS": "portal,directory,courses,townhall"}
        self.server = Server.of(self.env)

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "stadtportal.project.cli", *arguments],
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def people(self) -> list[str]:
        with psycopg.connect(self.server.url) as connection:
            return [row[0] for row in connection.execute("SELECT email FROM people_person ORDER BY email")]

    def databases(self) -> set[str]:
        with psycopg.connect(self.server.admin_url) as connection:
            return {row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")}

    def text_of(self, dump: Path) -> str:
        """Return a backup as SQL."""
        program = find_programs(Account.of(os.geteuid())) / "pg_restore"
        return subprocess.run(
            [str(program), "-f", "-", str(dump)], capture_output=True, text=True, check=True
        ).stdout.lower()


def test_whoever_was_erased_stays_erased_when_an_old_backup_comes_back(folder: Path) -> None:
    portal = Portal(folder)
    old, new, newest = folder / "alt.dump", folder / "neu.dump", folder / "neuer.dump"
    with EmbeddedDatabase(portal.data, durable=False):
        assert portal.run("migrate").returncode == 0
        made = portal.run("manage", "shell", "-c", MAKE_PEOPLE)
        assert made.returncode == 0, made.stderr
        assert portal.run("backup", str(old)).returncode == 0
        assert (CANARY in portal.text_of(old), old.stat().st_mode & 0o777) == (True, 0o600)

        wrong = portal.run("person", "erase", f"{CANARY}@example.org", typed="ja\n")
        assert (wrong.returncode, len(portal.people())) == (2, 2)
        erased = portal.run("person", "erase", f"{CANARY}@example.org", typed=f"{CANARY}@example.org\n")
        assert (erased.returncode, portal.people()) == (0, ["bleibend@example.org"]), erased.stderr
        assert portal.run("backup", str(new)).returncode == 0
        assert CANARY not in portal.text_of(new)

        refused = portal.run("restore", str(old))
        assert (refused.returncode, "--replace" in refused.stderr) == (2, True)
        restored = portal.run("restore", str(old), "--replace")
        assert restored.returncode == 0, restored.stderr
        assert portal.people() == ["bleibend@example.org"]
        assert portal.run("backup", str(newest)).returncode == 0
        assert CANARY not in portal.text_of(newest)
        assert "bleibend" in portal.text_of(newest)
        assert portal.databases() == {"postgres", "stadtportal"}

        with psycopg.connect(portal.server.url):
            running = portal.run("restore", str(old), "--replace")
        assert (running.returncode, "läuft noch" in running.stderr) == (2, True)
        key = portal.data / "erasures.key"
        key.write_text("00" * 32)
        broken = portal.run("restore", str(old), "--replace")
        assert (broken.returncode, "Löschjournal" in broken.stderr) == (2, True), broken.stderr
        (portal.data / "erasures.jsonl").unlink()
        lost = portal.run("restore", str(old), "--replace")
        assert (lost.returncode, "Löschjournal" in lost.stderr) == (2, True)
        assert portal.people() == ["bleibend@example.org"]
        assert portal.databases() == {"postgres", "stadtportal"}


def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(folder: Path) -> None:
    portal = Portal(folder)
    torn, good = folder / "torn.dump", folder / "good.dump"
    with EmbeddedDatabase(portal.data, durable=False):
        with psycopg.connect(portal.server.url) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'da' AS text, generate_series(1, 20000)")
        write_backup(portal.server, good)
        with pytest.raises(BackupFailed):
            write_backup(portal.server, good)
        torn.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
        for source in (torn, folder / "missing.dump", Path(__file__)):
            with pytest.raises(BackupFailed):
                restore_backup(
                    portal.server, source, journal=folder, replace=True, without_journal=True, report=lambda _text: None
                )
        assert portal.databases() == {"postgres", "stadtportal"}
        assert sorted(path.name for path in folder.glob("*dump*")) == ["good.dump", "torn.dump"]
