"""One server per port.

granian shares its port with any other server of the same account, silently; so the port is asked for first.
"""

import contextlib
import errno
import fcntl
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from stadtportal.project.runtime.processes import PROC, command_of

LISTENING = "0A"
"""How /proc/net/tcp writes the state of a socket that listens."""


class PortTaken(Exception):  # noqa: N818 -- a refusal with a sentence for people, not a fault.
    """The port cannot be used; the text says why and what helps, in German."""


@contextmanager
def reserved(host: str, port: int) -> Iterator[None]:
    """Hold a port for this process. Raises ``PortTaken`` when another portal holds it or any program listens on it."""
    lock = _lock(port)
    try:
        if lock is None or not _is_free(host, port):
            raise PortTaken(_who_has(port))
        yield
    finally:
        if lock is not None:
            os.close(lock)


def is_free(host: str, port: int) -> bool:
    """Whether a portal could start on this port now."""
    try:
        with reserved(host, port):
            return True
    except PortTaken:
        return False


def _lock(port: int) -> int | None:
    """Take the lock of this port, as a file descriptor; None when another process has it."""
    if sys.platform == "linux":
        # An abstract socket needs no file, belongs to the same network as the port, and ends with its process.
        guard = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            guard.bind(f"\0{_lock_name(port)}")
        except OSError:
            guard.close()
            return None
        return guard.detach()
    else:  # noqa: RET505 -- the type checker reads one branch per system
        handle = os.open(f"{tempfile.gettempdir()}/{_lock_name(port)}-{os.getuid()}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        return handle


def _is_free(host: str, port: int) -> bool:
    """Whether nothing listens on the port; connections that are just ending do not count."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise PortTaken(f"Auf {host}:{port} lässt sich kein Server starten: {error.strerror}.") from error
    return True


def _who_has(port: int) -> str:
    """The refusal, naming the process where the system tells it."""
    pid = _find_listener(port)
    who = f" von Prozess {pid} ({command_of(pid)})" if pid else ""
    return (
        f"Port {port} ist schon belegt{who}. Beenden Sie diesen Prozess oder wählen Sie mit --port einen anderen Port."
    )


def _find_listener(port: int) -> int | None:
    """The number of the process that holds the port; only processes of the same account can be seen."""
    portals, others = set(), set()
    with contextlib.suppress(OSError):
        for line in (PROC / "net" / "unix").read_text().splitlines():
            if line.endswith(f"@{_lock_name(port)}"):
                portals.add(f"socket:[{line.split()[6]}]")
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in (PROC / "net" / table).read_text().splitlines()[1:]:
                field = line.split()
                if field[3] == LISTENING and int(field[1].rpartition(":")[2], 16) == port:
                    others.add(f"socket:[{field[9]}]")
    # A portal is named by the process that runs it, not by one of its web workers.
    return _find_owner(portals) or _find_owner(others)


def _find_owner(sockets: set[str]) -> int | None:
    """The number of another process that has one of these sockets open."""
    for entry in PROC.glob("[0-9]*/fd/*") if sockets else ():
        with contextlib.suppress(OSError):
            if entry.parts[2] != str(os.getpid()) and str(entry.readlink()) in sockets:
                return int(entry.parts[2])
    return None


def _lock_name(port: int) -> str:
    """The name under which a portal holds its port."""
    return f"stadtportal-port-{port}"
