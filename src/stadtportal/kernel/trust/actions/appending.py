"""Writing events: each after the newest of its person, in the reading transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.trust.engine.commitment import new_salt
from stadtportal.kernel.trust.models import AccessEvent

SEQUENCE = jobs.JobName("trust.sequence")

# Heads are made and locked in the order of the persons, so that two lists of the same people never wait for each other.
_MAKE_HEADS = """
INSERT INTO trust_subjecthead (subject_id, seq, commitment)
SELECT subject, 0, '' FROM unnest(%s::uuid[]) AS subject ORDER BY subject
ON CONFLICT DO NOTHING
"""
_LOCK_HEADS = """
SELECT subject_id, seq, commitment FROM trust_subjecthead WHERE subject_id = ANY(%s::uuid[])
ORDER BY subject_id FOR UPDATE
"""
_MOVE_HEADS = """
UPDATE trust_subjecthead AS head SET seq = new.seq, commitment = new.commitment
FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS new(subject_id, seq, commitment)
WHERE head.subject_id = new.subject_id
"""
_WAIT_FOR_LEAF = """
INSERT INTO trust_unsequenced (event_id, commitment) SELECT * FROM unnest(%s::bigint[], %s::bytea[])
"""


def append_events(subjects: Sequence[UUID], *, at: datetime, **said: Any) -> None:  # noqa: ANN401 -- fields of an event.
    """Write one event for each person; ``subjects`` are distinct and in order. Runs inside the reading transaction."""
    if not subjects:
        return
    people = list(subjects)
    with connection.cursor() as cursor:
        heads = _lock_heads(cursor, people)
        events = []
        for subject in people:
            seq, commitment = heads[subject]
            events.append(
                AccessEvent(subject_id=subject, at=at, salt=new_salt(), subj_seq=seq + 1, subj_prev=commitment, **said)
            )
        AccessEvent.objects.bulk_create(events)
        commitments = [event.commitment() for event in events]
        cursor.execute(_MOVE_HEADS, [people, [event.subj_seq for event in events], commitments])
        cursor.execute("SELECT EXISTS (SELECT 1 FROM trust_unsequenced)")
        (others_wait,) = cursor.fetchone()
        cursor.execute(_WAIT_FOR_LEAF, [[event.pk for event in events], commitments])
    # Where others wait, a job was queued for them; a job that has just missed these is made up for within a minute.
    if not others_wait:
        jobs.defer(SEQUENCE)


def _lock_heads(cursor: Any, people: list[UUID]) -> dict[UUID, tuple[int, bytes]]:  # noqa: ANN401 -- Django types no cursor.
    cursor.execute(_LOCK_HEADS, [people])
    heads = {subject: (seq, bytes(commitment)) for subject, seq, commitment in cursor.fetchall()}
    if len(heads) < len(people):
        cursor.execute(_MAKE_HEADS, [[one for one in people if one not in heads]])
        cursor.execute(_LOCK_HEADS, [people])
        heads = {subject: (seq, bytes(commitment)) for subject, seq, commitment in cursor.fetchall()}
    return heads
