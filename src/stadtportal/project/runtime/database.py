"""The embedded PostgreSQL of one data folder: started on demand, joined when it runs, stopped by the last who uses it.

Importing this module loads nothing but the standard library, because the settings need ``database_url``.
"""

import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from stadtportal.project.runtime import cluster
from stadtportal.project.runtime.orphans import remove_temporary_orphans
from stadtportal.project.runtime.place import (
    NOTE,
    Account,
    DatabaseError,
    Place,
    find_place,
    find_programs,
    make_data_folder,
    server_environment,
    settle_place,
)
from stadtportal.project.runtime.processes import works_in

__all__ = ["DatabaseError", "EmbeddedDatabase", "data_folder", "database_url"]

NAME = "stadtportal"
"""The name of the database and of the role that owns it. That role is no superuser."""

SUPERUSER = "postgres"

PATIENCE = 3600
"""Seconds to wait for a server that is recovering. It is given up earlier only when its process ends."""


def data_folder(env: Mapping[str, str]) -> Path:
    """The folder of all data of this portal: ``PORTAL_DATA``, else ``.portal`` in the working folder."""
    return Path(env.get("PORTAL_DATA") or ".portal").expanduser().absolute()


def database_url(env: Mapping[str, str]) -> str:
    """The libpq address of the database: ``DATABASE_URL`` if set, else that of the embedded one. Starts nothing."""
    return env.get("DATABASE_URL") or EmbeddedDatabase(data_folder(env)).url


