"""Erasing events: the event goes with its salt, its leaf stays and says that it was erased."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from stadtportal.kernel.trust.actions.sequencing import sequence
from stadtportal.kernel.trust.models import AccessEvent, SubjectHead

_OF_PERSON = "SELECT id FROM trust_accessevent WHERE subject_id = %(person)s"
# Only from the beginning of each chain: what is kept stays without a gap.
_EXPIRED = """
SELECT id FROM trust_accessevent AS event WHERE at < %(before)s AND NOT EXISTS (
    SELECT 1 FROM trust_accessevent AS kept
    WHERE kept.subject_id = event.subject_id AND kept.subj_seq <= event.subj_seq AND kept.at >= %(before)s
)
"""


def erase_events_of(person_id: UUID, *, now: datetime) -> int:
    """Erase every event about a person; return how many there were."""
    with transaction.atomic():
        done = _erase(_OF_PERSON, {"person": person_id}, now)
        SubjectHead.objects.filter(subject_id=person_id).delete()
    return done


def erase_events_before(before: datetime, *, now: datetime) -> int:
    """Erase events from before that time, those at the beginning of each person's chain; return how many."""
    with transaction.atomic():
        return _erase(_EXPIRED, {"before": before}, now)


def _erase(which: str, parameters: dict[str, UUID | datetime], now: datetime) -> int:
    # What waits gets its leaf first: without one nothing would tell that it was there.
    sequence(now=now)
    with connection.cursor() as cursor:
        cursor.execute(which, parameters)
        ids = [event_id for (event_id,) in cursor.fetchall()]
        cursor.execute("UPDATE trust_leaf SET event_id = NULL WHERE event_id = ANY(%s)", [ids])
    AccessEvent.objects.filter(pk__in=ids).delete()
    return len(ids)
