"""Run every benchmark in ``bench/``, one after the other, and print their figures as a table.

Each script ends with one line of JSON. A figure ``raw_x`` or ``baseline_x`` is the yardstick of ``x``: their ratio is
printed as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
YARDSTICKS = ("raw_", "baseline_")


def run(script: Path) -> dict[str, object] | None:
    """Run one script; its figures, or None when it failed or printed none."""
    ran = subprocess.run([sys.executable, script], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    lines = ran.stdout.strip().splitlines()
    print("\n".join(lines[:-1]))
    if ran.returncode != 0 or not lines:
        return None
    try:
        figures = json.loads(lines[-1])
    except ValueError:
        return None
    return figures if isinstance(figures, dict) else None


def shown(value: object) -> str:
    """A figure as people in Germany write it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,"))


def rows(figures: dict[str, object]) -> list[tuple[str, str]]:
    """The figures of one script, each followed by its ratio to its yardstick."""
    made = []
    for name, value in figures.items():
        made.append((name, shown(value)))
        for prefix in YARDSTICKS:
            yardstick = figures.get(prefix + name)
            if isinstance(value, int | float) and isinstance(yardstick, int | float) and yardstick:
                made.append((f"{name} / {prefix}{name}", shown(round(value / yardstick, 2))))
    return made


def main() -> None:
    """Run all scripts, or those named."""
    named = sys.argv[1:]
    scripts = [path for path in sorted((ROOT / "bench").glob("[a-z]*.py")) if not named or path.stem in named]
    table = Table("Messung", "Größe", "Wert", title="Messungen")
    failed = []
    for script in scripts:
        print(f"--- {script.stem}", flush=True)
        began = time.monotonic()
        figures = run(script)
        if figures is None:
            failed.append(script.stem)
            continue
        for position, (name, value) in enumerate(rows(figures)):
            table.add_row(script.stem if position == 0 else "", name, value)
        table.add_row("", "(Dauer in s)", shown(round(time.monotonic() - began, 1)), end_section=True)
    Console().print(table)
    if failed:
        raise SystemExit(f"Gescheitert: {', '.join(failed)}")


if __name__ == "__main__":
    main()
