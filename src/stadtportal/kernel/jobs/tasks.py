"""Housekeeping of the queue itself."""

from django.utils import timezone

from stadtportal.kernel.jobs import api


@api.periodic_task("jobs.retry_stalled", cron="* * * * *")
def retry_stalled() -> None:
    """Take up jobs whose worker was killed; procrastinate leaves them as ``doing`` for ever."""
    api.retry_stalled(now=timezone.now())
