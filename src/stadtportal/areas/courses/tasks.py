"""What the clock does for courses, and the command that checks the counts."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from stadtportal.areas.courses.actions import close_past, refresh_entries
from stadtportal.areas.courses.queries.desk import list_wrong_counts
from stadtportal.kernel.jobs import api as jobs

if TYPE_CHECKING:
    from collections.abc import Sequence

logger = logging.getLogger(__name__)


@jobs.periodic_task("courses.close_past", cron="17 * * * *")
def close_past_courses() -> None:
    """End what is over and show the next dates; twice an hour's work, should one run have been missed."""
    now = timezone.now()
    close_past(now=now)
    refresh_entries(since=timedelta(hours=2), now=now)


@jobs.periodic_task("courses.audit", cron="40 2 * * *")
def audit_counts() -> None:
    """Compare the seats taken with the seats booked; a difference is reported, never mended silently."""
    for session, taken, booked in list_wrong_counts():
        logger.error("Course date %s: %s seats are marked as taken, %s are booked", session, taken, booked)


def audit_command(_arguments: Sequence[str] = ()) -> int:
    """``stadtportal courses audit``: print every date whose count is wrong; return 1 if there is one."""
    wrong = list_wrong_counts()
    for session, taken, booked in wrong:
        print(f"Termin {session}: {taken} Plätze belegt, {booked} gebucht")  # noqa: T201 -- a command's answer.
    if not wrong:
        print("Alle Platzzahlen stimmen.")  # noqa: T201 -- a command's answer.
    return 1 if wrong else 0
