"""Compile every ``.po`` catalogue of the portal into the ``.mo`` file beside it, where Django looks for it.

The compiled files are not kept in the repository. A second run does nothing while they are newer than their sources.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "stadtportal"


def compile_catalogue(source: Path) -> bool:
    """Compile one catalogue. Returns whether there was anything to do; raises ``SystemExit`` naming a bad entry."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    with source.open("rb") as text:
        catalogue = read_po(text, abort_invalid=True)
    for message in catalogue:
        problems = [str(problem) for problem in message.check(catalogue)]
        if message.id and (problems or not message.string or message.fuzzy):
            reason = "; ".join(problems) or "not translated"
            line = f"{source}:{message.lineno}: {message.id!r}: {reason}"
            raise SystemExit(line)
    compiled = target.with_suffix(".mo.new")
    with compiled.open("wb") as file:
        write_mo(file, catalogue)
    compiled.replace(target)
    return True


def compile_catalogues() -> int:
    """Compile all catalogues; returns how many needed it."""
    return sum(compile_catalogue(source) for source in sorted(SOURCE.rglob("locale/*/LC_MESSAGES/*.po")))


if __name__ == "__main__":
    sys.stdout.write(f"{compile_catalogues()} catalogue(s) compiled\n")
