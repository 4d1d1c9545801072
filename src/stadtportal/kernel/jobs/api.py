"""Queue work and offer work.

A job is named by a :class:`JobName`, declared where it is queued, and done by a function in some ``tasks.py``
decorated with :func:`task`. :func:`defer` writes the job through Django's connection, so it commits with everything
else in the transaction, or not at all. A job may run twice; tasks must not mind.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self

from asgiref.sync import async_to_sync
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job

__all__ = [
    "JobName",
    "defer",
    "list_stalled",
    "list_unresolved",
    "periodic_task",
    "retry_stalled",
    "task",
]

#: Three tries more, after 4, 16 and 64 seconds; enough for a mail server that is restarted.
PATIENT = RetryStrategy(max_attempts=4, exponential_wait=4)


class JobName(str):
    """The name of a job, such as ``inbox.send_mail``. Declaring one makes the start-up check look for its task."""

    __slots__ = ()
    declared: ClassVar[set[str]] = set()

    def __new__(cls, name: str) -> Self:
        """Declare the name."""
        cls.declared.add(name)
        return super().__new__(cls, name)


def defer(job: JobName, **arguments: int) -> None:
    """Queue a job in the current transaction. Arguments are ids, never personal data: the queue is not guarded."""
    _transactional().configure_task(job, queue="default").defer(**arguments)


def task(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Offer the decorated function as the task that does job ``name``; it is retried patiently."""

    def offer(function: Callable[..., None]) -> Callable[..., None]:
        app.task(name=name, queue="default", retry=PATIENT)(function)
        return function

    return offer


def periodic_task(name: str, *, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Offer the decorated function as a task that runs by the clock; ``cron`` has five fields, in UTC."""

    def offer(function: Callable[[], None]) -> Callable[[], None]:
        def run(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the due time by this name.
            function()

        app.periodic(cron=cron)(app.task(name=name, queue="default", queueing_lock=name)(run))
        return function

    return offer


def list_unresolved() -> list[str]:
    """Return the declared job names that no task offers, sorted."""
    tasks: dict[str, Any] = app.tasks
    return sorted(name for name in JobName.declared if name not in tasks)


def list_stalled() -> list[Job]:
    """Return the jobs whose worker died while doing them and that nobody has taken up again."""
    return list(async_to_sync(_transactional().job_manager.get_stalled_jobs)())


def retry_stalled(*, now: datetime) -> int:
    """Give stalled jobs back to the queue; return how many."""
    manager = _transactional().job_manager
    stalled = list_stalled()
    for job in stalled:
        if job.id is not None:
            manager.retry_job_by_id(job_id=job.id, retry_at=now)
    return len(stalled)


@cache
def _transactional() -> App:
    """Return the application over Django's own connection.

    Inside a worker the plain application speaks through the worker's connection, and a job queued by a task would not
    commit with what the task did.
    """
    return app.with_connector(DjangoConnector(alias="default"))
