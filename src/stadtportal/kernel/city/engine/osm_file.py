"""What a file of OpenStreetMap data is, by its content."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from stadtportal.kernel.city.engine.data_file import OpenFile, UnreadableFile, refuse_foreign
from stadtportal.kernel.city.engine.json_file import Layout, layout_of

if TYPE_CHECKING:
    from pathlib import Path

PBF_MAGIC = b"OSMHeader"
#: The list of objects in Overpass JSON.
ELEMENTS = "elements"

HOW_TO_GET = (
    "Bitte geben Sie eine Datei in NDJSON, Overpass-JSON oder .osm.pbf an, zum Beispiel einen Auszug von Geofabrik."
)


class Kind(enum.Enum):
    """The formats that can be read."""

    NDJSON = "NDJSON"
    OVERPASS = "Overpass-JSON"
    PBF = "OSM-PBF"


def open_osm(path: Path) -> OpenFile[Kind]:
    """Open a file of OpenStreetMap data. Raises :class:`UnreadableFile`."""
    return OpenFile(path, kind_of)


def kind_of(path: Path, head: bytes, *, packed: bool) -> Kind:
    """Return what a file is by its first bytes. Raises :class:`UnreadableFile` with what it is instead."""
    if PBF_MAGIC in head[:32]:
        if packed:
            raise UnreadableFile(
                path, "Eine .osm.pbf-Datei ist schon gepackt.", "Bitte entpacken Sie das äußere .gz zuerst."
            )
        return Kind.PBF
    start = refuse_foreign(
        path,
        head,
        reads="NDJSON, Overpass-JSON und .osm.pbf",
        how_to_get=HOW_TO_GET,
        xml_remedy="Eine .osm-Datei wandelt „osmium cat DATEI.osm -o DATEI.osm.pbf“ um.",
    )
    if not start.startswith(b"{") or b"\x00" in head:
        raise UnreadableFile(path, "Das ist keine OpenStreetMap-Datei.", HOW_TO_GET)
    return Kind.NDJSON if layout_of(start, ELEMENTS) is Layout.LINES else Kind.OVERPASS
