"""What has been set up in a database, told in milliseconds and without Django, so that a second start is quick.

The table ``portal_setup`` holds one stamp per step. A stamp is a hash over everything the step depends on.
"""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import psycopg

PACKAGE = Path(__file__).resolve().parents[2]
AREA_GROUP = "stadtportal.areas"
DEMO = "demo"


def installed_areas() -> dict[str, EntryPoint]:
    """All installed areas by name: our own and strangers' alike."""
    return {point.name: point for point in entry_points(group=AREA_GROUP)}


def enabled_areas(env: Mapping[str, str]) -> list[str]:
    """The areas an environment enables; every one but the demo when it says nothing."""
    named = [name.strip() for name in env.get("ENABLED_AREAS", "").split(",") if name.strip()]
    return named or [name for name in installed_areas() if name != DEMO]


def wanted(env: Mapping[str, str], *, today: date) -> dict[str, str]:
    """The stamps of an installation that is up to date: step to hash."""
    areas = enabled_areas(env)
    folders = _area_folders(areas)
    migrations = [path for folder in (*folders, PACKAGE / "kernel") for path in folder.rglob("migrations/*.py")]
    packages = sorted(name for place in sys.path if place for name in _packages_in(Path(place)))
    city = env.get("PORTAL_CITY") or "stuttgart"
    stamps = {"migrations": _digest(migrations, sys.version, *areas, *packages)}
    # Entries are indexed anew when the words they are found by are made differently.
    search = PACKAGE / "kernel" / "search"
    read = [*(search / "engine").rglob("*"), *(search / "rules").glob("text.py"), *(search / "migrations").glob("*.py")]
    stamps["search"] = _digest(read, city)
    pack = [*(PACKAGE / "cities" / city).rglob("*"), *(PACKAGE / "kernel" / "city").rglob("*.py")]
    stamps["city"] = _digest(pack, city, *areas)
    if DEMO in areas:
        # The dates of the demo lie relative to the day, so it is brought up to date once a day.
        seeds = [path for folder in _area_folders([DEMO]) for path in folder.rglob("*.py")]
        stamps[DEMO] = _digest(seeds, stamps["city"], today.isoformat())
    return stamps


def read(url: str) -> dict[str, str]:
    """The stamps of a database; none when nothing has been set up. Raises ``OperationalError`` when it is down."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        if connection.execute("SELECT to_regclass('portal_setup')").fetchone() == (None,):
            return {}
        return {str(step): str(stamp) for step, stamp in connection.execute("SELECT step, stamp FROM portal_setup")}


def write(url: str, step: str, stamp: str) -> None:
    """Note that a step is done."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS portal_setup "
            "(step text PRIMARY KEY, stamp text NOT NULL, done_at timestamptz NOT NULL DEFAULT now())"
        )
        connection.execute(
            "INSERT INTO portal_setup (step, stamp) VALUES (%s, %s) "
            "ON CONFLICT (step) DO UPDATE SET stamp = excluded.stamp, done_at = now()",
            [step, stamp],
        )


def _area_folders(names: Iterable[str]) -> list[Path]:
    """The folders of areas, of strangers' too; an area that is not installed has none."""
    points = installed_areas()
    origins = []
    for name in names:
        try:
            spec = importlib.util.find_spec(points[name].module)
        except (KeyError, ImportError):
            continue
        if spec is not None and spec.origin is not None:
            origins.append(Path(spec.origin).parent)
    return origins


def _packages_in(folder: Path) -> list[str]:
    """Names and versions of the packages installed in a folder."""
    try:
        return [name for name in os.listdir(folder) if name.endswith(".dist-info")]  # noqa: PTH208 -- only names, quickly
    except OSError:
        return []


def _digest(paths: Iterable[Path], *words: str) -> str:
    """A hash over the content of files and some words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
