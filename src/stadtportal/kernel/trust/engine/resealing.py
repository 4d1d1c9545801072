"""Sealing everything anew with the current key, while the portal runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from stadtportal.kernel.contracts import Progress, silent
from stadtportal.kernel.trust.engine import sealing
from stadtportal.kernel.trust.engine.fields import SealedTextField
from stadtportal.kernel.trust.engine.keyring import SealingError
from stadtportal.kernel.trust.engine.places import list_columns, list_places

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Resealed:
    """What came of it: texts sealed anew, and texts that do not open, each counted once."""

    done: int
    broken: int


def reseal_everything(progress: Progress = silent) -> Resealed:
    """Seal with the current key whatever is sealed with another. Running it again goes on where it stopped.

    A text that does not open is left as it is and counted, so that one damaged row does not keep the others old.
    """
    done = broken = 0
    for field in list_columns():
        if not isinstance(field, SealedTextField):
            continue
        for opened in _reseal_column(field):
            done, broken = (done + 1, broken) if opened else (done, broken + 1)
            progress(done + broken, None, str(field))
    current = sealing.ring().current.id
    for place in list_places():
        sealed, closed = place.reseal(current)
        done, broken = done + sealed, broken + closed
        progress(done + broken, None, place.name)
    return Resealed(done, broken)


def _reseal_column(field: SealedTextField) -> Iterator[bool]:
    """Seal one column anew, in the order of its primary key; tell of each row whether it opened.

    Rows change only if nobody changed them meanwhile: whoever did has sealed them with the current key.
    """
    meta = field.model._meta  # noqa: SLF001 -- Django documents _meta.
    quote = connection.ops.quote_name
    table, column, row, pk = (
        quote(name or "") for name in (meta.db_table, field.column, field.row_column, meta.pk.column)
    )
    current = f"{sealing.FORM}.{sealing.ring().current.id}."
    # The names are those of our own models, quoted; values are parameters.
    select = f"SELECT {pk}, {row}, {column} FROM {table} WHERE {column} IS NOT NULL AND NOT starts_with({column}, %s)"  # noqa: S608 -- see above.
    update = f"UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} = %s"  # noqa: S608 -- see above.
    after: list[Any] = []
    while True:
        with connection.cursor() as cursor:
            further = f" AND {pk} > %s" if after else ""
            cursor.execute(f"{select}{further} ORDER BY {pk} LIMIT {_BATCH}", [current, *after])
            rows = cursor.fetchall()
            for key, bound, held in rows:
                after = [key]
                context = field.context(bound)
                try:
                    text = sealing.unseal(held, purpose=field.purpose, context=context)
                except SealingError:
                    yield False
                    continue
                cursor.execute(update, [sealing.seal(text, purpose=field.purpose, context=context), key, held])
                yield True
        if len(rows) < _BATCH:
            return
