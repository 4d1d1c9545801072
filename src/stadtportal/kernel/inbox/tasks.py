"""Mails leave after the transaction that caused them."""

from django.utils import timezone

from stadtportal.kernel.inbox import actions
from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.trust import api as trust


@jobs.task("inbox.send_mail")
def send_mail(message_id: int) -> None:
    """Mail one message; doing it twice sends it once."""
    with trust.system("Nachricht zustellen"):
        actions.mail(message_id=message_id, now=timezone.now())
