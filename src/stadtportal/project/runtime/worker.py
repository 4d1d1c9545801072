"""The worker: takes jobs from the queue, several at a time, and finishes what it has begun when asked to end."""

import asyncio

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import DeleteJobCondition

AT_ONCE = 4
FINISH_WITHIN = 4
"""Seconds a running job gets after the worker is asked to end. What it did not finish is done again later."""


def work() -> None:
    """Work until this process is asked to end. Django is set up. Jobs done well are not kept."""
    with app.replace_connector(DjangoConnector().get_worker_connector()) as listening:
        asyncio.run(_work(listening))


async def _work(listening: App) -> None:
    """Take jobs as they come."""
    async with listening.open_async():
        await listening.run_worker_async(
            concurrency=AT_ONCE,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            shutdown_graceful_timeout=FINISH_WITHIN,
        )
