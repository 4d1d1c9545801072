"""What is done for people after the request, or by the clock."""

from __future__ import annotations

from django.utils import timezone

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.people import actions
from stadtportal.kernel.people.actions import answering, proposing
from stadtportal.kernel.people.actions.forgetting import forget_past


@jobs.task("people.send_invitation")
def send_invitation(delegation_id: int) -> None:
    """Tell an invited address; one that was withdrawn or accepted meanwhile is not told."""
    answering.send_invitation(delegation_id=delegation_id, now=timezone.now())


@jobs.periodic_task("people.purge_invitations", cron="17 3 * * *")
def purge_invitations() -> None:
    """Forget the addresses of those who did not accept."""
    proposing.purge_invitations(now=timezone.now())


@jobs.periodic_task("people.purge_requests", cron="27 3 * * *")
def purge_requests() -> None:
    """Forget what nobody came to have checked."""
    answering.purge_requests(now=timezone.now())


@jobs.periodic_task("people.forget_past", cron="*/5 * * * *")
def forget_what_has_served() -> None:
    """Forget requests, assertions and letters that can serve no more."""
    forget_past(now=timezone.now())


@jobs.periodic_task("people.forget_expired", cron="17 3 * * *")
def forget_expired() -> None:
    """Delete devices nobody used for a year and changes of addresses that can no longer be undone."""
    actions.forget_expired(now=timezone.now())
