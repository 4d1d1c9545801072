"""What happens behind the pages: events get their leaves soon after they were written."""

from django.utils import timezone

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.trust.actions.appending import SEQUENCE
from stadtportal.kernel.trust.actions.sequencing import sequence, thin_out_checkpoints


@jobs.task(SEQUENCE)
def sequence_events() -> None:
    """Sequence what waits."""
    sequence(now=timezone.now())


@jobs.periodic_task("trust.sequence_missed", cron="* * * * *")
def sequence_missed() -> None:
    """Sequence what a job that ran at the same moment has missed."""
    sequence(now=timezone.now())


@jobs.periodic_task("trust.thin_out_checkpoints", cron="20 3 * * *")
def thin_out() -> None:
    """Keep one checkpoint a day of the days that are over."""
    thin_out_checkpoints(now=timezone.now())
