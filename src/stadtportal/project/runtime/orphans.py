"""Databases in a state folder whose data folder is gone.

A database that root had to keep outside the data folder outlives that folder. Beside it stands the path of the data
folder it belongs to. Where that was a temporary folder, the database goes too; any other is only named by the doctor,
because a missing folder may be a disk that is not mounted.
"""

import os
import shutil
import signal
import time
from pathlib import Path

from stadtportal.project.runtime.place import NOTE, ORIGIN, STATE_FOLDERS
from stadtportal.project.runtime.processes import list_working_in, signal_all

TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 -- folders are only compared with these
PATIENCE = 10
"""Seconds a server without a data folder gets to end."""


def list_orphans() -> list[Path]:
    """The databases that no data folder refers to."""
    if os.geteuid() != 0:
        return []
    origins = [path for folder in STATE_FOLDERS for path in folder.glob(f"*{ORIGIN}")]
    return sorted(_base_of(path) for path in origins if not (_data_of(path) / NOTE).exists())


def remove_temporary_orphans() -> None:
    """Delete the databases whose data folder was a temporary one; several processes may do so at once."""
    for base in list_orphans():
        origin = base.with_name(base.name + ORIGIN)
        if not any(_data_of(origin).is_relative_to(folder) for folder in TEMPORARY):
            continue
        began = time.monotonic()
        while leftovers := list_working_in(base / "cluster"):
            signal_all(leftovers, signal.SIGQUIT if time.monotonic() - began < PATIENCE else signal.SIGKILL)
            time.sleep(0.1)
        shutil.rmtree(base, ignore_errors=True)
        origin.unlink(missing_ok=True)


def _data_of(origin: Path) -> Path:
    """The data folder a database belongs to."""
    try:
        return Path(origin.read_text(encoding="utf-8").strip())
    except OSError:
        return Path("/")


def _base_of(origin: Path) -> Path:
    """The folder of the database this note stands beside."""
    return origin.with_name(origin.name.removesuffix(ORIGIN))
