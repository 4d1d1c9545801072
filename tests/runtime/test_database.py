"""The embedded database: made, joined, left, found again after every kind of sudden end."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from stadtportal.project.runtime.database import DatabaseError, EmbeddedDatabase, database_url
from stadtportal.project.runtime.orphans import list_orphans
from stadtportal.project.runtime.place import STATE_FOLDERS, Account, find_programs
from stadtportal.project.runtime.processes import list_working_in


def write_note(database: EmbeddedDatabase, text: str) -> None:
    """Commit one row."""
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def read_notes(database: EmbeddedDatabase) -> list[str]:
    """All rows in order of writing."""
    with psycopg.connect(database.url) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY ctid")]


def running_pid(database: EmbeddedDatabase) -> int:
    """The number of the server's process, which has to be there."""
    pid = database.pid()
    assert pid is not None
    return pid


def start_elsewhere(data: Path, *, hold: bool = False) -> "subprocess.Popen[str]":
    """Start the database from another process, which then waits (``hold``) or ends without leaving it."""
    code = (
        "import os, sys, time; from pathlib import Path\n"
        "from stadtportal.project.runtime.database import EmbeddedDatabase\n"
        "database = EmbeddedDatabase(Path(sys.argv[1])); database.start(); print(database.pid(), flush=True)\n"
        f"time.sleep(60) if {hold} else os._exit(0)\n"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(data)], stdout=subprocess.PIPE, text=True)


def said_pid(process: "subprocess.Popen[str]") -> int:
    """The number of the server that another process started."""
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_data_survives_a_stop(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "data")
    with database:
        write_note(database, "eins")
    assert database.pid() is None
    with database:
        assert read_notes(database) == ["eins"]


def test_only_the_owner_can_reach_it(folder: Path) -> None:
    with EmbeddedDatabase(folder / "data") as database, psycopg.connect(database.url) as connection:
        place = database.place
        assert place.base.stat().st_mode & 0o777 == 0o700
        assert place.sockets.stat().st_mode & 0o777 == 0o700
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)


def test_commits_are_durable_unless_the_data_is_throwaway(folder: Path) -> None:
    durable = "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
    with EmbeddedDatabase(folder / "kept") as database, psycopg.connect(database.url) as connection:
        assert connection.execute(durable).fetchone() == ("on", "on")
    with EmbeddedDatabase(folder / "lost", durable=False) as database, psycopg.connect(database.url) as connection:
        assert connection.execute(durable).fetchone() == ("off", "off")


def test_it_knows_german_letters_and_the_extensions(folder: Path) -> None:
    with EmbeddedDatabase(folder / "data") as database, psycopg.connect(database.url) as connection:
        for name in ("pg_trgm", "btree_gist", "unaccent", "vector"):
            connection.execute(
                psycopg.sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(psycopg.sql.Identifier(name))
            )
        found = connection.execute(
            "SELECT lower('ÄÖÜ'), similarity('Größe', 'Gr e') < 0.5, to_tsvector('german', '„Straße“ – Äpfel')::text"
        ).fetchone()
        assert found == ("äöü", True, "'apfel':2 'strass':1")


def test_new_databases_have_vectors_too(folder: Path) -> None:
    with EmbeddedDatabase(folder / "data") as database:
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE probe")
        with psycopg.connect(database.url_for("stadtportal", "probe")) as connection:
            assert connection.execute("SELECT '[1,2]'::vector <-> '[1,4]'").fetchone() == (2.0,)


def test_two_data_folders_run_side_by_side(folder: Path) -> None:
    with EmbeddedDatabase(folder / "one") as one, EmbeddedDatabase(folder / "two") as two:
        write_note(one, "eins")
        write_note(two, "zwei")
        assert (read_notes(one), read_notes(two)) == (["eins"], ["zwei"])
        assert one.pid() != two.pid()


