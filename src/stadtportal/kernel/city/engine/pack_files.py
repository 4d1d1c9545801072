"""Reading a city pack: a folder of YAML, GeoJSON and NDJSON files, checked as they are read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from stadtportal.kernel.city.rules.geometry import Box
from stadtportal.kernel.city.rules.shapes import City
from stadtportal.kernel.contracts import RuleBroken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class PackBroken(RuleBroken):
    """A city pack that cannot be loaded: which file, and what is wrong in it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Pack:
    """The files of one pack as plain data. Texts are never ``None``; numbers may be."""

    city: City
    sources: dict[str, dict[str, Any]]
    districts: list[dict[str, Any]]
    parks: list[dict[str, Any]]
    quarters: list[tuple[str, str]]
    postcodes: dict[str, dict[str, Any]]
    categories: list[dict[str, Any]]
    organisations: list[dict[str, Any]]
    places: list[dict[str, Any]]


def read_dialect(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return the pack's rules from its dialect to German, none when it has none. Raises :class:`PackBroken`."""
    raw = _yaml(folder / "dialect.yaml") or []
    try:
        return tuple((re.compile(str(pattern)).pattern, str(instead)) for pattern, instead in raw)
    except (ValueError, TypeError, re.error) as error:
        message = f"{folder.name}/dialect.yaml: Jede Zeile braucht einen regulären Ausdruck und einen Ersatz ({error})."
        raise PackBroken(message) from error


def read_city(folder: Path) -> City:
    """Return who the city is. Raises :class:`PackBroken`."""
    raw = _yaml(folder / "city.yaml", required=True)
    if not isinstance(raw, dict) or not raw.get("name"):
        message = f"{folder.name}/city.yaml: Es fehlt „name“."
        raise PackBroken(message)
    centre = raw.get("centre") or {}
    bounds = raw.get("bounds")
    return City(
        name=str(raw["name"]),
        title=str(raw.get("title") or raw["name"]),
        centre=(float(centre.get("lat", 0)), float(centre.get("lon", 0))),
        state=str(raw.get("state") or "BW"),
        bounds=Box(south=bounds[1], west=bounds[0], north=bounds[3], east=bounds[2]) if bounds else None,
        service_phone=str(raw.get("service_phone") or ""),
        website=str(raw.get("website") or ""),
        colours=raw.get("colours") or {},
        attribution=tuple(raw.get("attribution") or ()),
    )


def read_pack(folder: Path) -> Pack:
    """Return the whole pack. Files other than ``city.yaml`` may be missing. Raises :class:`PackBroken`."""
    if not folder.is_dir():
        message = f"Das Stadtpaket „{folder.name}“ gibt es nicht."
        raise PackBroken(message)
    quarters = _yaml(folder / "quarters.yaml") or {}
    postcodes = _yaml(folder / "postcodes.yaml") or {}
    return Pack(
        city=read_city(folder),
        sources=_yaml(folder / "sources.yaml") or {},
        districts=_features(folder / "districts.geojson"),
        parks=_features(folder / "parks.geojson"),
        quarters=[(str(name), str(district)) for name, district in quarters.items()],
        postcodes={str(code): value for code, value in postcodes.items()},
        categories=_yaml(folder / "categories.yaml") or [],
        organisations=_yaml(folder / "organisations.yaml") or [],
        places=[row for path in sorted((folder / "places").glob("*.ndjson")) for row in _ndjson(path)],
    )


def _yaml(path: Path, *, required: bool = False) -> Any:  # noqa: ANN401 -- what a YAML file holds.
    if not path.exists():
        if required:
            message = f"{path.parent.name}: Es fehlt {path.name}."
            raise PackBroken(message)
        return None
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 -- a safe loader, the quick one where libyaml is there.
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"{path.parent.name}/{path.name}: {error}"
        raise PackBroken(message) from error


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _features(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["features"])
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path.parent.name}/{path.name}: kein GeoJSON mit „features“ ({error})."
        raise PackBroken(message) from error


def _ndjson(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            whole = bool(row["slug"] and row["name"])
        except (ValueError, KeyError, TypeError) as error:
            message = f"places/{path.name}, Zeile {number}: kein JSON mit „slug“ und „name“ ({error})."
            raise PackBroken(message) from error
        if not whole:
            message = f"places/{path.name}, Zeile {number}: „slug“ oder „name“ ist leer."
            raise PackBroken(message)
        yield row
