"""Backups of the database, and bringing one back without bringing back anybody who was erased since.

A backup is what ``pg_dump`` writes. It is restored into a database of its own name first; there the tables are brought
up to date and the journal of erasures is replayed, and only then the two databases change their names, in one
transaction. Nobody is ever served from a restored database that has not been through the journal.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from stadtportal.project.runtime.database import NAME, SUPERUSER, EmbeddedDatabase, data_folder
from stadtportal.project.runtime.place import Account, find_programs, server_environment

JOURNAL = "erasures.jsonl"


class BackupFailed(Exception):  # noqa: N818 -- a refusal with a sentence for people.
    """A backup cannot be made or brought back; the text says why, in German."""


@dataclass(frozen=True, slots=True)
class Server:
    """A database by its address, and who may make others beside it."""

    url: str
    admin_url: str

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Server":
        """The database of an environment: that of ``DATABASE_URL``, else the embedded one."""
        if url := env.get("DATABASE_URL"):
            return cls(url, _with_name(url, "postgres"))
        embedded = EmbeddedDatabase(data_folder(env))
        return cls(embedded.url_for(NAME), embedded.url_for(SUPERUSER, "postgres"))

    @property
    def name(self) -> str:
        """The name of the database."""
        return urlsplit(self.url).path.lstrip("/")

    @property
    def role(self) -> str:
        """The role that owns it."""
        return urlsplit(self.url).username or ""

    def beside(self, name: str) -> "Server":
        """Another database of the same server."""
        return Server(_with_name(self.url, name), self.admin_url)


def write_backup(server: Server, target: Path) -> int:
    """Write a backup and return its size in bytes. The file appears under its name only when it is complete."""
    if target.exists():
        raise BackupFailed(f"{target} gibt es schon. Eine Sicherung überschreibt nichts.")
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "-d", server.url], stdout=file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def restore_backup(
    server: Server,
    source: Path,
    *,
    journal: Path,
    replace: bool,
    without_journal: bool,
    report: Callable[[str], None],
) -> None:
    """Bring a backup back. Raises ``BackupFailed``; the database that was there is then still there, untouched."""
    _check_source(source)
    if not journal.exists() and not without_journal:
        raise BackupFailed(
            f"Das Löschjournal {journal} fehlt. Ohne es kämen gelöschte Konten zurück. Legen Sie die Datei (und "
            f"erasures.key) aus dem bisherigen Datenordner dorthin. Gab es nie eines: --without-journal."
        )
    _check_replaceable(server, replace=replace)
    fresh = server.beside(f"{server.name}_neu_{secrets.token_hex(4)}")
    with psycopg.connect(server.admin_url, autocommit=True, connect_timeout=10) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(fresh.name), sql.Identifier(server.role))
        )
        try:
            report("Sicherung wird eingespielt …")
            _run(
                "pg_restore",
                ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "-d", fresh.url, str(source)],
            )
            report("Löschungen werden nachgeholt …")
            _replay(fresh)
            _swap(admin, old=server.name, new=fresh.name)
        except BaseException:
            with suppress(psycopg.Error):
                _drop(admin, fresh.name)
            raise


def _check_source(source: Path) -> None:
    """Refuse a file that is no backup before anything is made."""
    if not source.is_file():
        raise BackupFailed(f"Die Datei {source} gibt es nicht.")
    _run("pg_restore", ["--list", str(source)])


def _check_replaceable(server: Server, *, replace: bool) -> None:
    with psycopg.connect(server.url, connect_timeout=10) as connection:
        row = connection.execute("SELECT to_regclass('people_person')").fetchone()
        people = connection.execute("SELECT count(*) FROM people_person").fetchone() if row and row[0] else None
    if people and people[0] and not replace:
        raise BackupFailed(
            f"Hier gibt es schon {people[0]} Konten. Mit --replace ersetzt die Sicherung alles, was jetzt da ist."
        )


def _replay(fresh: Server) -> None:
    """Bring the tables up to date and replay the journal, in a process that knows only the restored database."""
    done = subprocess.run(
        [sys.executable, "-m", "stadtportal.project.cli", "replay"],
        env={**os.environ, "DATABASE_URL": fresh.url},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise BackupFailed(
            f"Löschungen ließen sich nicht nachholen: {' '.join(said[-3:]).removeprefix('stadtportal: ')}"
        )


def _swap(admin: "psycopg.Connection[tuple[object, ...]]", *, old: str, new: str) -> None:
    """Give the restored database the name of the old one, both at once, and drop the old one."""
    aside = f"{old}_alt_{secrets.token_hex(4)}"
    try:
        with admin.transaction():
            for before, after in ((old, aside), (new, old)):
                admin.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(before), sql.Identifier(after))
                )
    except psycopg.errors.ObjectInUse as error:
        raise BackupFailed(
            "Das Portal läuft noch. Beenden Sie es (auch Web- und Hintergrunddienst) und versuchen Sie es noch einmal."
        ) from error
    _drop(admin, aside)


def _drop(admin: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(program: str, arguments: list[str], *, stdout: object = subprocess.DEVNULL) -> None:
    """Run one of PostgreSQL's programs as the current account. Raises ``BackupFailed`` with its last words."""
    path = find_programs(Account.of(os.geteuid())) / program
    done = subprocess.run(
        [str(path), *arguments],
        env=server_environment(),
        stdin=subprocess.DEVNULL,
        stdout=stdout,  # type: ignore[call-overload]  # a file or DEVNULL; the overloads name no common type.
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupFailed(f"{program}: {' '.join(done.stderr.split())[-400:] or 'gescheitert'}")


def _with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
