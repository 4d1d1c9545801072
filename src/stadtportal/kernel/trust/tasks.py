"""What runs in the background: leaves for new events, exports, the clock of retention, and what a crash left."""

from django.utils import timezone

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.trust.actions import system
from stadtportal.kernel.trust.actions.appending import SEQUENCE
from stadtportal.kernel.trust.actions.erasing import finish_erasures
from stadtportal.kernel.trust.actions.exporting import ExportGone, run_export, sweep_exports
from stadtportal.kernel.trust.actions.retaining import expire
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


@jobs.task("trust.export")
def export(job_id: int) -> None:
    """Do one export; doing it twice makes one archive. An export whose account was erased ends without one."""
    try:
        run_export(job_id=job_id, now=timezone.now())
    except ExportGone:
        return


@jobs.periodic_task("trust.expire", cron="10 3 * * *")
def expire_daily() -> None:
    """Erase what is past its declared retention."""
    expire(now=timezone.now())


@jobs.periodic_task("trust.sweep_exports", cron="25 * * * *")
def sweep() -> None:
    """Delete archives past their seven days."""
    with system("Abgelaufene Exporte löschen"):
        sweep_exports(now=timezone.now())


@jobs.periodic_task("trust.finish_erasures", cron="*/5 * * * *")
def finish() -> None:
    """Carry out erasures that a crash cut off."""
    finish_erasures(now=timezone.now())
