"""What is said to somebody whose account is gone. Pure: no Django."""

from collections.abc import Sequence

from stadtportal.kernel.contracts import Kept


def until_words(kept: Kept) -> str:
    """Return until when something stays, in words."""
    return f"bis {kept.until:%d.%m.%Y}" if kept.until else "ohne festes Ende"


def farewell(*, name: str, kept: Sequence[str]) -> str:
    """Return the text of the last mail; ``kept`` are lines on what stays."""
    stays = (
        "Das bewahren wir noch auf, weil ein Gesetz es verlangt oder erlaubt:\n" + "\n".join(kept)
        if kept
        else "Es ist nichts mehr über Sie gespeichert."
    )
    return (
        f"Guten Tag {name},\n\n"
        "Ihr Konto im Stadtportal und alles, was dazu gehörte, ist gelöscht.\n\n"
        f"{stays}\n\n"
        "In Sicherungen der Datenbank stehen Ihre Daten, bis diese ablaufen. Wird eine eingespielt, löscht das Portal "
        "Ihre Daten daraus, bevor es wieder erreichbar ist.\n\n"
        "Haben Sie das Konto nicht selbst gelöscht? Dann antworten Sie bitte auf diese E-Mail. Zurückholen lässt es "
        "sich nicht.\n\n"
        "Ihr Stadtportal\n"
    )
