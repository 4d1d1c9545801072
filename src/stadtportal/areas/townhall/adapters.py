"""``stadtportal import dldb FILE`` and ``stadtportal import leika FILE``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stadtportal.areas.townhall import actions
from stadtportal.kernel.city import api as city

if TYPE_CHECKING:
    from rich.console import Console

LABEL = "kennzeichnet alles als Daten von anderswo, z. B. „Beispieldaten München“"


def import_dldb(argv: Sequence[str], console: Console | None = None) -> int:
    """Import services or offices of a city's catalogue and print what was done; return the exit code."""
    parser = city.ImportParser(
        "dldb",
        purpose="Liest Leistungen oder Orte einer Dienstleistungsdatenbank ein, wie Berlin und München sie ausgeben.",
        options="[--label TEXT] [--city-name NAME]",
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="NDJSON oder JSON, Leistungen oder Orte (auch .gz)")
    parser.add_argument("--label", default="", help=LABEL)
    parser.add_argument("--city-name", default="", help="Stadt der Adressen, die keine nennen")
    given = parser.parse_args(list(argv))
    return city.run_import(
        lambda progress: actions.import_dldb(
            given.file, label=given.label, city_name=given.city_name, progress=progress
        ),
        console=console,
    )


def import_leika(argv: Sequence[str], console: Console | None = None) -> int:
    """Import the services of the OZG catalogue and print what was done; return the exit code."""
    parser = city.ImportParser(
        "leika", purpose="Liest die Leistungen des OZG-Katalogs mit LeiKa-Schlüssel ein.", options="[--label TEXT]"
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="NDJSON oder JSON (auch .gz)")
    parser.add_argument("--label", default="", help=LABEL)
    given = parser.parse_args(list(argv))
    return city.run_import(
        lambda progress: actions.import_leika(given.file, label=given.label, progress=progress), console=console
    )