def test_a_second_process_joins_and_the_last_one_stops_it(folder: Path) -> None:
    first = EmbeddedDatabase(folder / "data")
    second = EmbeddedDatabase(folder / "data")
    first.start()
    pid = running_pid(first)
    second.start()
    assert second.pid() == pid
    assert first.stop() is False
    assert second.pid() == pid
    assert second.stop() is True
    assert second.pid() is None


def test_processes_that_start_at_once_make_one_server(folder: Path) -> None:
    starters = [start_elsewhere(folder / "data") for _ in range(4)]
    pids = {said_pid(starter) for starter in starters}
    for starter in starters:
        starter.communicate()
        assert starter.returncode == 0
    assert len(pids) == 1
    assert EmbeddedDatabase(folder / "data").stop() is True


def test_a_killed_server_comes_back_with_its_data(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "data")
    database.start()
    write_note(database, "eins")
    os.kill(running_pid(database), signal.SIGKILL)
    database.start()
    assert read_notes(database) == ["eins"]
    assert database.stop() is True


def test_a_killed_server_comes_back_though_a_query_is_still_running(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "data")
    database.start()
    endless = "SELECT count(*) FROM generate_series(1, 10000000000)"
    code = "import psycopg, sys; psycopg.connect(sys.argv[1]).execute(sys.argv[2])"
    client = subprocess.Popen([sys.executable, "-c", code, database.url, endless], stderr=subprocess.DEVNULL)
    with psycopg.connect(database.url_for("postgres"), autocommit=True) as connection:
        busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = %s"
        while connection.execute(busy, [endless]).fetchone() == (0,):
            time.sleep(0.05)
    os.kill(running_pid(database), signal.SIGKILL)
    database.start()
    write_note(database, "wieder da")
    assert read_notes(database) == ["wieder da"]
    assert database.stop() is True
    assert client.wait(10) != 0


def test_the_server_of_a_killed_launcher_is_joined_and_then_stopped(folder: Path) -> None:
    launcher = start_elsewhere(folder / "data", hold=True)
    pid = said_pid(launcher)
    launcher.kill()
    launcher.communicate()
    database = EmbeddedDatabase(folder / "data")
    assert database.pid() == pid
    database.start()
    assert database.pid() == pid
    assert database.stop() is True
    assert list_working_in(database.place.cluster) == []


def test_a_note_with_the_number_of_another_process_does_not_stop_a_start(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "data")
    database.start()
    write_note(database, "eins")
    note = (database.place.cluster / "postmaster.pid").read_text()
    database.stop()
    # A sleeper under the account of the server holds the number, as after a crash of the machine.
    owner = database.place.base.stat()
    other = os.geteuid() != owner.st_uid
    sleeper = subprocess.Popen(["/bin/sleep", "60"], user=owner.st_uid if other else None)
    pid_file = database.place.cluster / "postmaster.pid"
    pid_file.write_text(note.replace(note.splitlines()[0], str(sleeper.pid), 1))
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    assert database.pid() is None
    with database:
        assert read_notes(database) == ["eins"]
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


def test_an_interrupted_creation_leaves_nothing_behind(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "data")
    database.start()
    database.stop()
    half_made = database.place.base / "unfinished-0000"
    database.place.cluster.rename(half_made)
    with database:
        write_note(database, "neu")
        assert not half_made.exists()
        assert read_notes(database) == ["neu"]


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    data = folder / ("lang" * 30) / "und mit Leerzeichen, Komma"
    with EmbeddedDatabase(data) as database:
        write_note(database, "eins")
        assert database.place.sockets.parent == Path("/tmp")  # noqa: S108 -- that is what is tested
        assert read_notes(database) == ["eins"]


def test_a_moved_data_folder_is_found_though_its_server_runs(folder: Path) -> None:
    old = EmbeddedDatabase(folder / "old")
    old.start()
    write_note(old, "eins")
    (folder / "old").rename(folder / "new")
    with EmbeddedDatabase(folder / "new") as new:
        assert read_notes(new) == ["eins"]
        assert old.pid() is None
    old.stop()


