"""The closing table of a start: where the portal is, who can sign in, what is loaded."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from stadtportal.project.runtime.prepare import DEMO_API, optional_module


@dataclass(frozen=True, slots=True)
class Summary:
    """What the portal says of itself: open figures as (word, number), demo sign-ins as (address, who that is)."""

    facts: list[tuple[str, int]]
    sign_ins: list[tuple[str, str]]


def get_summary() -> Summary:
    """Ask the installed areas. Django is set up."""
    from django.conf import settings  # noqa: PLC0415 -- Django is set up only where it is needed

    from stadtportal.kernel.contracts import registry  # noqa: PLC0415 -- filled when Django is set up

    facts = [(fact.title, fact.value) for area in registry.areas() for fact in area.facts()]
    demo = optional_module(DEMO_API) if settings.DEMO_MODE else None
    people = demo.sign_ins() if demo else ()
    return Summary(facts, [(one.email, f"{one.name}, {one.title}") for one in people])


def to_json(summary: Summary) -> str:
    """One line for the process that shows it."""
    return json.dumps(asdict(summary), ensure_ascii=False)


def from_json(line: str) -> Summary:
    """The reverse of ``to_json``. Raises ``ValueError`` for anything else."""
    read: Mapping[str, list[list[str | int]]] = json.loads(line)
    return Summary(
        [(str(title), int(value)) for title, value in read["facts"]],
        [(str(address), str(who)) for address, who in read["sign_ins"]],
    )


def show(console: Console, summary: Summary, *, address: str, seconds: float) -> None:
    """Print the table."""
    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    table.add_row("Adresse", f"[link={address}]{address}[/link]")
    for position, (mail, who) in enumerate(summary.sign_ins):
        table.add_row("Anmelden als" if position == 0 else "", f"{mail}  [dim]{who}[/dim]")
    loaded = ", ".join(f"{value:,} {title}".replace(",", ".") for title, value in summary.facts)
    if loaded:
        table.add_row("Geladen", loaded)
    table.add_row("Beenden", "Strg+C")
    console.print(f"\n[bold green]Das Portal läuft[/] [dim](nach {seconds:.1f} s)[/]".replace(".", ",", 1))
    console.print(table, highlight=False)
