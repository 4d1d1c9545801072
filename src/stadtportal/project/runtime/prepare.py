"""Steps that make an installation ready: tables, the city pack, the demo. Each is skipped when its stamp is right."""

import importlib
import importlib.util
import os
import time
from collections.abc import Callable, Mapping
from datetime import date
from types import ModuleType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from stadtportal.kernel.contracts import Progress as ProgressCallback
from stadtportal.project.runtime import stamps
from stadtportal.project.runtime.database import database_url

QUIET = 2.0
"""Seconds between two lines of progress where there is no terminal."""

CITY_API = "stadtportal.kernel.city.api"
SEARCH_API = "stadtportal.kernel.search.api"
DEMO_API = "stadtportal.areas.demo.api"


def missing_steps(env: Mapping[str, str]) -> list[str]:
    """The steps an environment still needs, in order. Loads no Django. Raises ``OperationalError`` without database."""
    have = stamps.read(database_url(env))
    return [step for step, stamp in stamps.wanted(env, today=date.today()).items() if have.get(step) != stamp]  # noqa: DTZ011 -- the day where the portal stands


def prepare(console: Console) -> None:
    """Take all missing steps, showing how far each has come. Django is set up."""
    steps: dict[str, Callable[[ProgressCallback], object]] = {
        "migrations": migrate,
        "city": load_city,
        "search": index_search,
        stamps.DEMO: seed_demo,
    }
    url = database_url(os.environ)
    stamped = stamps.wanted(os.environ, today=date.today())  # noqa: DTZ011 -- the day where the portal stands
    for step in missing_steps(os.environ):
        with shown(console) as progress:
            steps[step](progress)
        stamps.write(url, step, stamped[step])


def migrate(progress: ProgressCallback) -> None:
    """Bring the tables up to date."""
    from django.core.management import call_command  # noqa: PLC0415 -- Django is set up only where it is needed

    progress(0, None, "Tabellen werden angelegt")
    call_command("migrate", interactive=False, verbosity=0)
    progress(1, 1, "Tabellen sind angelegt")
    replay_erasures(progress)


def replay_erasures(progress: ProgressCallback) -> None:
    """Erase whoever an old backup brought back. Raises ``JournalBroken`` rather than serve somebody erased."""
    from django.utils import timezone  # noqa: PLC0415 -- as above

    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above

    trust.replay_erasures(now=timezone.now(), progress=progress)


def remember_clock() -> None:
    """Let the clock of retention begin now: that of a restored database stood still while it lay in the backup."""
    from django.utils import timezone  # noqa: PLC0415 -- as above

    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above

    trust.accept_clock(now=timezone.now())


def load_city(progress: ProgressCallback) -> None:
    """Load the city pack."""
    module = optional_module(CITY_API)
    if module is not None:
        module.load_city(progress)


def index_search(progress: ProgressCallback) -> None:
    """Index every entry anew."""
    module = optional_module(SEARCH_API)
    if module is not None:
        module.rebuild(progress)


def seed_demo(progress: ProgressCallback) -> None:
    """Fill in the demo data, or bring its dates up to the day."""
    module = optional_module(DEMO_API)
    if module is not None:
        module.seed(progress)


def optional_module(name: str) -> ModuleType | None:
    """A module by name, None when it is not installed; errors inside it are raised."""
    try:
        if importlib.util.find_spec(name) is None:
            return None
    except ModuleNotFoundError:
        return None
    return importlib.import_module(name)


class shown:  # noqa: N801 -- used as a context manager, like a function
    """A progress bar on a terminal, and a line every two seconds elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said_at = 0.0
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> ProgressCallback:
        if self._console.is_terminal:
            self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def _show(self, done: int, total: int | None, what: str) -> None:
        if self._console.is_terminal:
            self._bar.update(self._task, completed=done, total=total, description=what)
        elif time.monotonic() - self._said_at >= QUIET:
            share = f" ({done} von {total})" if total else ""
            self._console.print(f"  {what}{share} …", highlight=False, markup=False)
            self._said_at = time.monotonic()
