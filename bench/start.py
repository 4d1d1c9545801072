"""Measure how long ``stadtportal up --demo`` takes until the front page is there: the first time, and again.

The first start makes the database, the tables, the city pack and the demo data in a temporary folder. Packages and
styles are there already (``make setup``). The last line is JSON, in seconds.
"""

from __future__ import annotations

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
from pathlib import Path

AGAIN = 3
PATIENCE = 300


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
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


def answers(port: int) -> bool:
    """Tell whether the front page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            return bool(page.status == 200)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return False
    except OSError:
        return False


if __name__ == "__main__":
    main()
