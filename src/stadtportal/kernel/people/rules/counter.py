"""The check of an identity card at the counter, and the code that the letter carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from stadtportal.kernel.contracts import RuleBroken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

#: How long a letter may lie at home.
VALID_FOR: Final = timedelta(days=14)
MAX_TRIES: Final = 5
#: How long a letter that nobody used is kept, so that its number still gets a clear answer.
KEPT_AFTER_EXPIRY: Final = timedelta(days=30)

# Crockford's alphabet: no letter that looks like another sign.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH: Final = 6
SECRET_LENGTH: Final = 10
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})

DOCUMENT_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id_card": "Personalausweis",
        "passport": "Reisepass",
        "residence_permit": "Aufenthaltstitel",
        "eid_card": "eID-Karte für Unionsbürgerinnen und -bürger",
    }
)
PURPOSE: Final = "Identität am Schalter prüfen"
LEGAL_BASIS: Final = "Art. 6 Abs. 1 Buchst. e DSGVO (Aufgabe der Stadt), § 3 Abs. 4 OZG"


class CodeRefused(RuleBroken):
    """A code of a letter does not count, and why."""

    status: ClassVar[int] = 422


class AlreadyPrinted(RuleBroken):
    """The letter of this form is printed; its code exists on paper only."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a clerk read on an identity card. ``details`` maps attribute names to values; dates are ``YYYY-MM-DD``."""

    details: Mapping[str, str]
    document_kind: str
    document_end: str


@dataclass(frozen=True, slots=True)
class LetterState:
    """What decides whether the code of a letter still counts."""

    expires_at: datetime
    tries: int
    used_at: datetime | None
    withdrawn_at: datetime | None


def clean_code(text: str) -> str:
    """Return a code without spaces and dashes, in capitals, with letters read as the digits they look like."""
    return "".join(sign for sign in text.upper().translate(_READ_AS) if sign not in " -–\u00a0\t")


def is_code(text: str) -> bool:
    """Tell whether a cleaned text has the form of a code."""
    return len(text) == NUMBER_LENGTH + SECRET_LENGTH and all(sign in ALPHABET for sign in text)


def split_code(code: str) -> tuple[str, str]:
    """Return the number that finds the letter, and the secret."""
    return code[:NUMBER_LENGTH], code[NUMBER_LENGTH:]


def grouped(code: str) -> str:
    """Write a code for paper: ``K7M4-2QXP-9T3H-5WZ8``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def document_end(number: str) -> str:
    """Return the last four characters of a document's number, the only ones that are kept."""
    return "".join(sign for sign in number.upper() if sign.isalnum())[-4:]


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are written alike, whatever their capitals and spaces."""
    return one.casefold().split() == other.casefold().split()


def check_usable(letter: LetterState, *, now: datetime) -> None:
    """Refuse the code of a letter that is used, replaced, expired or tried too often. Raises ``CodeRefused``."""
    if letter.used_at is not None:
        raise CodeRefused("Dieser Code wurde schon verwendet. Jeder Code gilt einmal.", field="code")
    if letter.withdrawn_at is not None:
        raise CodeRefused(
            "Für Sie wurde ein neueres Schreiben gedruckt. Bitte verwenden Sie den Code daraus.", field="code"
        )
    if now >= letter.expires_at:
        raise CodeRefused(
            "Dieser Code ist abgelaufen. Im Bürgerbüro erhalten Sie mit Ihrem Ausweis sofort einen neuen.", field="code"
        )
    if letter.tries >= MAX_TRIES:
        raise CodeRefused(
            "Dieser Code wurde zu oft falsch eingegeben und gilt nicht mehr. Im Bürgerbüro erhalten Sie einen neuen.",
            field="code",
        )


def check_holder(holder_id: UUID | None, *, clerk_id: UUID | None, redeemer_id: UUID) -> None:
    """Refuse a letter of somebody else, and one's own as the clerk. Raises ``CodeRefused``."""
    if holder_id not in {None, redeemer_id}:
        raise CodeRefused(
            "Dieses Schreiben gehört zu einem anderen Konto. Bitte melden Sie sich mit der E-Mail-Adresse an, die am "
            "Schalter genannt wurde.",
            field="code",
        )
    if clerk_id == redeemer_id:
        raise CodeRefused("Den Code muss die Person einlösen, deren Ausweis Sie geprüft haben.", field="code")
