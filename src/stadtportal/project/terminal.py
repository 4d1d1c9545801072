"""What all commands share: refusing in one line of German, reading their options, having the database and Django."""

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Iterator
from typing import NoReturn

from stadtportal.project.runtime.database import EmbeddedDatabase, data_folder


class Refused(Exception):  # noqa: N818 -- a refusal with a sentence for people, not a fault.
    """The command cannot be carried out; the text says why, in German."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks German."""

    TRANSLATED = (
        (r"the following arguments are required: (.+)", r"Es fehlt: \1."),
        (r"unrecognized arguments: (.+)", r"Unbekannt: \1."),
        (r"argument (.+?): expected (?:one|at least one) argument", r"Zu \1 fehlt ein Wert."),
        (r"argument (.+?): invalid int value: '(.*)'", r"\1 braucht eine ganze Zahl, nicht „\2“."),
        (r"argument (.+?): (.+)", r"\1: \2"),
    )

    def error(self, message: str) -> NoReturn:
        """Refuse bad arguments in one line."""
        for english, german in self.TRANSLATED:
            if re.fullmatch(english, message):
                message = re.sub(english, german, message)
                break
        raise Refused(f"{message} Aufruf: {' '.join(self.format_usage().removeprefix('usage: ').split())}")


def parser(command: str, purpose: str) -> Parser:
    """A parser for the options of one command."""
    made = Parser(prog=f"stadtportal {command}", description=purpose, add_help=False, allow_abbrev=False)
    made.add_argument("-h", "--help", action="help", help="zeigt diese Hilfe")
    return made


@contextlib.contextmanager
def embedded_database() -> Iterator[None]:
    """Have the embedded database while the block runs, unless ``DATABASE_URL`` names another."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    database = EmbeddedDatabase(data_folder(os.environ), report=lambda text: print(text, file=sys.stderr))
    database.start()
    try:
        yield
    finally:
        database.stop()


@contextlib.contextmanager
def django() -> Iterator[None]:
    """Have the database and Django while the block runs."""
    with embedded_database():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtportal.project.settings")
        import django as framework  # noqa: PLC0415 -- not every command needs it

        framework.setup()
        yield
