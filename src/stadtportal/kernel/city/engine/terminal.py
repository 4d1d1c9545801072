"""An import on the terminal: its arguments, a bar while it runs, its report at the end."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from stadtportal.kernel.city.rules.report import ImportStopped
from stadtportal.kernel.contracts import Progress as Show
from stadtportal.kernel.contracts import RuleBroken
from stadtportal.kernel.web.api import number

if TYPE_CHECKING:
    from typing import NoReturn

    from stadtportal.kernel.city.rules.report import Report

REFUSED = 2
EXAMPLES = 3


class BadArguments(RuleBroken):
    """The command line cannot be understood."""

    status = 400


class ImportParser(argparse.ArgumentParser):
    """The arguments of ``stadtportal import FORMAT``; it refuses with the usage instead of leaving the program."""

    def __init__(self, name: str, *, purpose: str, options: str) -> None:
        """Make the parser of one format; ``options`` is how the usage names them."""
        super().__init__(prog=f"stadtportal import {name}", description=purpose, allow_abbrev=False)
        self._aufruf = f"stadtportal import {name} DATEI {options}"

    def error(self, message: str) -> NoReturn:
        """Refuse with the usage."""
        raise BadArguments(f"Aufruf: {self._aufruf} ({message})")


def run_import(work: Callable[[Show], Report], *, console: Console | None = None) -> int:
    """Run an import with a bar, print what was done, and return the exit code.

    0 when the whole file was read, 2 when it could not be (with how far it got).
    """
    console = console or Console()
    started = time.monotonic()
    try:
        with _Bar(console) as bar:
            report = work(bar.show)
    except ImportStopped as stopped:
        if stopped.report.read:
            print_report(console, stopped.report, time.monotonic() - started, whole=False)
        Console(stderr=True).print(stopped.sentence, style="bold red", markup=False, highlight=False, soft_wrap=True)
        return REFUSED
    print_report(console, report, time.monotonic() - started, whole=True)
    return 0


class _Bar:
    """A progress bar on a terminal; elsewhere silence until the report."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("Datei öffnen", total=None)

    def __enter__(self) -> _Bar:  # noqa: PYI034 -- nobody inherits from this.
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, done: int, total: int | None, what: str) -> None:
        """Show how far the import has come."""
        self._bar.update(self._task, completed=done, total=total, description=what)


def print_report(console: Console, report: Report, seconds: float, *, whole: bool) -> None:
    """Print the counts, then what was left out or doubted and why, with examples."""
    title = "Import abgeschlossen" if whole else "Import abgebrochen; so weit kam er"
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    rate = f" ({number(round(report.kept / seconds))} {report.unit} je Sekunde)" if seconds > 0 else ""
    for word, count in report.lines:
        table.add_row(word, number(count))
    console.print(title, style="bold", highlight=False)
    console.print(table)
    console.print(f"  Dauer: {seconds:.1f} Sekunden{rate}".replace(".", ",", 1), highlight=False)
    for heading, tallies in (("Ausgelassen", report.skipped), ("Mit Vorbehalt übernommen", report.flagged)):
        if tallies:
            console.print(f"\n  {heading}:", highlight=False)
        for reason, tally in sorted(tallies.items(), key=lambda item: -item[1].count):
            console.print(f"    {number(tally.count)} {reason}", highlight=False, markup=False, soft_wrap=True)
            for example in tally.examples[:EXAMPLES]:
                console.print(f"      z. B. {example}", highlight=False, markup=False, soft_wrap=True, style="dim")
