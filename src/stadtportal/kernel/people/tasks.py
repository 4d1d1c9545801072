"""Forgetting what is kept for a while only."""

from __future__ import annotations

from django.utils import timezone

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.people import actions


@jobs.periodic_task("people.forget_expired", cron="17 3 * * *")
def forget_expired() -> None:
    """Delete devices nobody used for a year and changes of addresses that can no longer be undone."""
    actions.forget_expired(now=timezone.now())
