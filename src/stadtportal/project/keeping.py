"""Commands about keeping data: backups, one person's data, what is past its time."""

import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from stadtportal.project.runtime.database import data_folder
from stadtportal.project.terminal import Refused, django, embedded_database, parser


def replay(argv: Sequence[str]) -> int:
    """What ``restore`` runs in a restored database before it serves; not offered to people."""
    from stadtportal.project.runtime.prepare import migrate as run  # noqa: PLC0415 -- not every command needs it
    from stadtportal.project.runtime.prepare import remember_clock, shown  # noqa: PLC0415 -- as above

    parser("replay", "Holt Löschungen in einer eingespielten Sicherung nach.").parse_args(argv)
    with django(), shown(Console()) as progress:
        run(progress)
        remember_clock()
    return 0


def backup(argv: Sequence[str]) -> int:
    """Write a backup of the database."""
    from stadtportal.project.runtime.backup import Server, write_backup  # noqa: PLC0415 -- loads the driver

    options = parser("backup", "Schreibt eine Sicherung der Datenbank. Das Portal läuft dabei weiter.")
    options.add_argument("file", type=Path, metavar="DATEI", help="neue Datei, nur für Sie lesbar")
    chosen = options.parse_args(argv)
    with embedded_database():
        size = write_backup(Server.of(os.environ), chosen.file)
    print(f"Gesichert: {chosen.file} ({size / 1024**2:.1f} MB)")
    print("Schlüssel, Löschjournal und Exporte liegen im Datenordner; sichern Sie ihn getrennt davon.")
    return 0


def restore(argv: Sequence[str]) -> int:
    """Bring a backup back; whoever was erased since stays erased."""
    from stadtportal.project.runtime.backup import JOURNAL, Server, restore_backup  # noqa: PLC0415 -- loads the driver

    options = parser("restore", "Spielt eine Sicherung ein und holt Löschungen nach, bevor das Portal sie zeigt.")
    options.add_argument("file", type=Path, metavar="DATEI", help="eine Datei von stadtportal backup")
    options.add_argument("--replace", action="store_true", help="ersetzt die Konten, die es schon gibt")
    options.add_argument("--without-journal", action="store_true", help="es gab nie ein Löschjournal")
    chosen = options.parse_args(argv)
    with embedded_database():
        restore_backup(
            Server.of(os.environ),
            chosen.file,
            journal=data_folder(os.environ) / JOURNAL,
            replace=chosen.replace,
            without_journal=chosen.without_journal,
            report=print,
        )
    print(f"Eingespielt: {chosen.file}")
    return 0


def person(argv: Sequence[str]) -> int:
    """Hand over or erase all data of one person."""
    usage = "Aufruf: stadtportal person export E-MAIL DATEI | stadtportal person erase E-MAIL"
    if list(argv[:1]) not in (["export"], ["erase"]):
        raise Refused(usage)
    options = parser(f"person {argv[0]}", "Gibt alle Daten einer Person heraus oder löscht sie.")
    options.add_argument("email", metavar="E-MAIL", help="Adresse des Kontos")
    if argv[0] == "export":
        options.add_argument("file", type=Path, metavar="DATEI", help="neue ZIP-Datei, nur für Sie lesbar")
    chosen = options.parse_args(argv[1:])
    with django():
        from stadtportal.project.runtime import person as run  # noqa: PLC0415 -- needs Django

        if argv[0] == "export":
            return run.export(chosen.email, chosen.file, Console())
        return run.erase(chosen.email, Console(), ask=input)


def retention(argv: Sequence[str]) -> int:
    """Erase what is past its time, or accept a clock that had jumped."""
    options = parser("retention", "Löscht, was seine Frist hinter sich hat.")
    options.add_argument("--accept-clock", action="store_true", help="die Uhr ist geprüft und geht richtig")
    chosen = options.parse_args(argv)
    with django():
        from django.utils import timezone  # noqa: PLC0415 -- needs Django

        from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- needs Django

        if chosen.accept_clock:
            trust.accept_clock(now=timezone.now())
        run = trust.expire(now=timezone.now())
    if run.refusal:
        raise Refused(f"{run.refusal} Geht die Uhr richtig, hilft: stadtportal retention --accept-clock")
    print(f"Gelöscht: {run.rows} Einträge")
    return 0
