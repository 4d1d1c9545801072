"""``stadtportal import osm FILE``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stadtportal.kernel.city import api as city

if TYPE_CHECKING:
    from rich.console import Console


def import_osm(argv: Sequence[str], console: Console | None = None) -> int:
    """Import a file of OpenStreetMap data and print what was done; return the exit code."""
    parser = city.ImportParser(
        "osm",
        purpose="Liest Orte aus OpenStreetMap ein.",
        options="[--label TEXT] [--city-name NAME] [--within-city]",
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="NDJSON, Overpass-JSON (auch .gz) oder .osm.pbf")
    parser.add_argument("--label", default="", help="kennzeichnet alle Orte, z. B. „Beispieldaten Aachen“")
    parser.add_argument("--city-name", default="", help="Stadt der Adressen, die keine nennen")
    parser.add_argument("--within-city", action="store_true", help="lässt aus, was außerhalb der Stadt liegt")
    given = parser.parse_args(list(argv))
    return city.run_import(
        lambda progress: city.import_osm(
            given.file,
            label=given.label,
            city_name=given.city_name,
            within_city=given.within_city,
            progress=progress,
        ),
        console=console,
    )
