"""What runs in the background: exports, the clock of retention, and what a crash left."""

from django.utils import timezone

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.trust.actions import system
from stadtportal.kernel.trust.actions.erasing import finish_erasures
from stadtportal.kernel.trust.actions.exporting import ExportGone, run_export, sweep_exports
from stadtportal.kernel.trust.actions.retaining import expire


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
