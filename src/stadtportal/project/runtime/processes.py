"""Which processes are alive and work in a folder: so a server is told from whoever got its process number later."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def is_taken(pid: int) -> bool:
    """Whether the number belongs to any process, even to a finished one that nobody collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_alive(pid: int) -> bool:
    """Whether a process with this number runs."""
    if not is_taken(pid):
        return False
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return not (PROC / "self").exists()


def works_in(pid: int, folder: Path) -> bool:
    """Whether a process runs with this folder as its working folder, as every PostgreSQL process of a cluster does."""
    if not is_alive(pid):
        return False
    if (PROC / "self").exists():
        try:
            return (PROC / str(pid) / "cwd").samefile(folder)
        except OSError:
            return False
    listing = subprocess.run(["/bin/ps", "-p", str(pid), "-o", "command="], check=False, capture_output=True, text=True)
    return str(folder) in listing.stdout


def list_working_in(folder: Path) -> list[int]:
    """The numbers of all processes that work in a folder, as far as the system tells."""
    numbers = [int(entry.name) for entry in PROC.glob("[0-9]*")] if (PROC / "self").exists() else []
    return [pid for pid in numbers if works_in(pid, folder)]


def signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to processes, some of which may just have ended."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def command_of(pid: int) -> str:
    """The command line of a process, shortened for a message; empty when it cannot be read."""
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()[:120]
