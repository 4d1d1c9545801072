"""What the racing processes of ``test_races`` do: one starting line per round, then everybody at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.synchronize import Barrier
from uuid import UUID

from stadtportal.kernel.contracts import Actor

_start: list[Barrier] = []


@dataclass(frozen=True)
class Lap:
    """One runner's part in one round: book (with these facts of an order) or cancel (this reference)."""

    person_id: UUID
    order: dict[str, object] | None = None
    reference: str = ""


def get_ready(start: Barrier, database: str) -> None:
    """Load Django for the database of the tests; runs once in each process."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtportal.project.settings")
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    _start.append(start)


def run(laps: list[Lap], now: datetime) -> list[str]:
    """Run one process's laps; return what came of each: a state, ``cancelled`` or the name of the refusal."""
    from django.db import DatabaseError, connection

    from stadtportal.areas.courses import api
    from stadtportal.kernel.contracts import RuleBroken

    connection.ensure_connection()
    seen = []
    for lap in laps:
        actor = Actor(person_id=lap.person_id)
        _start[0].wait(60)
        try:
            if lap.order is None:
                seen.append("cancelled" if api.cancel(actor=actor, reference=lap.reference, now=now) else "nothing")
            else:
                booked = api.book(actor=actor, order=api.Order(**lap.order), now=now)  # type: ignore[arg-type]  # plain values on the way between processes.
                seen.append(f"{booked.state} {booked.reference}")
        except RuleBroken as refusal:
            seen.append(type(refusal).__name__)
        except DatabaseError as fault:  # A fault is an answer too, so that the others do not wait at the line.
            seen.append(f"{type(fault).__name__}: {fault}")
    connection.close()
    return seen
