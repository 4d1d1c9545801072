"""The command ``stadtportal``. Expected failures are one line in German and exit code 2; a traceback means a defect."""

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from rich.console import Console

from stadtportal.kernel.contracts import RuleBroken
from stadtportal.project import keeping
from stadtportal.project.runtime.database import DatabaseError
from stadtportal.project.runtime.lifeline import follow_named_parent
from stadtportal.project.runtime.port import PortTaken, reserved
from stadtportal.project.runtime.stamps import installed_areas
from stadtportal.project.terminal import Refused, django, embedded_database, parser

REFUSED = 2
"""The exit code of everything that was expected to fail: bad arguments, a taken port, a file that is none."""

SPEAKING = frozenset({"BackupFailed", "JournalBroken"})
"""Errors that are a sentence for people already."""

Command = Callable[[Sequence[str]], int]


def port_number(text: str) -> int:
    """A port a server can be started on."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 -- the highest port there is
        raise argparse.ArgumentTypeError(f"Ein Port ist eine Zahl von 1 bis 65535, nicht „{text}“.")
    return int(text)


def at_least_one(text: str) -> int:
    """A number of processes or threads."""
    if not text.isdigit() or not 1 <= int(text) <= 512:  # noqa: PLR2004 -- more is a slip of the finger
        raise argparse.ArgumentTypeError(f"Erwartet wird eine Zahl von 1 bis 512, nicht „{text}“.")
    return int(text)


def add_server_options(options: argparse.ArgumentParser) -> None:
    """The options of everything that starts the web server."""
    from stadtportal.project.runtime.web import THREADS, default_workers  # noqa: PLC0415 -- loads granian

    given = os.environ.get("PORTAL_PORT") or "8000"
    options.add_argument("--host", default="127.0.0.1", metavar="ADRESSE", help="Adresse, auf der das Portal antwortet")
    options.add_argument("--port", type=port_number, default=given, metavar="PORT", help=f"Port (sonst {given})")
    workers = default_workers()
    for name, default, what in (("workers", workers, "Prozesse"), ("threads", THREADS, "Anfragen je Prozess zugleich")):
        options.add_argument(
            f"--{name}", type=at_least_one, default=default, metavar="N", help=f"{what} (sonst {default})"
        )


def up(argv: Sequence[str]) -> int:
    """Start everything: database, tables, data, web server, worker."""
    from stadtportal.project.runtime.supervisor import StartFailed, Wishes  # noqa: PLC0415 -- not every command needs it
    from stadtportal.project.runtime.supervisor import up as run  # noqa: PLC0415 -- as above

    options = parser("up", "Startet Datenbank, Webserver und Hintergrunddienst und richtet beim ersten Mal alles ein.")
    options.add_argument("--demo", action="store_true", help="mit Beispieldaten und Anmeldung auf einen Klick")
    add_server_options(options)
    chosen = options.parse_args(argv)
    try:
        wishes = Wishes(chosen.host, chosen.port, chosen.demo, chosen.workers, chosen.threads)
        return run(wishes, Console(stderr=False))
    except StartFailed as error:
        raise Refused(str(error)) from error


def web(argv: Sequence[str]) -> int:
    """Run the web server alone."""
    from stadtportal.project.runtime.web import serve  # noqa: PLC0415 -- loads granian

    followed = follow_named_parent()
    options = parser("web", "Startet nur den Webserver.")
    add_server_options(options)
    chosen = options.parse_args(argv)
    with contextlib.ExitStack() as stack:
        if not followed:
            stack.enter_context(reserved(chosen.host, chosen.port))
        stack.enter_context(django())
        serve(host=chosen.host, port=chosen.port, workers=chosen.workers, threads=chosen.threads)
    return 0


def worker(argv: Sequence[str]) -> int:
    """Run the worker alone."""
    from stadtportal.project.runtime.worker import work  # noqa: PLC0415 -- loads Django

    follow_named_parent()
    parser("worker", "Startet nur den Hintergrunddienst.").parse_args(argv)
    with django():
        work()
    return 0


def prepare(argv: Sequence[str]) -> int:
    """What ``up`` runs before the first start; not offered to people."""
    from stadtportal.project.runtime.prepare import prepare as run  # noqa: PLC0415 -- not every command needs it

    follow_named_parent()
    parser("prepare", "Richtet ein, was fehlt.").parse_args(argv)
    with django():
        run(Console())
    return 0


def summary(argv: Sequence[str]) -> int:
    """What ``up`` shows at the end, as one line of JSON; not offered to people."""
    from stadtportal.project.runtime.summary import get_summary, to_json  # noqa: PLC0415 -- not every command needs it

    follow_named_parent()
    parser("summary", "Nennt, was geladen ist.").parse_args(argv)
    with django():
        print(to_json(get_summary()))
    return 0


def migrate(argv: Sequence[str]) -> int:
    """Bring the tables up to date."""
    from stadtportal.project.runtime.prepare import migrate as run  # noqa: PLC0415 -- not every command needs it
    from stadtportal.project.runtime.prepare import shown  # noqa: PLC0415 -- as above

    parser("migrate", "Bringt die Tabellen auf den neuesten Stand und holt Löschungen nach.").parse_args(argv)
    with django(), shown(Console()) as progress:
        run(progress)
    return 0


def city(argv: Sequence[str]) -> int:
    """Load the city pack."""
    from stadtportal.project.runtime.prepare import load_city, shown  # noqa: PLC0415 -- not every command needs it

    if list(argv[:1]) != ["load"]:
        raise Refused("Aufruf: stadtportal city load")
    parser("city load", "Lädt das Stadtpaket neu.").parse_args(argv[1:])
    with django(), shown(Console()) as progress:
        load_city(progress)
    return 0


def import_data(argv: Sequence[str]) -> int:
    """Import a file in one of the formats the areas offer."""
    with django():
        from stadtportal.kernel.contracts import registry  # noqa: PLC0415 -- filled when Django is set up

        formats = {name: path for area in registry.areas() for name, path in area.importers.items()}
        if not argv or argv[0] not in formats:
            known = ", ".join(sorted(formats)) or "keine"
            raise Refused(f"Aufruf: stadtportal import FORMAT DATEI. Bekannte Formate: {known}.")
        return run_path(formats[argv[0]], argv[1:])


def reindex(argv: Sequence[str]) -> int:
    """Build the search index anew from what the areas offer."""
    from stadtportal.project.runtime.prepare import SEARCH_API, optional_module, shown  # noqa: PLC0415 -- as above

    options = parser("reindex", "Baut den Suchindex neu auf. Das Portal läuft dabei weiter.")
    options.add_argument("--without-meaning", action="store_true", help="lässt Bedeutungen dem Hintergrunddienst")
    chosen = options.parse_args(argv)
    with django(), shown(Console()) as progress:
        search = optional_module(SEARCH_API)
        if search is None:
            raise Refused("Dieses Portal hat keine Suche.")
        search.rebuild(progress)
        if not chosen.without_meaning:
            search.encode_glossary(progress)
            search.encode_pending(progress)
    return 0


def log(argv: Sequence[str]) -> int:
    """Check the access log against its tree and, if one is given, against a checkpoint kept outside."""
    from stadtportal.project.runtime.prepare import shown  # noqa: PLC0415 -- not every command needs it

    if list(argv[:1]) != ["verify"]:
        raise Refused("Aufruf: stadtportal log verify [--against DATEI]")
    options = parser("log verify", "Prüft, ob das Zugriffsprotokoll verändert wurde.")
    options.add_argument("--against", type=Path, metavar="DATEI", help="ein Prüfpunkt, der außerhalb aufgehoben wurde")
    chosen = options.parse_args(argv[1:])
    kept = chosen.against.read_text(encoding="utf-8", errors="replace") if chosen.against else ""
    with django(), shown(Console()) as progress:
        from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- needs Django

        try:
            verified = trust.verify_log(against=kept, progress=progress)
        except trust.CheckpointError as error:
            raise Refused(f"{chosen.against} ist kein Prüfpunkt dieses Protokolls: {error}.") from error
    print(f"{verified.events} Zugriffe, {verified.leaves} Blätter, {verified.checkpoints} Prüfpunkte geprüft.")
    print(f"{verified.erased} rechtmäßig gelöscht, {verified.waiting} warten auf ihr Blatt.")
    for finding in verified.findings:
        print(f"- {finding}")
    print("Das Protokoll wurde verändert." if verified.findings else "Das Protokoll ist unverändert.")
    return 1 if verified.findings else 0


def doctor(argv: Sequence[str]) -> int:
    """Name what is missing or misconfigured."""
    from stadtportal.project.runtime.doctor import examine  # noqa: PLC0415 -- not every command needs it

    parser("doctor", "Prüft die Einrichtung und nennt zu jedem Mangel, was hilft.").parse_args(argv)
    return examine(Console())


def keys(argv: Sequence[str]) -> int:
    """Show, rotate and retire the keys of sealed fields."""
    with django():
        from stadtportal.kernel.trust.api import SealingError  # noqa: PLC0415 -- once Django is set up
        from stadtportal.project.runtime.keys import run_keys  # noqa: PLC0415 -- as above

        try:
            return run_keys(argv, Console())
        except SealingError as error:
            raise Refused(str(error)) from error


def manage(argv: Sequence[str]) -> int:
    """Pass a command on to Django."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- not every command needs it

    with embedded_database():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtportal.project.settings")
        execute_from_command_line(["stadtportal manage", *argv])
    return 0


