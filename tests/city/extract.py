"""Small ``.osm.pbf`` extracts for tests, written object by object."""

from __future__ import annotations

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

#: Straight on from (lon, lat): three nodes a hundred metres apart.
STEP = 0.001


def write_extract(path: Path, *, nodes: int = 1) -> Path:
    """Write an extract with ``nodes`` cafés, two pieces of one street, a far street of its name, and areas."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number in range(1, nodes + 1):
            tags = {"amenity": "cafe", "name": f"Café {number}", "opening_hours": "Mo-Sa 09:00-18:00"}
            writer.add_node(Node(id=number, location=(9.18 + number * 1e-6, 48.785), tags=tags))
        corners = {
            900_001: (9.180, 48.770),
            900_002: (9.180 + STEP, 48.770),
            900_003: (9.180 + 2 * STEP, 48.770),
            900_011: (9.30, 48.70),
            900_012: (9.30 + STEP, 48.70),
            900_021: (9.190, 48.772),
            900_022: (9.192, 48.772),
            900_023: (9.192, 48.774),
        }
        for number, location in corners.items():
            writer.add_node(Node(id=number, location=location))
        street = {"highway": "residential", "name": "Lange Straße"}
        writer.add_way(Way(id=501, nodes=[900_001, 900_002], tags=street))
        writer.add_way(Way(id=502, nodes=[900_002, 900_003], tags=street))
        writer.add_way(Way(id=503, nodes=[900_011, 900_012], tags=street))
        park = {"leisure": "park", "name": "Eckpark"}
        writer.add_way(Way(id=504, nodes=[900_021, 900_022, 900_023, 900_021], tags=park))
        writer.add_way(Way(id=505, nodes=[900_021, 900_023]))
        shop = {"shop": "books", "name": "Bücherhof", "type": "multipolygon"}
        writer.add_relation(Relation(id=601, members=[("w", 505, "outer")], tags=shop))
    return path
