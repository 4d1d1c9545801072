"""Many places at once: copied into a table of their own, then merged by one statement."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString, cast

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: One lock for everything that writes many places, so that two imports take turns batch by batch.
LOCK = 7_203_001


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row for the table of places, in the order of its columns."""

    slug: str
    name: str
    sort_name: str
    category_id: int | None
    organisation_id: int | None
    district_id: int | None
    lat: float | None
    lon: float | None
    street: str
    house_number: str
    postcode: str
    city_name: str
    opening_hours: str
    hours_parsable: bool
    hours_note: str
    phone: str
    email: str
    website: str
    wheelchair: str
    tags: dict[str, str]
    source: str
    source_id: str
    label: str
    example: bool
    origin: str


COLUMNS: tuple[LiteralString, ...] = (
    "slug",
    "name",
    "sort_name",
    "category_id",
    "organisation_id",
    "district_id",
    "lat",
    "lon",
    "street",
    "house_number",
    "postcode",
    "city_name",
    "opening_hours",
    "hours_parsable",
    "hours_note",
    "phone",
    "email",
    "website",
    "wheelchair",
    "tags",
    "source",
    "source_id",
    "label",
    "example",
    "origin",
)
_ALL: LiteralString = ", ".join(COLUMNS)


def _values(row: PlaceRow) -> Iterator[Any]:
    for column in COLUMNS:
        value = getattr(row, column)
        yield json.dumps(value, ensure_ascii=False, sort_keys=True) if column == "tags" else value


def take_turns() -> None:
    """Wait until no other transaction writes many places; held to the end of this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def refresh_statistics() -> None:
    """Let the database count anew, so that it plans well for the many rows that have come."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE city_place, city_street")


def copy_rows(
    table: LiteralString, like: LiteralString, columns: Sequence[LiteralString], rows: Iterable[Iterable[Any]]
) -> None:
    """Copy rows into a temporary table shaped like columns of ``like``; it goes with the transaction."""
    names: LiteralString = ", ".join(columns)
    with connection.cursor() as cursor:
        made = f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT {names} FROM {like} LIMIT 0"  # noqa: S608 -- built from the column names above alone; every value is a parameter.
        cursor.execute(made)
        copy = cast("Any", cursor).copy  # Django's wrapper hands unknown names on to psycopg's cursor.
        with copy(f"COPY {table} ({names}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(tuple(row))


def drop_table(table: LiteralString) -> None:
    """Drop the temporary table before the transaction ends, so that another batch can follow in it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")


def _changed(columns: Iterable[LiteralString]) -> LiteralString:
    """Return SQL that is true when a row would change."""
    named = list(columns)
    mine: LiteralString = ", ".join("city_place." + column for column in named)
    theirs: LiteralString = ", ".join("excluded." + column for column in named)
    return f"(({mine}) IS DISTINCT FROM ({theirs}) OR city_place.removed_at IS NOT NULL)"


def _updates(columns: Iterable[LiteralString]) -> LiteralString:
    updates: LiteralString = ", ".join(column + " = excluded." + column for column in columns)
    return updates + ", changed_at = now(), removed_at = NULL"


@dataclass(frozen=True, slots=True)
class Merged:
    """The ids of places that were made and of those that changed."""

    created: list[int]
    updated: list[int]


def list_held(source_ids: Sequence[str]) -> set[str]:
    """Return those ids of OpenStreetMap that a place of the pack or of an area has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source_id FROM city_place WHERE NOT (origin = 'import') AND source LIKE 'osm%%'"
            " AND removed_at IS NULL AND source_id = ANY(%s)",
            [list(source_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def merge_imported(rows: Sequence[PlaceRow]) -> Merged:
    """Insert or update places by source and id. A slug stays as it was. The rows must hold each id once."""
    copy_rows("incoming_place", "city_place", COLUMNS, (_values(row) for row in rows))
    kept: list[LiteralString] = [c for c in COLUMNS if c not in {"slug", "source", "source_id", "origin"}]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO city_place ({_ALL}, changed_at) SELECT {_ALL}, now() FROM incoming_place"  # noqa: S608 -- built from the column names above alone; every value is a parameter.
            " ORDER BY source_id ON CONFLICT (source, source_id) WHERE NOT (source_id = '')"
            f" DO UPDATE SET {_updates(kept)}"
            f" WHERE city_place.origin = 'import' AND {_changed(kept)}"
            " RETURNING id, (xmax = 0)"
        )
        returned = cursor.fetchall()
    drop_table("incoming_place")
    return Merged(
        created=[row[0] for row in returned if row[1]],
        updated=[row[0] for row in returned if not row[1]],
    )


def merge_pack(rows: Sequence[PlaceRow]) -> tuple[Merged, list[str]]:
    """Insert or update the pack's places by slug; return also the slugs of places that are gone with it.

    An imported place of the same source id makes room for the pack's own.
    """
    copy_rows("incoming_place", "city_place", COLUMNS, (_values(row) for row in rows))
    kept: list[LiteralString] = [c for c in COLUMNS if c != "slug"]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE city_place SET removed_at = now(), source_id = ''"
            " FROM incoming_place incoming WHERE city_place.removed_at IS NULL"
            " AND city_place.slug <> incoming.slug AND city_place.source_id = incoming.source_id"
            " AND incoming.source_id <> '' AND (city_place.source = incoming.source OR"
            " (city_place.source LIKE 'osm%%' AND incoming.source LIKE 'osm%%'))"
            " RETURNING city_place.slug",
            [],
        )
        gone = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE city_place SET removed_at = now(), source_id = ''"
            " WHERE origin = 'pack' AND removed_at IS NULL"
            " AND slug NOT IN (SELECT slug FROM incoming_place) RETURNING slug",
            [],
        )
        gone += [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"INSERT INTO city_place ({_ALL}, changed_at) SELECT {_ALL}, now() FROM incoming_place"  # noqa: S608 -- built from the column names above alone; every value is a parameter.
            f" ON CONFLICT (slug) DO UPDATE SET {_updates(kept)} WHERE {_changed(kept)}"
            " RETURNING id, (xmax = 0)",
            [],
        )
        returned = cursor.fetchall()
    drop_table("incoming_place")
    merged = Merged(
        created=[row[0] for row in returned if row[1]],
        updated=[row[0] for row in returned if not row[1]],
    )
    return merged, gone
