"""``stadtportal up``: database, tables, data, web server and worker, started in order and ended in order."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg
from rich.console import Console

from stadtportal.project.runtime import stamps, summary
from stadtportal.project.runtime.children import Child
from stadtportal.project.runtime.database import EmbeddedDatabase, data_folder
from stadtportal.project.runtime.hosts import allowed_hosts, is_public
from stadtportal.project.runtime.lifeline import PARENT_VARIABLE
from stadtportal.project.runtime.port import reserved
from stadtportal.project.runtime.prepare import missing_steps

READY_WITHIN = 90
"""Seconds the web server gets to answer for the first time."""


class StartFailed(Exception):  # noqa: N818 -- a refusal with a sentence for people, not a fault.
    """The portal does not start; the text says why, in German."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for."""

    host: str
    port: int
    demo: bool
    workers: int
    threads: int


@dataclass(slots=True)
class Supervisor:
    """Everything one ``stadtportal up`` runs."""

    wishes: Wishes
    console: Console
    env: dict[str, str] = field(default_factory=dict)
    stop_asked: threading.Event = field(default_factory=threading.Event)
    database: EmbeddedDatabase | None = None
    children: list[Child] = field(default_factory=list)
    hurry: bool = False

    def run(self) -> int:
        """Start everything, look after it until asked to stop, and end it. Returns the exit code."""
        began = time.monotonic()
        self.env = environment(self.wishes)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        with reserved(self.wishes.host, self.wishes.port):
            try:
                self._start_database()
                self._prepare()
                ready = self._start_web()
                # Only now, because the first page would wait for the cores the worker takes for its own start.
                self._start_child("worker", ["worker"])
                if ready:
                    self._show_summary(began)
                return self._look_after()
            except InterruptedError:
                return 0
            finally:
                self._stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Ask for the end; a second time, without patience."""
        self.hurry = self.stop_asked.is_set()
        self.stop_asked.set()

    def _say(self, line: str) -> None:
        """Print one line, without reading marks into it."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _start_database(self) -> None:
        """Start or join the embedded database, or see that the named one answers."""
        if self.env.get("DATABASE_URL"):
            try:
                psycopg.connect(self.env["DATABASE_URL"], connect_timeout=10).close()
            except psycopg.Error as error:
                raise StartFailed(f"Die Datenbank aus DATABASE_URL antwortet nicht: {error}") from error
            return
        self.database = EmbeddedDatabase(data_folder(self.env), report=lambda text: self._say(f"  {text}"))
        self.database.start()
        self._check_stop()

    def _prepare(self) -> None:
        """Take the steps that are missing, in a process of its own: the supervisor itself stays small."""
        if not missing_steps(self.env):
            return
        command = [sys.executable, "-m", "stadtportal.project.cli", "prepare"]
        env = {**self.env, PARENT_VARIABLE: str(os.getpid())}
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=env, start_new_session=True) as process:
            while process.poll() is None:
                if self.stop_asked.wait(0.05):
                    process.terminate()
                    raise InterruptedError
        if process.returncode != 0:
            raise StartFailed("Die Einrichtung ist gescheitert. Der Grund steht darüber.")

    def _start_web(self) -> bool:
        """Start the web server; whether it answers."""
        wishes = self.wishes
        where = ["--host", wishes.host, "--port", str(wishes.port)]
        self._start_child("web", ["web", *where, "--workers", str(wishes.workers), "--threads", str(wishes.threads)])
        return self._wait_until_ready()

    def _start_child(self, title: str, arguments: list[str]) -> None:
        """Start one child and remember to look after it."""
        child = Child(title, arguments, self.env, self._say)
        self.children.append(child)
        child.start()

    def _wait_until_ready(self) -> bool:
        """Wait for the first answer; False when it does not come, which the log explains."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            self._check_stop()
            if not self.children[0].look_after():
                return False
            if answers(self.wishes.host, self.wishes.port):
                return True
            self.stop_asked.wait(0.05)
        self._say("Der Webserver antwortet nicht. Die Zeilen darüber nennen den Grund.")
        return False

    def _show_summary(self, began: float) -> None:
        """Print the closing table, asked of the areas in a process of its own."""
        seconds = time.monotonic() - began
        command = [sys.executable, "-m", "stadtportal.project.cli", "summary"]
        env = {**self.env, PARENT_VARIABLE: str(os.getpid())}
        asked = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
            start_new_session=True,
        )
        lines = asked.stdout.splitlines()
        found = summary.from_json(lines[-1]) if asked.returncode == 0 and lines else summary.Summary([], [])
        host = self.wishes.host if self.wishes.host not in {"127.0.0.1", "0.0.0.0", "::"} else "localhost"  # noqa: S104 -- compared, not bound
        address = f"http://{f'[{host}]' if ':' in host else host}:{self.wishes.port}"
        summary.show(self.console, found, address=address, seconds=seconds)

    def _look_after(self) -> int:
        """Restart what crashes until asked to stop; 1 when something crashes again and again."""
        while not self.stop_asked.wait(0.5):
            if self.database is not None and self.database.pid() is None:
                self._say("Die Datenbank wurde unerwartet beendet und startet neu.")
                self.database.start()
            for child in self.children:
                if not child.look_after():
                    self._say(f"{child.title} startet nicht. Das Portal wird beendet.")
                    return 1
        return 0

    def _check_stop(self) -> None:
        """Leave the start when somebody asked for the end meanwhile."""
        if self.stop_asked.is_set():
            raise InterruptedError

    def _stop(self) -> None:
        """End the children together, then the database, which they still need for what they are finishing."""
        if self.children:
            self._say("\nDas Portal wird beendet …")
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait_for_stop(0.2 if self.hurry else 6.0)
        if self.database is not None and not self.database.stop():
            self._say("Die Datenbank läuft weiter, weil ein anderer Vorgang sie noch benutzt.")


def environment(wishes: Wishes) -> dict[str, str]:
    """The environment of all children: whole paths, the chosen port, and with ``--demo`` every installed area."""
    env = dict(os.environ)
    env["PORTAL_DATA"] = str(data_folder(env))
    env["PORTAL_PORT"] = str(wishes.port)
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("DJANGO_SETTINGS_MODULE", "stadtportal.project.settings")
    if wishes.demo:
        env["ENABLED_AREAS"] = ",".join(stamps.installed_areas())
    return env


def answers(host: str, port: int) -> bool:
    """Whether the web server answers at all; what it answers is shown to the visitor, not judged here."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def manifest_of(env: Mapping[str, str]) -> Path:
    """The list of built styles and scripts; the pages cannot be shown without it."""
    return Path(env.get("PORTAL_BUILD") or stamps.PACKAGE.parents[1] / "build") / "static" / "staticfiles.json"


def up(wishes: Wishes, console: Console) -> int:
    """Run the portal. Raises ``PortTaken``, ``DatabaseError`` or ``StartFailed`` with a sentence for people."""
    if not manifest_of(os.environ).exists():
        raise StartFailed("Stile und Skripte fehlen. Bauen Sie sie mit „make assets“.")
    if wishes.demo and is_public(allowed_hosts(os.environ)):
        raise StartFailed(
            "Die Demo lässt jeden mit einem Klick hinein, auch in die Verwaltung; "
            "unter einem öffentlichen Namen startet sie deshalb nicht. "
            "Nehmen Sie --demo weg oder leeren Sie ALLOWED_HOSTS."
        )
    return Supervisor(wishes, console).run()
