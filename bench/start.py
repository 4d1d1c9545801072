"""Measure how long ``stadtportal up --demo`` takes until the front page is there: the first time, and again.

The first start makes the database, the tables, the city pack and the demo data in a temporary folder. Packages and
styles are there already (``make setup``). The last line is JSON, in seconds. The other scripts start their portals by
:func:`demo_portal`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

AGAIN = 3
PATIENCE = 300
DEMO_AREAS = "portal,directory,courses,townhall,demo"


def main() -> None:
    """Start once on an empty folder and three times more; print each, and the median of the later ones."""
    with tempfile.TemporaryDirectory(prefix="start-") as folder:
        data = Path(folder) / "data"
        first = time_start(data)
        print(f"first start   {first:.2f} s")
        later = sorted(time_start(data) for _ in range(AGAIN))
    print(f"later starts  {', '.join(f'{seconds:.2f}' for seconds in later)} s")
    print(json.dumps({"first_seconds": round(first, 2), "second_seconds": round(later[AGAIN // 2], 2)}))


def time_start(data: Path) -> float:
    """Return the seconds from calling the command until ``/`` answers; then stop everything."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ENABLED_AREAS"}}
    with (data.parent / "log.txt").open("wb") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "stadtportal.project.cli", "up", "--demo", "--port", str(port)],
            env=environment | {"PORTAL_DATA": str(data)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            while not answers(port):
                if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    sys.exit((data.parent / "log.txt").read_text())
                time.sleep(0.02)
            return time.perf_counter() - begun
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@contextlib.contextmanager
def demo_portal(name: str) -> Iterator[tuple[int, Path]]:
    """Have a portal with demo data in a folder of its own; yield its port and the folder, both gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"portal-{name}-") as folder:
        port = free_port()
        prepare_environment(Path(folder), port, areas=DEMO_AREAS)
        with subprocess.Popen(
            [sys.executable, "-m", "stadtportal.project.cli", "up", "--demo", "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        ) as portal:
            try:
                wait_until_ready(port, portal)
                yield port, Path(folder)
            finally:
                portal.send_signal(signal.SIGINT)
                portal.wait(timeout=60)


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def prepare_environment(folder: Path, port: int, *, areas: str = "") -> None:
    """Point this process, and those it starts, at a portal of their own."""
    for name in ("DATABASE_URL", "ALLOWED_HOSTS", "ENABLED_AREAS"):
        os.environ.pop(name, None)
    os.environ |= {
        "PORTAL_DATA": str(folder / "data"),
        "PORTAL_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "stadtportal.project.settings",
        **({"ENABLED_AREAS": areas} if areas else {}),
    }


def wait_until_ready(port: int, portal: subprocess.Popen[bytes]) -> None:
    """Wait until the portal answers. Raises ``SystemExit`` when it ends or never does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if portal.poll() is not None:
            raise SystemExit(f"the portal ended with {portal.returncode}")
        if answers(port, "/readyz"):
            return
        time.sleep(0.1)
    raise SystemExit("the portal did not answer")


def answers(port: int, path: str = "/") -> bool:
    """Tell whether a page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
            return bool(page.status == 200)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return False
    except OSError:
        return False


if __name__ == "__main__":
    main()
