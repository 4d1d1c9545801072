"""What the portal's own pages leave to the background."""

from django.utils import timezone

from stadtportal.areas.portal.actions.breach import send_notice
from stadtportal.kernel.jobs import api as jobs


@jobs.task("portal.send_notice")
def send(notice_id: int) -> None:
    """Send a notice of a breach; a run that is cut off goes on where it was."""
    send_notice(notice_id=notice_id, now=timezone.now())
