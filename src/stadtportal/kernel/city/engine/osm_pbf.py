"""Reading ``.osm.pbf`` extracts: places of every kind of object, and streets with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import osmium
from osmium.filter import EmptyTagFilter, KeyFilter

from stadtportal.kernel.city.engine.data_file import UnreadableFile
from stadtportal.kernel.city.engine.osm_object import OsmObject, OsmStreet
from stadtportal.kernel.city.rules.geometry import Box, box_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What people can walk, ride or drive on and give as an address.
STREET_KINDS = frozenset(
    {
        "motorway",
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "residential",
        "living_street",
        "pedestrian",
        "service",
        "track",
        "footway",
        "cycleway",
        "path",
        "steps",
        "road",
        "busway",
    }
)

_REMEDY = "Bitte laden Sie den Auszug noch einmal vollständig herunter."


def read_extract(path: Path, place_keys: tuple[str, ...]) -> Iterator[OsmObject | OsmStreet]:
    """Yield places and streets of an extract: nodes at their point, ways and relations at the middle of their box.

    Raises :class:`UnreadableFile` where the extract cannot be read any further.
    """
    try:
        relations = _relations(path, place_keys)
        wanted = {way for _, ways in relations.values() for way in ways}
        boxes: dict[int, Box] = {}
        processor = osmium.FileProcessor(_file(path)).with_locations().with_filter(EmptyTagFilter())
        if wanted:  # Ways that only make up a relation often have no tags of their own.
            processor = osmium.FileProcessor(_file(path)).with_locations()
        for item in processor:
            if isinstance(item, osmium.osm.Node):
                yield from _node(item, place_keys)
            elif isinstance(item, osmium.osm.Way):
                yield from _way(item, place_keys, wanted, boxes)
    except RuntimeError as error:
        raise UnreadableFile(path, _problem(error), _REMEDY) from error
    for relation_id, (tags, ways) in sorted(relations.items()):
        known = [boxes[way] for way in ways if way in boxes]
        lat, lon = _joined(known).centre if known else (None, None)
        yield OsmObject(f"relation/{relation_id}", lat, lon, tags)


def _file(path: Path) -> osmium.io.File:
    """Return the file as PBF, whatever its name ends in."""
    return osmium.io.File(str(path), "pbf")


def _problem(error: RuntimeError) -> str:
    """Return the library's complaint in words."""
    said = str(error)
    if "truncated" in said or "EOF" in said or "unexpected end" in said.lower():
        return "Der Auszug ist abgeschnitten."
    return f"Der Auszug ist beschädigt oder kein OSM-PBF ({said})."


def _relations(path: Path, place_keys: tuple[str, ...]) -> dict[int, tuple[dict[str, str], tuple[int, ...]]]:
    """Return named relations that could be places, with the ways they are made of."""
    found: dict[int, tuple[dict[str, str], tuple[int, ...]]] = {}
    processor = osmium.FileProcessor(_file(path), osmium.osm.RELATION).with_filter(KeyFilter("name"))
    for item in processor:
        if not isinstance(item, osmium.osm.Relation):
            continue
        tags = _tags(item)
        if any(key in tags for key in place_keys):
            found[item.id] = (tags, tuple(member.ref for member in item.members if member.type == "w"))
    return found


def _tags(item: osmium.osm.Node | osmium.osm.Way | osmium.osm.Relation) -> dict[str, str]:
    return {tag.k: tag.v for tag in item.tags}


def _node(item: osmium.osm.Node, place_keys: tuple[str, ...]) -> Iterator[OsmObject]:
    tags = _tags(item)
    if any(key in tags for key in place_keys) and item.location.valid():
        yield OsmObject(f"node/{item.id}", item.lat, item.lon, tags)


def _way(
    item: osmium.osm.Way,
    place_keys: tuple[str, ...],
    wanted: set[int],
    boxes: dict[int, Box],
) -> Iterator[OsmObject | OsmStreet]:
    tags = _tags(item)
    street = bool(tags.get("name")) and tags.get("highway", "").removesuffix("_link") in STREET_KINDS
    place = not street and any(key in tags for key in place_keys)
    if not (street or place or item.id in wanted):
        return
    line = [(node.lon, node.lat) for node in item.nodes if node.location.valid()]
    if item.id in wanted and line:
        boxes[item.id] = box_of(line)
    if street and len(line) > 1 and tags.get("area") != "yes":
        yield OsmStreet(item.id, tags["name"], tags["highway"], line)
    elif place:
        lat, lon = box_of(line).centre if line else (None, None)
        yield OsmObject(f"way/{item.id}", lat, lon, tags)


def _joined(boxes: list[Box]) -> Box:
    return Box(
        min(box.south for box in boxes),
        min(box.west for box in boxes),
        max(box.north for box in boxes),
        max(box.east for box in boxes),
    )
