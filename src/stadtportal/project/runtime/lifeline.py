"""A child that ends with its parent, whichever way the parent ends: no orphan keeps a port or a database connection."""

import ctypes
import os
import signal
import sys
import threading
import time

PARENT_VARIABLE = "STADTPORTAL_PARENT"
"""The environment variable in which a parent tells its child whom to follow."""

GRACE = 4.0
"""Seconds between asking this process to end and ending it."""

PR_SET_PDEATHSIG = 1


def follow_named_parent() -> bool:
    """Follow the parent named in the environment; False when this process was started by hand."""
    named = os.environ.pop(PARENT_VARIABLE, "")
    if named.isdigit():
        follow(int(named))
    return named.isdigit()


def follow(parent: int) -> None:
    """Have this process end when the process ``parent``, which started it, is gone.

    Linux sends the signal the moment the parent dies. A thread looks as well: it works everywhere, notices a parent
    that died before this call, and ends a process that does not heed the signal.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    """Look for the parent twice a second."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)
