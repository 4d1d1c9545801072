"""Folders for real servers: reachable by the account of the server when the tests run as root, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stadtportal.project.runtime.database import EmbeddedDatabase


@contextmanager
def open_folder() -> Iterator[Path]:
    """An empty folder every account may pass through, unlike the folders pytest makes."""
    path = Path(tempfile.mkdtemp(prefix="portal-"))
    path.chmod(0o755)
    yield path
    for lock in path.rglob("database.lock"):
        EmbeddedDatabase(lock.parent).remove()
    shutil.rmtree(path)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one test."""
    with open_folder() as path:
        yield path


@pytest.fixture(scope="module")
def lasting_folder() -> Iterator[Path]:
    """A folder all tests of a module share: setting up a portal takes a while."""
    with open_folder() as path:
        yield path
