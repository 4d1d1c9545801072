"""What people may keep in the portal about themselves, and how it is checked. Pure: no Django, no clock."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stdnum import iban
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from stadtportal.kernel.contracts import AssuranceLevel, RuleBroken

#: So many children or proofs one person may keep.
MOST_OF_A_KIND = 20
_OLDEST = date(1900, 1, 1)
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15


class BadFact(RuleBroken):
    """Something typed is missing or cannot be right; ``field`` names the part."""

    status = 400


class FactKept(RuleBroken):
    """The fact cannot be changed this way: somebody else vouched for it, or there are too many of its kind."""


class Source(enum.StrEnum):
    """Who vouches for a fact."""

    SELF = "self"
    COUNTER = "counter"
    BUNDID = "bundid"
    OFFICE = "office"


#: Completes "Quelle: ..."; an office adds its name.
SOURCE_WORDS = {
    Source.SELF: "von Ihnen selbst angegeben",
    Source.COUNTER: "am Schalter geprüft",
    Source.BUNDID: "aus Ihrer BundID",
    Source.OFFICE: "von einem Amt bestätigt",
}
LEVEL_WORDS = {
    AssuranceLevel.NONE: "nicht geprüft",
    AssuranceLevel.BASIC: "Vertrauensniveau Basis",
    AssuranceLevel.SUBSTANTIAL: "Vertrauensniveau substanziell",
    AssuranceLevel.HIGH: "Vertrauensniveau hoch",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a fact. ``kind`` is text, date, phone, postcode or iban."""

    name: str
    title: str
    kind: str = "text"
    hint: str = ""
    required: bool = True
    longest: int = 120
    autocomplete: str = ""


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact. ``many`` may be kept several times; ``special`` is about health (Art. 9 DSGVO).

    ``data_type`` is its term in the Data Privacy Vocabulary, for receipts.
    """

    slug: str
    title: str
    parts: tuple[Part, ...]
    data_type: str
    many: bool = False
    special: bool = False
    why: str = ""


KINDS = {
    kind.slug: kind
    for kind in (
        FactKind(
            "address",
            "Anschrift",
            (
                Part("street", "Straße und Hausnummer", autocomplete="street-address"),
                Part("postcode", "Postleitzahl", "postcode", longest=5, autocomplete="postal-code"),
                Part("town", "Ort", autocomplete="address-level2"),
            ),
            "pd:PhysicalAddress",
            why="für Verträge, Rechnungen und Anträge",
        ),
        FactKind(
            "phone",
            "Telefonnummer",
            (Part("number", "Telefonnummer", "phone", "Zum Beispiel 0711 1234567", longest=40, autocomplete="tel"),),
            "pd:TelephoneNumber",
            why="damit ein Anbieter Sie kurzfristig erreicht",
        ),
        FactKind(
            "birth_date",
            "Geburtsdatum",
            (Part("date", "Geburtsdatum", "date", autocomplete="bday"),),
            "pd:BirthDate",
            why="für Altersgrenzen und Ermäßigungen",
        ),
        FactKind(
            "bank_account",
            "Bankverbindung",
            (
                Part("iban", "IBAN", "iban", "Auch von Konten im Ausland; Leerzeichen stören nicht.", longest=42),
                Part("holder", "Kontoinhaberin oder Kontoinhaber", autocomplete="name"),
            ),
            "pd:BankAccount",
            why="für Lastschriften und Erstattungen",
        ),
        FactKind(
            "child",
            "Kind",
            (Part("given_name", "Vorname"), Part("family_name", "Nachname"), Part("born", "Geburtsdatum", "date")),
            "pd:Child",
            many=True,
            why="für Kurse, Betreuung und Schule",
        ),
        FactKind(
            "proof",
            "Nachweis",
            (
                Part("title", "Was weist er nach?", hint="Zum Beispiel: Bonuscard + Kultur, Schulbescheinigung"),
                Part("until", "Gültig bis", "date", required=False),
            ),
            "pd:OfficialID",
            many=True,
            why="für Ermäßigungen",
        ),
        FactKind(
            "health_remark",
            "Hinweis zur Gesundheit",
            (
                Part(
                    "remark", "Hinweis", hint="Zum Beispiel: Allergie gegen Nüsse, braucht einen Rollstuhlplatz",
                    longest=500,
                ),
            ),
            "pd:Health",
            special=True,
            why="damit im Kurs oder Ferienlager niemandem etwas passiert",
        ),
    )
}  # fmt: skip


def check_parts(kind: FactKind, typed: Mapping[str, str], *, today: date) -> dict[str, str]:
    """Return the parts in their normal form. Raises ``BadFact`` for the first that is missing or cannot be right."""
    checked = {}
    for part in kind.parts:
        text = " ".join(typed.get(part.name, "").split())
        if not text:
            if part.required:
                raise BadFact(f"Bitte füllen Sie „{part.title}“ aus.", field=part.name)
            continue
        if len(text) > part.longest:
            raise BadFact(f"„{part.title}“ hat höchstens {part.longest} Zeichen.", field=part.name)
        checked[part.name] = _CHECKS[part.kind](part, text, today)
    return checked


def _check_text(_part: Part, text: str, _today: date) -> str:
    return text


def _check_date(part: Part, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadFact(
            f"Bitte geben Sie bei „{part.title}“ ein Datum ein, zum Beispiel 31.12.2001.", field=part.name
        ) from None
    if part.name == "until":
        if day < today:
            raise BadFact("Dieser Nachweis ist schon abgelaufen.", field=part.name)
    elif not _OLDEST <= day <= today:
        raise BadFact(f"„{part.title}“ kann nicht in der Zukunft oder vor 1900 liegen.", field=part.name)
    return day.isoformat()


def check_phone(text: str, *, field: str, title: str = "Telefonnummer") -> str:
    """Return a telephone number with single spaces. Raises ``BadFact`` when it cannot be one."""
    text = " ".join(text.split())
    digits = sum(sign.isdigit() for sign in text)
    if not re.fullmatch(r"\+?[0-9 ()/\-]+", text) or not _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
        raise BadFact(
            f"Bitte geben Sie bei „{title}“ eine Nummer mit Vorwahl ein, zum Beispiel 0711 1234567.", field=field
        )
    return text


def _check_phone(part: Part, text: str, _today: date) -> str:
    return check_phone(text, field=part.name, title=part.title)


def _check_postcode(part: Part, text: str, _today: date) -> str:
    if not re.fullmatch(r"[0-9]{5}", text):
        raise BadFact("Eine Postleitzahl hat fünf Ziffern, zum Beispiel 70173.", field=part.name)
    return text


def _check_iban(part: Part, text: str, _today: date) -> str:
    try:
        return str(iban.validate(text))
    except InvalidChecksum:
        sentence = "Die Prüfziffer dieser IBAN stimmt nicht. Ist eine Ziffer vertauscht oder vergessen?"
    except InvalidLength:
        sentence = "Diese IBAN ist zu kurz oder zu lang. Eine deutsche IBAN hat 22 Zeichen."
    except ValidationError:
        sentence = "Das ist keine IBAN. Sie beginnt mit zwei Buchstaben für das Land, zum Beispiel DE."
    raise BadFact(sentence, field=part.name)


_CHECKS = {
    "text": _check_text,
    "date": _check_date,
    "phone": _check_phone,
    "postcode": _check_postcode,
    "iban": _check_iban,
}


def fact_words(kind: FactKind, parts: Mapping[str, str]) -> str:
    """Write a fact in one line as its owner reads it in a list; of an IBAN only the ends are shown."""
    if kind.slug == "address":
        return f"{parts['street']}, {parts['postcode']} {parts['town']}"
    if kind.slug == "bank_account":
        number = parts["iban"]
        return f"{number[:4]} … {number[-4:]}, {parts['holder']}"
    if kind.slug == "child":
        return f"{parts['given_name']} {parts['family_name']}, geboren am {german_date(parts['born'])}"
    if kind.slug == "proof":
        until = parts.get("until")
        return f"{parts['title']}, gültig bis {german_date(until)}" if until else parts["title"]
    (part,) = kind.parts
    return german_date(parts[part.name]) if part.kind == "date" else parts[part.name]


def german_date(iso: str) -> str:
    """Write ``2001-12-31`` as ``31.12.2001``."""
    return date.fromisoformat(iso).strftime("%d.%m.%Y")


def check_editable(source: Source) -> None:
    """Refuse to let people change by themselves what somebody else vouched for."""
    if source is not Source.SELF:
        raise FactKept(
            f"Diese Angabe ist {SOURCE_WORDS[source]}. Sie können sie löschen, aber nicht selbst ändern. "
            "Eine Berichtigung beantragen Sie bei der Stelle, die sie bestätigt hat."
        )