def test_another_major_version_is_refused(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "data")
    database.start()
    database.stop()
    (database.place.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseError, match=r"gehört zu PostgreSQL 17, installiert ist PostgreSQL 18"):
        database.start()


def test_a_folder_that_cannot_be_made_is_named(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(DatabaseError, match=r"file/data lässt sich nicht anlegen"):
        EmbeddedDatabase(folder / "file" / "data").start()


def test_a_server_that_does_not_start_says_why(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "data")
    database.start()
    database.stop()
    with (database.place.cluster / "postgresql.conf").open("a") as config:
        config.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseError, match="no_such_setting"):
        database.start()


def test_the_address_is_the_given_one_or_that_of_the_data_folder() -> None:
    assert database_url({"DATABASE_URL": "postgresql://there/db"}) == "postgresql://there/db"
    assert database_url({"PORTAL_DATA": "/srv/portal"}) == (
        "postgresql://stadtportal@/stadtportal?host=%2Fsrv%2Fportal%2Fdatabase%2Frun&port=5432"
    )


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the account of a process")


@needs_root
def test_root_runs_it_as_another_account_and_changes_no_folder_on_the_way(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedDatabase(closed / "data") as database:
        write_note(database, "eins")
        assert Path(f"/proc/{running_pid(database)}").stat().st_uid != 0
        assert database.place.is_elsewhere()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    with EmbeddedDatabase(closed / "data") as again:
        assert read_notes(again) == ["eins"]
    again.remove()
    assert not again.place.base.exists()


@needs_root
def test_a_database_outside_goes_with_its_temporary_data_folder(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    database = EmbeddedDatabase(closed / "data")
    database.start()
    lost = database.place.base
    shutil.rmtree(closed / "data")
    assert lost in list_orphans()
    with EmbeddedDatabase(folder / "other"):
        assert lost not in list_orphans()
        assert not lost.exists()


@needs_root
@pytest.mark.slow
def test_programs_only_root_can_read_are_copied_to_where_the_server_can(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = find_programs(Account.of(0)).parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, closed / part.name)
    code = (
        "import sys; from pathlib import Path\n"
        "from stadtportal.project.runtime.database import EmbeddedDatabase\n"
        "with EmbeddedDatabase(Path(sys.argv[1])) as database:\n"
        "    print(Path(f'/proc/{database.pid()}/exe').readlink())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(closed)}
    command = [sys.executable, "-c", code, str(folder / "data")]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stderr
    assert any(Path(ran.stdout).is_relative_to(state) for state in STATE_FOLDERS)


@needs_root
def test_root_may_use_a_folder_every_account_can_enter(folder: Path) -> None:
    with EmbeddedDatabase(folder / "data") as database:
        assert not database.place.is_elsewhere()
        assert database.place.base.stat().st_uid != 0


@needs_root
def test_a_normal_account_runs_it_as_itself(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    # The interpreter may lie where only root can read, so everything is loaded before the account changes.
    code = (
        "import os, sys, psycopg, encodings.idna; from pathlib import Path\n"
        "from stadtportal.project.runtime.database import EmbeddedDatabase\n"
        "with EmbeddedDatabase(Path(sys.argv[1])) as warm: psycopg.connect(warm.url).close()\n"
        "warm.remove()\n"
        "os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))\n"
        "with EmbeddedDatabase(Path(sys.argv[1]) / 'own') as database:\n"
        "    with psycopg.connect(database.url) as connection: connection.execute('CREATE TABLE note (text text)')\n"
        "    print(os.stat(f'/proc/{database.pid()}').st_uid)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(nobody.pw_uid), str(nobody.pw_gid)],
        check=False, capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert ran.stdout == f"{nobody.pw_uid}\n", ran.stderr
    with EmbeddedDatabase(folder / "own") as database:
        # Root joins in as the owner of the data, not as an account of its own.
        assert database.place.base.stat().st_uid == nobody.pw_uid
