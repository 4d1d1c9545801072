"""What operators do for one person on the terminal: hand over all their data, or erase it. Django is set up."""

import getpass
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from rich.console import Console

from stadtportal.kernel.contracts import NotFound, RuleBroken
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust
from stadtportal.project.runtime.prepare import shown


class NotConfirmed(RuleBroken):
    """The operator did not type the address."""


def export(email: str, target: Path, console: Console) -> int:
    """Write the archive of one person; return 1 when something is missing from it. The person sees that it was made."""
    person = _find(email)
    if target.exists():
        raise NotConfirmed(f"{target} gibt es schon. Ein Export überschreibt nichts.")
    with shown(console) as progress:
        missing = trust.export_for_operator(
            person_id=person.id, target=target, operator=getpass.getuser(), now=timezone.now(), progress=progress
        )
    for one in missing:
        console.print(f"Fehlt: {one.title}. {one.reason}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"Geschrieben: {target}", markup=False, highlight=False, soft_wrap=True)
    return 1 if missing else 0


def erase(email: str, console: Console, *, ask: Callable[[str], str]) -> int:
    """Say what goes and what stays, ask for the address, erase, and mail the person."""
    person = _find(email)
    now = timezone.now()
    say(trust.preview_erasure(person_id=person.id, now=now), console)
    if ask(f"Zum Löschen die Adresse {person.email} eingeben: ").strip().lower() != person.email:
        raise NotConfirmed("Nicht gelöscht: Die Adresse stimmt nicht überein.")
    erasure = trust.erase_person(person_id=person.id, now=now)
    mailed = trust.tell_erased(email=person.email, name=person.name, erasure=erasure)
    console.print("Gelöscht." + ("" if mailed else " Die E-Mail darüber ließ sich nicht senden."))
    return 0


def say(erasure: trust.Erasure, console: Console) -> None:
    """Print what goes and what stays."""
    for kind in erasure.kinds:
        if kind.rows:
            console.print(f"  {kind.title}: {kind.rows} Einträge", markup=False, highlight=False)
    for kept in erasure.kept:
        console.print(
            f"  Bleibt {trust.until_words(kept)}: {kept.what} ({kept.law})",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _find(email: str) -> people.PersonView:
    person = people.find_person(email)
    if person is None:
        raise NotFound(f"Zu „{email}“ gibt es kein Konto.")
    return person
