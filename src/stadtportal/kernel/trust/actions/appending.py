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
# One statement: what a look adds to a request is mostly the way to the database and back.
_APPEND = """
WITH waiting AS MATERIALIZED (SELECT EXISTS (SELECT 1 FROM trust_unsequenced) AS found),
chained AS MATERIALIZED (
    SELECT * FROM unnest(
        %(subjects)s::uuid[], %(seqs)s::bigint[], %(previous)s::bytea[], %(salts)s::bytea[], %(commitments)s::bytea[]
    ) AS new(subject_id, seq, previous, salt, commitment)
),
written AS (
    INSERT INTO trust_accessevent (
        subject_id, at, actor_id, actor_name, purpose, legal_basis, fields, case_reference, reason,
        salt, subj_seq, subj_prev
    )
    SELECT subject_id, %(at)s::timestamptz, %(actor_id)s::uuid, %(actor_name)s::text, %(purpose)s::text,
        %(legal_basis)s::text, %(fields)s::text[], %(case_reference)s::text, %(reason)s::text, salt, seq, previous
    FROM chained
    RETURNING id, subject_id
),
moved AS (
    UPDATE trust_subjecthead AS head SET seq = chained.seq, commitment = chained.commitment
    FROM chained WHERE head.subject_id = chained.subject_id
),
queued AS (
    INSERT INTO trust_unsequenced (event_id, commitment)
    SELECT written.id, chained.commitment FROM written JOIN chained USING (subject_id)
)
SELECT found FROM waiting
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
        cursor.execute(
            _APPEND,
            said
            | {
                "at": at,
                "subjects": people,
                "seqs": [event.subj_seq for event in events],
                "previous": [event.subj_prev for event in events],
                "salts": [event.salt for event in events],
                "commitments": [event.commitment() for event in events],
            },
        )
        (others_wait,) = cursor.fetchone()
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
