"""Measure the tamper-evident access log: what a look adds to a request, sequencing, proofs, storage and verification.

Starts a database in a temporary folder and writes a million looks at the data of 2,000 people through the same code
as the portal, in lists of 500, sequencing whenever 10,000 wait. ``event_ms`` is what the event adds to a clerk's
reading of one message: the median of readings with an event, its chain and the durable commit, less that of the same
reading without. ``raw_event_ms`` is what one row in a bare table, committed as durably, adds. ``append_ms`` is the work
alone, before the commit. ``sequence_us`` is the time per event to turn what waits into leaves, tiles and signed
checkpoints. ``proof_ms`` is the median time to prove one event, ``bundle_ms`` that of everything the check page asks
for at first (up to 500 events with their proofs). ``bytes_per_event`` counts every table and index of the log.
``verify_us`` is ``log verify``, per event.

The last line is JSON. Usage: ``python bench/access_log.py [EVENTS]``.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from stadtportal.kernel.contracts import Actor

EVENTS = 1_000_000
PEOPLE = 2_000
AT_ONCE = 500
WAITING = 10_000
REQUESTS = 400
PROOFS = 200
BUNDLES = 20
SEED = 20_261_125
TABLES = ("accessevent", "subjecthead", "unsequenced", "leaf", "tile", "checkpoint")
SAID = {
    "actor_name": "Alex Amt (Bürgerbüro Mitte)",
    "purpose": "Antrag bearbeiten",
    "legal_basis": "Art. 6 Abs. 1 e DSGVO",
    "fields": ["Name", "Anschrift", "Geburtsdatum"],
    "case_reference": "ST-2026-004711",
    "reason": "",
}


def main(arguments: Sequence[str]) -> int:
    """Set up, measure, print."""
    events = int(arguments[0]) if arguments else EVENTS
    with tempfile.TemporaryDirectory(prefix="portal-access-log-") as folder:
        for name in ("DATABASE_URL", "ALLOWED_HOSTS", "ENABLED_AREAS"):
            os.environ.pop(name, None)
        os.environ |= {
            "PORTAL_DATA": str(Path(folder) / "data"),
            "DJANGO_SETTINGS_MODULE": "stadtportal.project.settings",
        }
        from stadtportal.project.runtime.database import EmbeddedDatabase  # noqa: PLC0415 -- reads the environment.

        with EmbeddedDatabase(Path(os.environ["PORTAL_DATA"])):
            figures = measure(events)
    print(json.dumps(figures))
    return 0


def measure(events: int) -> dict[str, object]:
    """Run everything against one database and return the figures."""
    import django  # noqa: PLC0415 -- only now is the environment ready.

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above.
    from django.db import connection  # noqa: PLC0415 -- as above.

    call_command("migrate", verbosity=0, interactive=False)
    clerk, subjects = make_people(min(PEOPLE, events))
    figures: dict[str, object] = {"events": events, "people": len(subjects)}
    figures |= write(events, subjects)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE trust_{table}")
    figures |= store()
    figures |= request(clerk, subjects)
    figures |= prove(events, subjects)
    figures |= verify()
    connection.close()
    return figures


def make_people(count: int) -> tuple[Actor, list[UUID]]:
    """Make a clerk and people with a message each; return the clerk and the people, in the order of their ids."""
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.contracts import Actor, Grant, Role  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.inbox import api as inbox  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.people import api as people  # noqa: PLC0415 -- as above.

    made = [
        people.create_person(email=f"seen{number}@example.org", given_name="Person", family_name=f"Nr. {number}").id
        for number in range(count)
    ]
    for person_id in made[:REQUESTS]:
        inbox.send(person_id=person_id, subject="Ihr Antrag", body="Er ist da.", now=timezone.now())
    clerk = people.create_person(email="amt@example.org", given_name="Alex", family_name="Amt")
    actor = Actor(person_id=clerk.id, shown_as="Alex Amt", grants=frozenset({Grant(Role.CASE_WORKER)}))
    return actor, made


def write(events: int, subjects: Sequence[UUID]) -> dict[str, object]:
    """Write the events as lists of people do, and sequence them as the job does."""
    from django.db import transaction  # noqa: PLC0415 -- as above.
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust.actions.appending import append_events  # noqa: PLC0415 -- as above.

    chosen = random.Random(SEED)  # noqa: S311 -- the same people in every run; nothing secret.
    written, sequenced, writing, sequencing = 0, 0, 0.0, 0.0
    while sequenced < events:
        began = time.perf_counter()
        while written < events and written - sequenced < WAITING:
            seen = sorted(chosen.sample(subjects, min(AT_ONCE, len(subjects), events - written)))
            with transaction.atomic():
                append_events(seen, at=timezone.now(), actor_id=None, **SAID)
            written += len(seen)
        turned = time.perf_counter()
        sequenced += trust.sequence(now=timezone.now())
        if sequenced != written:
            message = f"{sequenced} of {written} events were sequenced"
            raise SystemExit(message)
        writing, sequencing = writing + turned - began, sequencing + time.perf_counter() - turned
    print(f"{written} events written in lists of {AT_ONCE}: {micro(writing, written)} us each")
    print(f"sequenced: {micro(sequencing, written)} us each")
    return {"write_us": micro(writing, written), "sequence_us": micro(sequencing, written)}


def store() -> dict[str, object]:
    """Weigh the tables."""
    from django.db import connection  # noqa: PLC0415 -- as above.

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_accessevent")
        (events,) = cursor.fetchone()
        weights = {}
        for table in TABLES:
            cursor.execute("SELECT pg_total_relation_size(%s)", [f"trust_{table}"])
            (weights[table],) = cursor.fetchone()
    each = round(sum(weights.values()) / events)
    parts = ", ".join(f"{name} {round(weight / events)}" for name, weight in weights.items())
    print(f"storage: {each} bytes per event ({parts})")
    return {"bytes_per_event": each}


def request(clerk: Actor, subjects: Sequence[UUID]) -> dict[str, object]:
    """Read one message of one person after the other: with an event, without, and with a row in a bare table."""
    from django.db import connection, transaction  # noqa: PLC0415 -- as above.
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.inbox.models import Message  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust.actions.appending import append_events  # noqa: PLC0415 -- as above.

    def read(person_id: UUID) -> None:
        list(Message.objects.filter(person_id=person_id))

    def accounted(person_id: UUID) -> None:
        basis, purpose = str(SAID["legal_basis"]), str(SAID["purpose"])
        with trust.reading(actor=clerk, purpose=purpose, legal_basis=basis, fields=("Betreff",)):
            read(person_id)

    def plain(person_id: UUID) -> None:
        with transaction.atomic(), trust.system("Messung"):
            read(person_id)

    def bare(person_id: UUID) -> None:
        with transaction.atomic(), trust.system("Messung"), connection.cursor() as cursor:
            read(person_id)
            cursor.execute("INSERT INTO raw_log VALUES (%s, now(), 'Amt', 'Antrag')", [person_id])

    def append(person_id: UUID) -> None:
        append_events([person_id], at=timezone.now(), actor_id=None, **SAID)

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE raw_log (person uuid, at timestamptz, actor text, purpose text)")
    times: dict[str, list[float]] = {"plain": [], "bare": [], "accounted": [], "append": []}
    for person_id in subjects[:REQUESTS]:  # Alternating, so that all meet the same machine.
        times["plain"].append(milliseconds(plain, person_id))
        times["bare"].append(milliseconds(bare, person_id))
        times["accounted"].append(milliseconds(accounted, person_id))
        with transaction.atomic():
            times["append"].append(milliseconds(append, person_id))
    median = {name: statistics.median(taken) for name, taken in times.items()}
    figures: dict[str, object] = {
        "request_ms": round(median["accounted"], 3),
        "append_ms": round(median["append"], 3),
        "event_ms": round(median["accounted"] - median["plain"], 3),
        "raw_event_ms": round(median["bare"] - median["plain"], 3),
    }
    print(
        f"a reading of one person: {median['plain']:.2f} ms; its event adds {figures['event_ms']} ms, "
        f"{figures['append_ms']} ms of it before the commit; a bare durable row adds {figures['raw_event_ms']} ms"
    )
    return figures


def prove(events: int, subjects: Sequence[UUID]) -> dict[str, object]:
    """Prove single events, and give whole bundles."""
    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust.engine.merkle import prove_inclusion  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust.engine.tiles import nodes_of  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust.queries.log import tile_reader  # noqa: PLC0415 -- as above.

    chosen = random.Random(SEED)  # noqa: S311 -- as above.
    proofs = [
        milliseconds(lambda number: prove_inclusion(number, events, nodes_of(tile_reader())), chosen.randrange(events))
        for _ in range(PROOFS)
    ]
    bundles = [
        milliseconds(lambda who: trust.proof_bundle(person_id=who), chosen.choice(subjects)) for _ in range(BUNDLES)
    ]
    proof, bundle = statistics.median(proofs), statistics.median(bundles)
    print(f"a proof: {proof:.2f} ms; a person's bundle: {bundle:.1f} ms")
    return {"proof_ms": round(proof, 3), "bundle_ms": round(bundle, 1)}


def verify() -> dict[str, object]:
    """Check the whole log; it must be whole."""
    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.

    began = time.perf_counter()
    verified = trust.verify_log()
    spent = time.perf_counter() - began
    if verified.findings:
        raise SystemExit("\n".join(verified.findings))
    print(f"verified in {spent:.1f} s: {micro(spent, verified.events)} us each")
    return {"verify_us": micro(spent, verified.events)}


def milliseconds(run: Callable[[Any], object], argument: object) -> float:
    """Return how long one call takes."""
    began = time.perf_counter()
    run(argument)
    return (time.perf_counter() - began) * 1000


def micro(seconds: float, count: int) -> float:
    """Return microseconds for each."""
    return round(seconds * 1_000_000 / count, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
