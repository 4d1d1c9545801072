"""Portals run as people run them: ``stadtportal up`` in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stadtportal.project.runtime.database import EmbeddedDatabase
from stadtportal.project.runtime.processes import command_of, is_alive, list_working_in

PATIENCE = 90.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], *, seconds: float = PATIENCE) -> float:
    """Wait for something to become true and tell how long that took; fails when it does not."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"still not true after {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began


class RunningPortal:
    """One ``stadtportal up`` and what belongs to it."""

    def __init__(self, data: Path, port: int | None = None, **variables: str) -> None:
        self.data = data
        self.port = port or free_port()
        self.ready_after = 0.0
        self.log = data.parent / f"log-{self.port}.txt"
        # The data folder marks the processes of this portal and of no other.
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ENABLED_AREAS"}}
        self.env = {**kept, "PORTAL_DATA": str(data), **variables}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "stadtportal.project.cli", "up", "--port", str(self.port)],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def answers(self, host: str = "localhost") -> bool:
        """Whether the portal shows a page."""
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}/readyz", timeout=5) as page:
                return bool(page.status == 200)
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False

    def children(self, word: str) -> list[int]:
        """The processes of this portal that run ``stadtportal <word>``."""
        return [pid for pid in self.processes() if f"stadtportal.project.cli {word}" in command_of(pid)]

    def processes(self) -> list[int]:
        """Every process of this portal but those of the database."""
        marked = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                variables = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"PORTAL_DATA={self.data}".encode() in variables and is_alive(int(entry.name)):
                marked.append(int(entry.name))
        servers = set(self.servers())
        return sorted(pid for pid in marked if pid not in servers and "postgres" not in command_of(pid))

    def servers(self) -> list[int]:
        """Every process of the database."""
        return list_working_in(EmbeddedDatabase(self.data).place.cluster)

    def is_gone(self) -> bool:
        """Whether nothing of this portal is left."""
        return not self.processes() and not self.servers()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask for the end and wait for it; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def said(self) -> str:
        """What the portal wrote."""
        return self.log.read_text(encoding="utf-8")

    def has_ended(self) -> bool:
        """Fail at once, with the log, when the portal has given up."""
        assert self.process.poll() is None, self.said()
        return False


@contextmanager
def running(data: Path, **variables: str) -> Iterator[RunningPortal]:
    """A portal that answers; it is stopped afterwards, with everything it started."""
    portal = RunningPortal(data, None, **variables)
    try:
        portal.ready_after = wait_until(lambda: portal.answers() or portal.has_ended())
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.stop()
        wait_until(lambda: not portal.processes(), seconds=20)
        if portal.process.returncode < 0:
            # A child killed while it is starting cannot stop the database; whoever uses it next does.
            left = EmbeddedDatabase(data)
            left.start()
            left.stop()
        wait_until(portal.is_gone, seconds=20)
