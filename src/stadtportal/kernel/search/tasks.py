"""What the clock does for search."""

from __future__ import annotations

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.search.actions import refresh_vocabulary


@jobs.periodic_task("search.refresh_vocabulary", cron="10 3 * * *")
def refresh_words() -> None:
    """Count words anew by night: those of entries long gone must not be suggested any more."""
    refresh_vocabulary()