class EmbeddedDatabase:
    """The PostgreSQL server of one data folder, reached over a socket only its owner can open."""

    def __init__(
        self,
        data: Path,
        *,
        report: Callable[[str], None] = lambda _text: None,
        durable: bool = True,
    ) -> None:
        """Describe the database in ``data``; ``durable=False`` is for throwaway data only (no fsync)."""
        self.data = data.absolute()
        self._report = report
        self._durable = durable
        # A bare number, not a file object: the lease lasts as long as the process even when nobody keeps this object.
        self._lease: int | None = None

    def __enter__(self) -> Self:
        """Start or join the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the server; it stops when nobody else uses it."""
        self.stop()

    @property
    def place(self) -> Place:
        """Where the database is, or will be."""
        return find_place(self.data)

    @property
    def url(self) -> str:
        """The libpq address for the portal."""
        return self.url_for(NAME)

    def url_for(self, role: str, database: str = NAME) -> str:
        """The libpq address for a role and a database."""
        sockets = quote(str(self.place.sockets), safe="")
        return f"postgresql://{role}@/{database}?host={sockets}&port={cluster.PORT}"

    def program(self, name: str) -> Path:
        """A PostgreSQL program of the installed version, such as ``pg_dump``, to be run by the current account."""
        return find_programs(Account.of(os.geteuid())) / name

    def pid(self) -> int | None:
        """The process number of the running server."""
        place = self.place
        found = cluster.read_pid_file(place.cluster)
        return found.pid if found and works_in(found.pid, place.cluster) else None

    def start(self) -> None:
        """Start the server or join the one that runs. Safe to repeat, and in several processes at once."""
        make_data_folder(self.data)
        with self._locked():
            place = settle_place(self.data)
            account = place.account()
            programs = find_programs(account)
            cluster.discard_unfinished(place, account)
            cluster.check_version(place)
            if not place.cluster.exists():
                self._report("Die Datenbank wird angelegt …")
                remove_temporary_orphans()
                cluster.create(place, account, programs)
            self._bring_up(place, account, programs)
            if self._lease is None:
                self._lease = self._take_lease()

    def stop(self) -> bool:
        """Leave the server and stop it when no other process uses it; True when it is down afterwards."""
        if self._lease is not None:
            os.close(self._lease)
            self._lease = None
        place = self.place
        if not place.base.exists():
            return True
        with self._locked(), self._users_file.open("wb") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return self._shut_down(place)

    def remove(self) -> None:
        """Stop the server, whoever uses it, and delete all its data. For throwaway data: tests, benchmarks."""
        self.stop()
        place = self.place
        if place.base.exists():
            with self._locked():
                self._shut_down(place)
                cluster.remove(place, place.account())
                (place.data / NOTE).unlink(missing_ok=True)

    def _bring_up(self, place: Place, account: Account, programs: Path) -> None:
        """Have a server that answers, whatever state the last one left."""
        began = time.monotonic()
        while True:
            found = cluster.read_pid_file(place.cluster)
            running = found is not None and works_in(found.pid, place.cluster)
            if running and found is not None and found.sockets not in {"", str(place.sockets)}:
                # The data folder was moved while its server ran; the old address leads nowhere.
                self._shut_down(place)
                running = False
            if not running:
                cluster.clear_away(place, account, self._report)
                cluster.configure(place, account, durable=self._durable)
                self._launch(place, account, programs)
            if self._answers(place):
                return
            waited = time.monotonic() - began
            if waited > PATIENCE:
                raise DatabaseError(f"Die Datenbank antwortet nicht. Ihr Protokoll liegt in {place.cluster / 'log'}.")
            if waited > 1:
                self._report(f"Auf die Datenbank wird gewartet ({waited:.0f} s) …")
            time.sleep(0.1 if waited < 1 else 1.0)

    def _launch(self, place: Place, account: Account, programs: Path) -> None:
        """Start the server in a session of its own and wait until it is ready, however long recovery takes."""
        command = [
            programs / "pg_ctl",
            "start",
            "-w",
            "-t",
            str(PATIENCE),
            "-s",
            "-D",
            place.cluster,
            "-l",
            place.start_log,
        ]
        began = time.monotonic()
        with subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=server_environment(),
            cwd="/",
            umask=0o077,
            start_new_session=True,
            user=account.uid if account.is_other() else None,
            group=account.gid if account.is_other() else None,
            extra_groups=[] if account.is_other() else None,
        ) as starter:
            while True:
                try:
                    code = starter.wait(timeout=2)
                    break
                except subprocess.TimeoutExpired:
                    waited = time.monotonic() - began
                    self._report(f"Die Datenbank stellt ihren letzten Stand wieder her ({waited:.0f} s) …")
        if code != 0:
            raise DatabaseError(f"Die Datenbank startet nicht: {cluster.last_words(place)}")

    def _answers(self, place: Place) -> bool:
        """Whether the server takes connections; makes role and database on the first one."""
        # Only who starts the database needs the driver; the settings import this module without it.
        import psycopg  # noqa: PLC0415 -- keeps the import of this module light

        try:
            cluster.furnish(lambda database: self.url_for(SUPERUSER, database), NAME)
        except psycopg.OperationalError as error:
            if self.pid() is not None and "authentication failed" in str(error):
                raise DatabaseError(f"Die Datenbank in {place.base} lässt dieses Konto nicht ein: {error}") from error
            return False
        return True

    def _shut_down(self, place: Place) -> bool:
        """Stop the server: quick and clean, and hard only when it does not end."""
        if self.pid() is None:
            return True
        account = place.account()
        programs = find_programs(account)
        for mode in ("fast", "immediate"):
            account.run([programs / "pg_ctl", "stop", "-w", "-t", "60", "-s", "-m", mode, "-D", place.cluster])
            if self.pid() is None:
                return True
        return False

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Only one process at a time makes, starts or stops the server of a data folder."""
        with (self.data / "database.lock").open("wb") as handle:
            began = time.monotonic()
            told = False
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not told and time.monotonic() - began > 1:
                        self._report(
                            "Ein anderer Vorgang startet oder beendet gerade die Datenbank. Es wird gewartet …"
                        )
                        told = True
                    time.sleep(0.05)
            yield

    @property
    def _users_file(self) -> Path:
        """The file whose shared lock says: this process uses the server. A killed process loses it by itself."""
        return self.data / "database.users"

    def _take_lease(self) -> int:
        """Note that this process uses the server."""
        lease = os.open(self._users_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lease, fcntl.LOCK_SH)
        return lease
