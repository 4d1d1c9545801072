"""What a package declares about the personal data it keeps, and what erasing it leaves. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays when a person's data is erased: what, by which law, and the last day it stays.

    ``until`` is ``None`` where the law names an event and not a day; ``what`` is a noun phrase for people.
    """

    what: str
    law: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did to one kind of data: how many rows are gone, and what stays."""

    rows: int
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of data about a person: what, why, on what legal basis, for how long.

    ``models`` names the models as ``"app_label.Model"`` with the fields that speak about a person. The rest are
    dotted paths to functions over the database alone; each is called inside an open reading:

    - ``export``: ``(person_id: UUID) -> Iterable[Mapping[str, Any]]``, one mapping for each thing, values safe for
      JSON, streamed. It runs inside ``trust.own``: a row of somebody else raises.
    - ``erase``: ``(person_id: UUID, *, now: datetime) -> Erased``. It is also run for the dry run, which is rolled
      back, and again after a backup was restored; it therefore does nothing but write to the database.
    - ``expire``: ``(before: datetime, *, now: datetime) -> int``: erase what began its retention before that time;
      return the rows gone. ``oldest``: ``(person_id: UUID) -> datetime | None``: when the retention of the person's
      oldest thing began. Kinds with a ``retention`` have both.

    ``words`` gives the German word for each key that ``export`` yields, at any depth. ``recipients`` says who gets it.
    """

    title: str
    purpose: str
    legal_basis: str
    retention: timedelta | None
    retention_words: str
    models: Mapping[str, tuple[str, ...]]
    export: str = ""
    erase: str = ""
    expire: str = ""
    oldest: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    recipients: str = "niemand außerhalb des Portals"
