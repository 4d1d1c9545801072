"""What all tests share: a real PostgreSQL of their own, started before Django reads its settings.

Tests never touch a portal someone runs: data lies in ``build/test-data``. ``DATABASE_URL`` is taken when it is set.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("PORTAL_DATA", str(ROOT / "build" / "test-data"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtportal.project.settings")
os.environ.setdefault("ENABLED_AREAS", "portal,directory,courses,townhall,demo")
# Playwright's synchronous interface keeps an event loop in the thread of the tests, which Django takes for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Folders' own conftest files import models, and pytest reads those before pytest-django sets Django up.
django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,  # noqa: ARG001 -- keeps one database per test worker.
) -> Iterator[None]:
    """Start the embedded database, unless another one is named; it stops with the last who uses it."""
    from stadtportal.project.runtime.database import EmbeddedDatabase

    if os.environ.get("DATABASE_URL"):
        yield
        return
    database = EmbeddedDatabase(Path(os.environ["PORTAL_DATA"]), durable=False)
    database.start()
    yield
    database.stop()


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the checkout; tests that need it skip where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data, which a plain clone does not have")
    return folder


@pytest.fixture
def whole() -> bool:
    """Tell whether long matrices, races and crawls run whole (``CHECK_ALL=1``) or as a sample."""
    return os.environ.get("CHECK_ALL") == "1"


@pytest.fixture(autouse=True)
def uses_are_written_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened pages are counted in memory, for each test anew, and not written in the middle of it."""
    monkeypatch.setattr("stadtportal.kernel.search.actions.using._counted", Counter())
    monkeypatch.setattr("stadtportal.kernel.search.actions.using._WRITTEN_EVERY_S", float("inf"))
