"""Reading NDJSON and Overpass JSON as objects of OpenStreetMap, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.kernel.city.engine.data_file import OpenFile, UnreadableFile
from stadtportal.kernel.city.engine.json_file import Limits, read_lines, read_members
from stadtportal.kernel.city.engine.osm_file import ELEMENTS, HOW_TO_GET, Kind
from stadtportal.kernel.city.engine.osm_object import OsmObject, object_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

#: No object of OpenStreetMap is longer than this.
MAX_OBJECT = 4 * 1024 * 1024
#: After so many records without one object the file is taken for something else.
PATIENCE = 1000


def read_objects(opened: OpenFile[Kind]) -> Iterator[OsmObject | None]:
    """Yield the objects of a JSON file; ``None`` for a record that is no object of OpenStreetMap.

    Raises :class:`UnreadableFile` where reading cannot go on, and when the file holds no object at all.
    """
    limits = Limits(record=MAX_OBJECT)
    lines = opened.kind is Kind.NDJSON
    records = read_lines(opened, limits) if lines else read_members(opened, ELEMENTS, limits)
    found = False
    for seen, (line, value) in enumerate(records, 1):
        made = object_from_json(value, line)
        found = found or made is not None
        if not found and seen >= PATIENCE:
            break
        yield made
    if not found:
        what = "Die Datei enthält keine OpenStreetMap-Objekte (erwartet werden id, lat, lon und tags)."
        raise UnreadableFile(opened.path, what, HOW_TO_GET)
