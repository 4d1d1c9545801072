"""Start-up checks: a job that nobody can do is found before the first person causes it."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, register

from stadtportal.kernel.jobs import api


@register
def every_job_has_a_task(**_: object) -> Sequence[CheckMessage]:
    """Name each declared job for which no ``tasks.py`` offers a task."""
    return [
        Error(
            f"Job {name!r} is queued somewhere, but no tasks.py offers it.",
            hint=f"Add a function decorated with jobs.task({name!r}) to the tasks.py of that package.",
            id="jobs.E001",
        )
        for name in api.list_unresolved()
    ]
