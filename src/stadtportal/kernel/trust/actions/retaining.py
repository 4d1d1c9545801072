"""Once a day: erase what is past its time. A clock that jumps erases nothing."""

from datetime import datetime

from django.db import transaction

from stadtportal.kernel.trust.actions import system
from stadtportal.kernel.trust.models import LegalHold, RetentionRun
from stadtportal.kernel.trust.queries.keeping import last_run
from stadtportal.kernel.trust.queries.kinds import call, list_kinds
from stadtportal.kernel.trust.rules.keeping import ClockView, check_clock


@transaction.atomic
def expire(*, now: datetime) -> ClockView:
    """Erase everything past its declared retention, all of it or nothing; note the run, or why nothing was erased.

    The first run only remembers the clock. A refused run is not remembered as a clock, so the next one compares with
    the last that was trusted; an operator ends that by :func:`accept_clock`.
    """
    clock = check_clock(now=now, last_run=last_run())
    if not clock.trusted:
        RetentionRun.objects.create(at=now, refusal=clock.refusal)
        return ClockView(at=now, rows=0, refusal=clock.refusal)
    rows = 0
    with system("Aufbewahrungsfristen"):
        for kind in list_kinds():
            if kind.data.retention is not None:
                rows += call(kind.data.expire, now - kind.data.retention, now=now)
        rows += LegalHold.objects.filter(until__lt=now.date()).delete()[0]
    RetentionRun.objects.create(at=now, rows=rows)
    return ClockView(at=now, rows=rows, refusal="")


def accept_clock(*, now: datetime) -> None:
    """Remember the clock as it is now; for the operator who has checked it, and for a restored database."""
    RetentionRun.objects.create(at=now)