def new_area(argv: Sequence[str]) -> int:
    """Write a small area that works, to start from."""
    from stadtportal.project.runtime.new_area import BadName, write_area  # noqa: PLC0415 -- not every command needs it

    options = parser("new-area", "Legt einen kleinen Bereich an, der läuft und von dem aus man weiterbaut.")
    options.add_argument("name", metavar="NAME", help="Name im Code, etwa library")
    options.add_argument("--title", default="", metavar="TITEL", help="Name für Menschen, etwa Bücherei")
    options.add_argument("--into", type=Path, metavar="ORDNER", help="als eigenes Paket in diesen Ordner")
    chosen = options.parse_args(argv)
    try:
        area = write_area(chosen.name, title=chosen.title, into=chosen.into)
    except BadName as error:
        raise Refused(str(error)) from error
    print(f"Angelegt: {area.folder}")
    if chosen.into:
        print('Tragen Sie im pyproject.toml Ihres Pakets unter [project.entry-points."stadtportal.areas"] ein:')
        print(area.entry_point)
    else:
        print("In pyproject.toml eingetragen. „make run“ richtet den Bereich ein und zeigt ihn im Menü.")
    return 0


OFFERED: Mapping[str, tuple[Command, str]] = {
    "up": (up, "startet alles und richtet beim ersten Mal ein (--demo: mit Beispieldaten)"),
    "web": (web, "startet nur den Webserver"),
    "worker": (worker, "startet nur den Hintergrunddienst"),
    "migrate": (migrate, "bringt die Tabellen auf den neuesten Stand"),
    "city": (city, "city load: lädt das Stadtpaket neu"),
    "import": (import_data, "import FORMAT DATEI: liest fremde Daten ein"),
    "reindex": (reindex, "baut den Suchindex neu auf"),
    "log": (log, "log verify: prüft, ob das Zugriffsprotokoll verändert wurde"),
    "keys": (keys, "keys rotate: erneuert die Schlüssel versiegelter Felder (auch: list, reseal, retire)"),
    "backup": (keeping.backup, "backup DATEI: sichert die Datenbank"),
    "restore": (keeping.restore, "restore DATEI: spielt eine Sicherung ein; Gelöschtes bleibt gelöscht"),
    "person": (keeping.person, "person export|erase: gibt die Daten einer Person heraus oder löscht sie"),
    "retention": (keeping.retention, "löscht, was seine Frist hinter sich hat"),
    "doctor": (doctor, "prüft die Einrichtung"),
    "new-area": (new_area, "new-area NAME: legt einen neuen Bereich an"),
    "manage": (manage, "gibt einen Befehl an Django weiter"),
}
INTERNAL: Mapping[str, Command] = {"prepare": prepare, "summary": summary, "replay": keeping.replay}


