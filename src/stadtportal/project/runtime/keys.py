"""``stadtportal keys``: the keys of sealed fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from stadtportal.kernel.trust import api as trust
from stadtportal.project.runtime.prepare import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

USAGE = "Aufruf: stadtportal keys list | rotate | reseal | retire SCHLÜSSEL"


def run_keys(argv: Sequence[str], console: Console) -> int:
    """Run one of the commands; 1 when something could not be sealed anew. Raises ``SealingError``."""
    match list(argv):
        case ["list"]:
            _show(console)
            return 0
        case ["rotate"]:
            console.print(f"Neuer Schlüssel: {trust.add_key(now=timezone.now())}", highlight=False)
            return _reseal(console)
        case ["reseal"]:
            return _reseal(console)
        case ["retire", key_id]:
            trust.retire_key(key_id, now=timezone.now())
            console.print(f"Der Schlüssel „{key_id}“ ist gelöscht.", highlight=False)
            return 0
        case ["-h" | "--help"]:
            console.print(USAGE, highlight=False, markup=False)
            return 0
        case _:
            raise trust.SealingError(USAGE)


def _show(console: Console) -> None:
    for key in trust.list_keys():
        state = "versiegelt" if key.until is None else f"ersetzt am {key.until:%d.%m.%Y}"
        use = "in Gebrauch" if key.in_use else "nicht in Gebrauch"
        console.print(f"{key.id}  vom {key.made:%d.%m.%Y}  {state}  {use}", highlight=False)


def _reseal(console: Console) -> int:
    with shown(console) as progress:
        result = trust.reseal_everything(progress)
    console.print(f"Neu versiegelt: {result.done}. Nicht zu öffnen: {result.broken}.", highlight=False)
    return 1 if result.broken else 0
