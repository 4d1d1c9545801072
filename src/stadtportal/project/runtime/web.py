"""The web server: granian in one main process, with workers that end when that one does."""

import gc
import importlib
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import get_resolver
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from stadtportal.project.runtime import lifeline

APPLICATION = "stadtportal.project.wsgi"

THREADS = 8
"""Requests a worker handles at once. More only queue at the interpreter lock and at the database's connections."""


def default_workers() -> int:
    """One worker per core, at most four: each holds connections to the database."""
    return max(1, min(4, os.cpu_count() or 1))


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until this process is asked to end; a worker that crashes is replaced."""
    # Loaded once, before the workers are forked: they start at once and share the memory of the code.
    importlib.import_module(APPLICATION)
    from stadtportal.kernel.search.api import warm_up  # noqa: PLC0415 -- Django is set up by the application.

    get_resolver().url_patterns  # noqa: B018 -- reading it imports every view, which else the first visitor waits for
    warm_up()
    gc.freeze()
    server = Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=4,
    )
    server.serve(target_loader=partial(_load, os.getpid()), wrap_loader=False)


def _load(parent: int) -> Callable[..., Any]:
    """In a worker: follow the main process, then hand over the application."""
    # Ctrl-C in a terminal reaches the whole group; only the main process decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lifeline.follow(parent)
    application: Callable[..., Any] = importlib.import_module(APPLICATION).application
    return application