def area_command(name: str, argv: Sequence[str]) -> int:
    """Run ``stadtportal <area> <command>``."""
    if name not in installed_areas():
        raise Refused(f"Den Befehl „{name}“ gibt es nicht. „stadtportal help“ zeigt alle.")
    with django():
        from stadtportal.kernel.contracts import registry  # noqa: PLC0415 -- filled when Django is set up

        areas = {area.slug: area for area in registry.areas()}
        if name not in areas:
            raise Refused(f"Der Bereich „{name}“ ist nicht eingeschaltet. Nennen Sie ihn in ENABLED_AREAS.")
        commands = areas[name].commands
        if not argv or argv[0] not in commands:
            raise Refused(f"Befehle von „{name}“: {', '.join(sorted(commands)) or 'keine'}.")
        return run_path(commands[argv[0]], argv[1:])


def run_path(path: str, argv: Sequence[str]) -> int:
    """Run a function an area names by its dotted path: it takes the arguments and returns the exit code."""
    module, _, function = path.rpartition(".")
    run: Callable[[list[str]], int] = getattr(import_module(module), function)
    return run(list(argv))


def print_help(console: Console) -> None:
    """List the commands."""
    console.print("Aufruf: stadtportal BEFEHL [Angaben]\n", highlight=False)
    for name, (_, purpose) in OFFERED.items():
        console.print(f"  {name:<10} {purpose}", highlight=False, markup=False, soft_wrap=True)
    console.print("\nBereiche können eigene Befehle haben: stadtportal BEREICH BEFEHL", highlight=False)
    console.print("„stadtportal BEFEHL --help“ zeigt die Angaben zu einem Befehl.", highlight=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    name, *rest = [*(sys.argv[1:] if argv is None else argv)] or ["help"]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Whoever reads the output through a pipe or from a file sees each line when it is written.
        sys.stdout.reconfigure(line_buffering=True)
    try:
        return run_command(name, rest)
    except (Refused, DatabaseError, PortTaken) as error:
        return refuse(str(error))
    except RuleBroken as error:
        return refuse(error.sentence)
    except KeyboardInterrupt:
        return refuse("Abgebrochen.")
    except FileNotFoundError as error:
        if str(error.filename) not in rest:
            raise
        return refuse(f"Die Datei {error.filename} gibt es nicht.")
    except Exception as error:
        # Told by name: loading the driver, Django and what needs them only to tell their errors would take a second.
        if type(error).__name__ not in {"OperationalError", *SPEAKING}:
            raise
        said = str(error).strip().splitlines()[0]
        return refuse(said if type(error).__name__ in SPEAKING else f"Die Datenbank antwortet nicht: {said}")


def run_command(name: str, argv: Sequence[str]) -> int:
    """Run one command by its name."""
    if name in {"help", "-h", "--help"}:
        print_help(Console())
        return 0
    if name in OFFERED:
        return OFFERED[name][0](argv)
    return INTERNAL[name](argv) if name in INTERNAL else area_command(name, argv)


def refuse(sentence: str) -> int:
    """Say in one line why not."""
    Console(stderr=True).print(f"stadtportal: {sentence}", style="red", markup=False, highlight=False, soft_wrap=True)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
