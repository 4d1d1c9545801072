"""The processes the supervisor starts: their output is passed on, a crash is answered by a new start, a few times."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from stadtportal.project.runtime.lifeline import PARENT_VARIABLE

RESTARTS = 5
STABLE = 60.0
"""Seconds after which a child counts as healthy and earlier crashes are forgotten."""


class Child:
    """One process of the portal, in a session of its own: Ctrl-C reaches the supervisor, which ends all in order."""

    def __init__(
        self, title: str, arguments: Sequence[str], env: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        """Describe the child: ``arguments`` are those of the ``stadtportal`` command."""
        self.title = title
        self.last_lines: deque[str] = deque(maxlen=15)
        self._arguments = arguments
        self._env = env
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._started = 0.0
        self._crashes = 0
        self._due = 0.0
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start the process. To be called from the main thread, whose end the child follows."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "stadtportal.project.cli", *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**self._env, PARENT_VARIABLE: str(os.getpid())},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._pass_on, args=(self._process,), daemon=True)
        self._reader.start()

    def look_after(self) -> bool:
        """Start the process again if it ended; False when it has crashed too often."""
        if self._process is None:
            if time.monotonic() >= self._due:
                self.start()
            return True
        code = self._process.poll()
        if code is None:
            return True
        self._crashes = 1 if time.monotonic() - self._started > STABLE else self._crashes + 1
        self._end_group(self._process)
        self._process = None
        if self._crashes > RESTARTS:
            return False
        self._due = time.monotonic() + min(8.0, 0.25 * 2**self._crashes)
        self._say(f"{self.title} wurde unerwartet beendet (Code {code}) und startet neu.")
        return True

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it is doing and to end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def wait_for_stop(self, seconds: float) -> None:
        """Wait for the end of the process; after that time it is ended with everything it started."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._say(f"{self.title} beendet sich nicht und wird abgebrochen.")
        self._end_group(self._process)
        self._process.wait()
        self._process = None

    def _end_group(self, process: "subprocess.Popen[str]") -> None:
        """End what is left of the process's session, and read the last of its output."""
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # Nothing is left; macOS says so by refusing.
        if self._reader is not None:
            self._reader.join(timeout=1)

    def _pass_on(self, process: "subprocess.Popen[str]") -> None:
        """Print each line of the child with its title in front."""
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                self.last_lines.append(line.rstrip())
                self._say(f"{self.title} │ {line.rstrip()}")
