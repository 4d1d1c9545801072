"""``stadtportal up``: starts everything, keeps it running, and leaves nothing behind, however it ends."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from stadtportal.project.runtime.database import EmbeddedDatabase
from stadtportal.project.runtime.hosts import allowed_hosts, is_public
from stadtportal.project.runtime.processes import is_alive
from tests.runtime.portals import RunningPortal, free_port, running, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def data(lasting_folder: Path) -> Path:
    """The data folder the tests share, one after the other."""
    return lasting_folder / "data"


def test_it_answers_under_both_names_of_this_machine(data: Path) -> None:
    with running(data) as portal:
        assert portal.answers("localhost")
        assert portal.answers("127.0.0.1")
        wait_until(lambda: f"http://localhost:{portal.port}" in portal.said())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asking_it_to_stop_stops_everything_it_started(data: Path, number: signal.Signals) -> None:
    with running(data) as portal:
        assert portal.servers()
        assert len(portal.processes()) >= 4  # The supervisor, web with at least one worker, the job worker.
        assert portal.stop(number) == 0
        assert portal.is_gone()


def test_a_second_start_sets_nothing_up_again(folder: Path) -> None:
    with running(folder / "data") as portal:
        assert "Tabellen werden angelegt" in portal.said()
    with running(folder / "data") as again:
        assert "Tabellen" not in again.said()


def test_after_a_killed_supervisor_nothing_runs_on_and_the_next_start_works(data: Path) -> None:
    with running(data) as portal:
        portal.process.kill()
        portal.process.wait()
        wait_until(lambda: not portal.processes(), seconds=15)
    with running(data) as again:
        assert again.stop() == 0
        assert again.is_gone()


def test_the_database_of_a_killed_portal_is_joined_and_stopped_at_the_end(data: Path) -> None:
    with running(data) as portal:
        for pid in portal.processes():
            with suppress(ProcessLookupError):  # Some end by themselves when the one before them is gone.
                os.kill(pid, signal.SIGKILL)
        portal.process.wait()
        server = EmbeddedDatabase(data).pid()
        assert server is not None
        with running(data) as again:
            assert EmbeddedDatabase(data).pid() == server
            assert again.stop() == 0
        assert not portal.servers()


def test_killed_web_workers_end_with_their_main_process_and_all_come_back(data: Path) -> None:
    with running(data) as portal:
        before = portal.children("web")
        main = min(before)
        os.kill(main, signal.SIGKILL)
        wait_until(lambda: not any(is_alive(pid) for pid in before), seconds=15)
        wait_until(portal.answers)
        assert not set(portal.children("web")) & set(before)
        assert "web wurde unerwartet beendet" in portal.said()


def test_a_killed_web_worker_is_replaced(data: Path) -> None:
    with running(data) as portal:
        before = portal.children("web")
        os.kill(max(before), signal.SIGKILL)
        wait_until(lambda: len(portal.children("web")) == len(before) and portal.children("web") != before)
        wait_until(portal.answers)


def test_a_killed_job_worker_is_replaced(data: Path) -> None:
    with running(data) as portal:
        wait_until(lambda: portal.children("worker"))
        (before,) = portal.children("worker")
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: portal.children("worker") not in ([], [before]))


def test_a_killed_database_is_started_again(data: Path) -> None:
    with running(data) as portal:
        server = EmbeddedDatabase(data).pid()
        assert server is not None
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: EmbeddedDatabase(data).pid() not in {None, server})
        wait_until(portal.answers)


def test_a_second_portal_on_the_same_port_is_refused_by_name(data: Path, folder: Path) -> None:
    with running(data) as portal:
        other = RunningPortal(folder / "other", port=portal.port)
        assert other.process.wait(timeout=20) == 2
        assert f"Port {portal.port} ist schon belegt von Prozess {portal.process.pid}" in other.said()
        assert not (folder / "other").exists()
        assert portal.answers()


def test_a_port_of_another_program_is_refused_by_name(folder: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        portal = RunningPortal(folder / "data", port=port)
        assert portal.process.wait(timeout=20) == 2
        assert f"Port {port} ist schon belegt von Prozess {os.getpid()}" in portal.said()
        assert portal.said().count("\n") == 1


def test_two_portals_run_side_by_side(data: Path, folder: Path) -> None:
    with running(data) as one, running(folder / "two") as two:
        assert one.answers()
        assert two.answers()
        assert not set(one.servers()) & set(two.servers())
        assert one.stop() == 0
        assert two.answers()


def test_a_database_that_is_not_there_is_said_in_one_line(folder: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    portal = RunningPortal(folder / "data", DATABASE_URL=url)
    assert portal.process.wait(timeout=30) == 2
    assert "Die Datenbank aus DATABASE_URL antwortet nicht" in portal.said()
    assert "Traceback" not in portal.said()


def test_stopping_during_the_setup_stops_that_too(folder: Path) -> None:
    portal = RunningPortal(folder / "data")
    wait_until(portal.servers)
    assert portal.stop(signal.SIGINT) == 0
    wait_until(portal.is_gone, seconds=10)
    with running(folder / "data") as again:
        assert again.answers()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["up", "--port", "seventy"], "Ein Port ist eine Zahl von 1 bis 65535, nicht „seventy“."),
        (["up", "--port", "-1"], "Ein Port ist eine Zahl von 1 bis 65535, nicht „-1“."),
        (["up", "--port"], "Zu --port fehlt ein Wert."),
        (["up", "--nonsense"], "Unbekannt: --nonsense."),
        (["up", "--workers", "0"], "Erwartet wird eine Zahl von 1 bis 512, nicht „0“."),
        (["city", "unload"], "Aufruf: stadtportal city load"),
        (["fly"], "Den Befehl „fly“ gibt es nicht."),
        (["import", "poem", "x.txt"], "Aufruf: stadtportal import FORMAT DATEI. Bekannte Formate: dldb, leika, osm."),
        (["courses", "sing"], "Befehle von „courses“: "),
    ],
)
def test_bad_arguments_are_answered_in_one_line(arguments: list[str], sentence: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "stadtportal.project.cli", *arguments], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 2
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == ""


@pytest.mark.parametrize("hosts", ["stadt.example", "localhost, stadt.example"])
def test_the_demo_does_not_start_under_a_public_name(folder: Path, hosts: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "stadtportal.project.cli", "up", "--demo", "--port", str(free_port())],
        env={**os.environ, "PORTAL_DATA": str(folder / "data"), "ALLOWED_HOSTS": hosts},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "unter einem öffentlichen Namen startet" in ended.stderr + ended.stdout
    assert not (folder / "data").exists()


def test_naming_only_this_machine_is_not_public() -> None:
    assert not is_public(allowed_hosts({"ALLOWED_HOSTS": "localhost,127.0.0.1"}))
    assert not is_public(allowed_hosts({}))
    assert is_public(allowed_hosts({"ALLOWED_HOSTS": "*"}))
