"""How sure the portal is: of a sign-in, of a person, of an attribute. ADR 20 says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Final

from stadtportal.kernel.contracts import AssuranceLevel, RuleBroken

#: How long a sign-in is worth more than basic; after that it is basic again, and pages that need more ask anew.
RAISED_FOR: Final = timedelta(hours=2)

#: The words of the levels.
LEVEL_TITLES: Final[Mapping[AssuranceLevel, str]] = MappingProxyType(
    {
        AssuranceLevel.NONE: "keines",
        AssuranceLevel.BASIC: "Basis",
        AssuranceLevel.SUBSTANTIAL: "Substanziell",
        AssuranceLevel.HIGH: "Hoch",
    }
)
#: The attributes the portal keeps, in the order of showing.
ATTRIBUTE_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "given_name": "Vorname",
        "family_name": "Nachname",
        "birth_name": "Geburtsname",
        "birth_date": "Geburtsdatum",
        "place_of_birth": "Geburtsort",
        "street": "Straße und Hausnummer",
        "postal_code": "Postleitzahl",
        "locality": "Ort",
    }
)
#: Without these three nobody is identified (the mandatory set of Implementing Regulation (EU) 2015/1501).
IDENTIFYING: Final = frozenset({"given_name", "family_name", "birth_date"})


class IdentitiesDiffer(RuleBroken):
    """Two sources speak of two people."""


class AlreadyConnected(RuleBroken):
    """One of the two is connected elsewhere already."""


class AnswerRefused(RuleBroken):
    """An answer of BundID is not believed."""

    status: ClassVar[int] = 400
    remedy: ClassVar[str] = "Es wurde nichts geändert. Sie können es von vorn versuchen oder sich anders anmelden."


class LevelTooLow(RuleBroken):
    """BundID signed somebody in less surely than was asked for."""

    status: ClassVar[int] = 403
    remedy: ClassVar[str] = (
        "Bitte versuchen Sie es noch einmal und wählen Sie bei BundID den Online-Ausweis oder ELSTER."
    )


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One attribute as it is shown: ``source`` in words, ``source_code`` as it is kept."""

    name: str
    title: str
    value: str
    level: AssuranceLevel
    source: str
    source_code: str
    confirmed_at: datetime


def level_of_sign_in(
    records: Iterable[Mapping[str, Any]],
    *,
    checked_at_counter: Callable[[], bool],
    now: datetime,
) -> AssuranceLevel:
    """Return how sure a sign-in is.

    ``records`` are the account engine's notes of what was proved in this session: ``method``, ``at`` (seconds of the
    epoch), for ``mfa`` the ``type``, for ``bundid`` the ``level``. ``checked_at_counter`` is asked only if it matters.
    """
    recent = [one for one in records if 0 <= now.timestamp() - float(one.get("at", 0)) < RAISED_FOR.total_seconds()]
    stated = [AssuranceLevel(one["level"]) for one in recent if one.get("method") == "bundid"]
    level = max([AssuranceLevel.BASIC, *stated])
    if level < AssuranceLevel.SUBSTANTIAL and is_strong(recent) and checked_at_counter():
        return AssuranceLevel.SUBSTANTIAL
    return level


def is_strong(records: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether two factors of different kinds were proved.

    A passkey is both in one: something one has, opened by something one is or knows. A password is known, an app for
    codes is had. A code by e-mail and an app are two of one kind; a recovery code replaces an app that is lost, so that
    nobody is locked out, and proves less.
    """
    proved = {str(one.get("type") if one.get("method") == "mfa" else one.get("method")) for one in records}
    return "webauthn" in proved or {"password", "totp"} <= proved


def check_same_person(known: Mapping[str, str], stated: Mapping[str, str]) -> None:
    """Refuse what was confirmed about somebody born on another day. Raises ``IdentitiesDiffer``.

    Names change and are written in many ways; the day of birth stays.
    """
    ours, theirs = known.get("birth_date"), stated.get("birth_date")
    if ours and theirs and ours != theirs:
        raise IdentitiesDiffer(
            "Zu diesem Konto ist schon ein anderes Geburtsdatum bestätigt. Bitte prüfen Sie, ob Sie im richtigen Konto "
            "angemeldet sind. Wenn ja, hilft Ihnen jedes Bürgerbüro."
        )


def shown_value(name: str, value: str) -> str:
    """Write a value for people: dates as ``14.05.1992``, everything else as it is."""
    if name != "birth_date":
        return value
    try:
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    except ValueError:
        return value
