"""What the clock does for people."""

from __future__ import annotations

from django.utils import timezone

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.people.actions.forgetting import forget_past


@jobs.periodic_task("people.forget_past", cron="*/5 * * * *")
def forget_what_has_served() -> None:
    """Forget requests, assertions and letters that can serve no more."""
    forget_past(now=timezone.now())
