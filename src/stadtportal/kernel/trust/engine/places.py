"""Where sealed text is kept in the database: columns of models, and places that packages register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.db.models import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Field = Field[Any, Any]
else:
    _Field = Field


class SealedColumn(_Field):
    """Marks fields that hold sealed text; see :class:`stadtportal.kernel.trust.engine.fields.SealedTextField`."""


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Sealed text inside something else, such as a JSON column of the account engine.

    ``key_ids`` returns the ids of the keys in use. ``reseal`` gets the id of the current key, seals with it whatever
    is not yet, and returns how many texts it sealed and how many it could not open.
    """

    name: str
    key_ids: Callable[[], frozenset[str]]
    reseal: Callable[[str], tuple[int, int]]


_registered: dict[str, SealedPlace] = {}


def register(place: SealedPlace) -> None:
    """Make a place known; packages do so at start-up."""
    _registered[place.name] = place


def list_places() -> tuple[SealedPlace, ...]:
    """Return the registered places."""
    return tuple(_registered.values())


def list_columns() -> Iterator[SealedColumn]:
    """Yield the sealed columns of all models whose tables exist."""
    tables = set(connection.introspection.table_names())
    for models in apps.all_models.values():
        for model in models.values():
            if model._meta.proxy or model._meta.db_table not in tables:  # noqa: SLF001 -- Django documents _meta.
                continue
            yield from (field for field in model._meta.local_fields if isinstance(field, SealedColumn))  # noqa: SLF001 -- as above.


def keys_in_use() -> frozenset[str]:
    """Return the ids of all keys that something in the database is sealed with."""
    found: set[str] = set()
    for field in list_columns():
        table, column = (
            connection.ops.quote_name(name or "")
            for name in (field.model._meta.db_table, field.column)  # noqa: SLF001 -- as above.
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT split_part({column}, '.', 2) FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 -- names of our own models, quoted.
            )
            found.update(key_id for (key_id,) in cursor.fetchall())
    for place in list_places():
        found |= place.key_ids()
    return frozenset(found)
