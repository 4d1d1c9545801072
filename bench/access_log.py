"""Measure the tamper-evident access log: what a look adds to a request, sequencing, proofs, storage and verification.

Starts a database in a temporary folder and writes a million looks at the data of 2,000 people through the same code as
the portal, in lists of 500. ``request_ms`` is the median time of a reading of one message by a clerk, with its event,
chain and durable commit; ``raw_request_ms`` the same reading without an event; ``event_ms`` is the difference.
``sequence_us`` is the time per event to turn what waits into leaves, tiles and signed checkpoints. ``proof_ms`` is the
median time to prove one event, ``bundle_ms`` that of everything the check page asks for at first (up to 500 events with
their proofs). ``bytes_per_event`` counts every table and index of the log. ``verify_us`` is ``log verify``, per event.

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
    figures |= sequence(events)
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
    """Write the events as lists of people do."""
    from django.db import transaction  # noqa: PLC0415 -- as above.
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.trust.actions.appending import append_events  # noqa: PLC0415 -- as above.

    chosen = random.Random(SEED)  # noqa: S311 -- the same people in every run; nothing secret.
    began, done = time.perf_counter(), 0
    while done < events:
        seen = sorted(chosen.sample(subjects, min(AT_ONCE, len(subjects), events - done)))
        with transaction.atomic():
            append_events(seen, at=timezone.now(), actor_id=None, **SAID)
        done += len(seen)
    spent = time.perf_counter() - began
    print(f"{done} events written in lists of {AT_ONCE}: {micro(spent, done)} us each")
    return {"write_us": micro(spent, done)}


def sequence(events: int) -> dict[str, object]:
    """Turn all of them into leaves."""
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.

    began = time.perf_counter()
    done = trust.sequence(now=timezone.now())
    spent = time.perf_counter() - began
    if done != events:
        message = f"{done} of {events} events were sequenced"
        raise SystemExit(message)
    print(f"sequenced in {spent:.1f} s: {micro(spent, done)} us each")
    return {"sequence_us": micro(spent, done)}


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
    """Read one message of one person after the other, with an event and without."""
    from django.db import transaction  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.inbox.models import Message  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.

    def accounted(person_id: UUID) -> None:
        with trust.reading(
            actor=clerk, purpose=str(SAID["purpose"]), legal_basis="Art. 6 Abs. 1 e DSGVO", fields=("Betreff",)
        ):
            list(Message.objects.filter(person_id=person_id))

    def plain(person_id: UUID) -> None:
        with transaction.atomic(), trust.system("Messung"):
            list(Message.objects.filter(person_id=person_id))

    seen = subjects[:REQUESTS]
    with_event, without = [], []
    for person_id in seen:  # Alternating, so that both meet the same machine.
        without.append(milliseconds(plain, person_id))
        with_event.append(milliseconds(accounted, person_id))
    both = statistics.median(with_event), statistics.median(without)
    print(f"a reading of one person: {both[0]:.2f} ms with its event, {both[1]:.2f} ms without")
    return {
        "request_ms": round(both[0], 3),
        "raw_request_ms": round(both[1], 3),
        "event_ms": round(both[0] - both[1], 3),
    }


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
