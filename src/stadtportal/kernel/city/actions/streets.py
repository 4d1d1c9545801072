"""Writing the streets of an extract."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, LiteralString

from django.db import connection, transaction

from stadtportal.kernel.city.actions.bulk import copy_rows, drop_table, take_turns
from stadtportal.kernel.city.rules.names import sort_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stadtportal.kernel.city.queries import DistrictFinder
    from stadtportal.kernel.city.rules.streets import JoinedStreet

_COLUMNS: tuple[LiteralString, ...] = (
    "name",
    "sort_name",
    "source",
    "source_id",
    "kind",
    "lines",
    "lat",
    "lon",
    "south",
    "west",
    "north",
    "east",
    "city_name",
    "district_id",
)
_ALL: LiteralString = ", ".join(_COLUMNS)
_KEPT: list[LiteralString] = [column for column in _COLUMNS if column not in {"source", "source_id"}]
_UPDATES: LiteralString = ", ".join(column + " = excluded." + column for column in _KEPT)
_MINE: LiteralString = ", ".join("city_street." + column for column in _KEPT)
_THEIRS: LiteralString = ", ".join("excluded." + column for column in _KEPT)


def put_streets(streets: Sequence[JoinedStreet], *, source: str, city_name: str, finder: DistrictFinder) -> int:
    """Write all streets of one extract in one transaction; return how many rows changed.

    Streets of the same source inside the extract's box that it no longer holds are deleted.
    """
    if not streets:
        return 0
    rows = [
        (
            street.name,
            sort_key(street.name),
            source,
            street.source_id,
            street.kind,
            json.dumps(street.lines),
            street.point[0],
            street.point[1],
            street.box.south,
            street.box.west,
            street.box.north,
            street.box.east,
            city_name,
            finder.pk(*street.point),
        )
        for street in streets
    ]
    with transaction.atomic():
        take_turns()
        copy_rows("incoming_street", "city_street", _COLUMNS, rows)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM city_street WHERE source = %s AND city_name = %s"
                " AND south >= (SELECT min(south) FROM incoming_street)"
                " AND west >= (SELECT min(west) FROM incoming_street)"
                " AND north <= (SELECT max(north) FROM incoming_street)"
                " AND east <= (SELECT max(east) FROM incoming_street)"
                " AND source_id NOT IN (SELECT source_id FROM incoming_street)",
                [source, city_name],
            )
            changed = cursor.rowcount
            cursor.execute(
                f"INSERT INTO city_street ({_ALL}) SELECT {_ALL} FROM incoming_street ORDER BY source_id"  # noqa: S608 -- built from the column names above alone; every value is a parameter.
                f" ON CONFLICT (source, source_id) DO UPDATE SET {_UPDATES}"
                f" WHERE ({_MINE}) IS DISTINCT FROM ({_THEIRS})"
            )
            changed += cursor.rowcount
        drop_table("incoming_street")
    return int(changed)
