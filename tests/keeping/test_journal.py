"""The journal of erasures survives crashes, and notices whoever edits it."""

import multiprocessing
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from stadtportal.kernel.trust.engine.journal import FILE, KEY, Journal, JournalBroken

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ANNA, BEN, CEM = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def test_what_began_counts_as_erased_until_it_is_void(journal: Journal) -> None:
    anna, ben, cem = (journal.begin(one, now=NOW) for one in (ANNA, BEN, CEM))
    journal.finish(anna, journal.hash_of(ANNA), now=NOW)
    journal.void(ben, journal.hash_of(BEN), now=NOW)
    assert journal.erased() == {journal.hash_of(ANNA), journal.hash_of(CEM)}
    assert journal.unfinished() == {cem: journal.hash_of(CEM)}


def test_nobody_is_named_in_the_file(journal: Journal, tmp_path: Path) -> None:
    journal.begin(ANNA, now=NOW)
    content = (tmp_path / FILE).read_text()
    assert str(ANNA) not in content
    assert ANNA.hex not in content
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in (FILE, KEY)} == {0o600}


def test_a_torn_last_line_is_no_line_and_the_next_one_is_whole(journal: Journal, tmp_path: Path) -> None:
    journal.begin(ANNA, now=NOW)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"id":"0123","step":"beg')
    assert journal.erased() == {journal.hash_of(ANNA)}
    journal.begin(BEN, now=NOW)
    assert journal.erased() == {journal.hash_of(ANNA), journal.hash_of(BEN)}


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_missing_line_is_noticed_unless_it_was_the_last(journal: Journal, tmp_path: Path, line: int) -> None:
    for one in (ANNA, BEN, CEM):
        journal.begin(one, now=NOW)
    lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
    del lines[line]
    (tmp_path / FILE).write_bytes(b"".join(lines))
    if line == 2:
        assert len(journal.erased()) == 2
    else:
        with pytest.raises(JournalBroken):
            journal.erased()


@pytest.mark.parametrize("damage", ["edit", "swap", "garbage", "not json", "other key", "no key", "no journal"])
def test_damage_is_noticed(journal: Journal, tmp_path: Path, damage: str) -> None:
    for one in (ANNA, BEN):
        journal.begin(one, now=NOW)
    file, key = tmp_path / FILE, tmp_path / KEY
    lines = file.read_bytes().splitlines(keepends=True)
    if damage == "edit":
        file.write_bytes(file.read_bytes().replace(b'"begun"', b'"void"', 1))
    elif damage == "swap":
        file.write_bytes(b"".join(reversed(lines)))
    elif damage == "garbage":
        file.write_bytes(lines[0] + b"[1]\n" + lines[1])
    elif damage == "not json":
        file.write_bytes(lines[0] + b"\x00\xff\n" + lines[1])
    elif damage == "other key":
        key.write_text("00" * 32)
    elif damage == "no key":
        key.unlink()
    else:
        file.unlink()
    with pytest.raises(JournalBroken):
        journal.erased()
    if damage != "no journal":
        with pytest.raises(JournalBroken):
            journal.begin(CEM, now=NOW)


def _write_many(folder: Path) -> None:
    for _ in range(25):
        Journal(folder).begin(uuid4(), now=NOW)


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    processes = [multiprocessing.get_context("fork").Process(target=_write_many, args=(tmp_path,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert len(Journal(tmp_path).read()) == 100


def test_a_line_is_on_the_disk_when_begin_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[int] = []
    force = os.fsync

    def note(handle: int) -> None:
        forced.append(handle)
        force(handle)

    monkeypatch.setattr(os, "fsync", note)
    journal = Journal(tmp_path)
    journal.begin(ANNA, now=NOW)
    made = len(forced)
    journal.begin(BEN, now=NOW)
    assert made >= 3  # key, folder, line
    assert len(forced) == made + 1
