"""Sending a released notice of a breach to everybody concerned, a portion at a time."""

from datetime import datetime

from django.db import transaction

from stadtportal.kernel.contracts import Actor, Progress, silent
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.trust import api as trust

SEND_NOTICE = jobs.JobName("portal.send_notice")
PORTION = 200


@transaction.atomic
def release_notice(*, actor: Actor, notice_id: int, now: datetime) -> None:
    """Release a notice and queue its sending; both commit together."""
    trust.release_notice(actor=actor, notice_id=notice_id, now=now)
    jobs.defer(SEND_NOTICE, notice_id=notice_id)


def send_notice(*, notice_id: int, now: datetime, progress: Progress = silent) -> int:
    """Send a notice to all who have not got it; return how many that were. Doing it twice sends it once to each."""
    notice = trust.get_notice(notice_id)
    sent = 0
    while True:
        with transaction.atomic():
            portion = trust.take_portion(notice_id=notice_id, size=PORTION, now=now)
            for person_id in portion:
                inbox.send(person_id=person_id, subject=notice.subject, body=notice.body, now=now)
        if not portion:
            return sent
        sent += len(portion)
        progress(notice.sent + sent, notice.concerned, "Hinweise gesendet")
