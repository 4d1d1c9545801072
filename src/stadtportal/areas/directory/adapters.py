"""``stadtportal import osm FILE``: arguments, progress and report on the terminal."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import RuleBroken

if TYPE_CHECKING:
    from typing import NoReturn

REFUSED = 2


class BadArguments(RuleBroken):
    """The command line cannot be understood."""

    status = 400


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse with the usage instead of leaving the program."""
        usage = "stadtportal import osm DATEI [--label TEXT] [--city-name NAME] [--within-city]"
        raise BadArguments(f"Aufruf: {usage} ({message})")


def import_osm(argv: Sequence[str], console: Console | None = None) -> int:
    """Import a file of OpenStreetMap data and print what was done; return the exit code.

    0 when the whole file was read, 2 when it could not be (with how far it got).
    """
    parser = _Parser(prog="stadtportal import osm", description="Liest Orte aus OpenStreetMap ein.", allow_abbrev=False)
    parser.add_argument("file", type=Path, metavar="DATEI", help="NDJSON, Overpass-JSON (auch .gz) oder .osm.pbf")
    parser.add_argument("--label", default="", help="kennzeichnet alle Orte, z. B. „Beispieldaten Aachen“")
    parser.add_argument("--city-name", default="", help="Stadt der Adressen, die keine nennen")
    parser.add_argument("--within-city", action="store_true", help="lässt aus, was außerhalb der Stadt liegt")
    given = parser.parse_args(list(argv))
    console = console or Console()
    started = time.monotonic()
    try:
        with _Bar(console) as bar:
            report = city.import_osm(
                given.file,
                label=given.label,
                city_name=given.city_name,
                within_city=given.within_city,
                progress=bar.show,
            )
    except city.ImportStopped as stopped:
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


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def print_report(console: Console, report: city.ImportReport, seconds: float, *, whole: bool) -> None:
    """Print the counts, then what was left out or doubted and why, with examples."""
    title = "Import abgeschlossen" if whole else "Import abgebrochen; so weit kam er"
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    rate = f" ({_count(round(report.places / seconds))} Orte je Sekunde)" if seconds > 0 else ""
    lines = [
        ("Objekte gelesen", report.read),
        ("davon mit Namen", report.named),
        ("Orte neu", report.created),
        ("Orte geändert", report.updated),
        ("Orte unverändert", report.unchanged),
    ]
    if report.streets:
        lines += [("Straßen", report.streets), ("davon neu oder geändert", report.streets_changed)]
    for word, number in lines:
        table.add_row(word, _count(number))
    console.print(title, style="bold", highlight=False)
    console.print(table)
    console.print(f"  Dauer: {seconds:.1f} Sekunden{rate}".replace(".", ",", 1), highlight=False)
    for heading, tallies in (("Ausgelassen", report.skipped), ("Mit Vorbehalt übernommen", report.flagged)):
        if tallies:
            console.print(f"\n  {heading}:", highlight=False)
        for reason, tally in sorted(tallies.items(), key=lambda item: -item[1].count):
            console.print(f"    {_count(tally.count)} {reason}", highlight=False, markup=False, soft_wrap=True)
            for example in tally.examples[:3]:
                console.print(f"      z. B. {example}", highlight=False, markup=False, soft_wrap=True, style="dim")
