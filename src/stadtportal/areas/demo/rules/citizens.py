"""Invented people of the simulated BundID."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody with an invented identity card. ``born`` is ``YYYY-MM-DD``."""

    key: str
    given_name: str
    family_name: str
    born: str
    born_in: str
    street: str
    postal_code: str
    locality: str
    birth_name: str = ""


CITIZENS: Final[Mapping[str, Citizen]] = MappingProxyType(
    {
        citizen.key: citizen
        for citizen in (
            Citizen(
                key="lena",
                given_name="Lena",
                family_name="Beispiel",
                born="1992-05-14",
                born_in="Esslingen am Neckar",
                street="Beispielweg 7",
                postal_code="70178",
                locality="Stuttgart",
                birth_name="Muster",
            ),
            Citizen(
                key="emre",
                given_name="Emre",
                family_name="Erfunden",
                born="1967-11-30",
                born_in="Izmir",
                street="Musterstaffel 12",
                postal_code="70372",
                locality="Stuttgart",
            ),
        )
    }
)
#: The levels one may choose: BundID's name, the word beside each attribute, and what people read.
LEVELS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "1": ("STORK-QAA-Level-1", "NORMAL", "Basis: Benutzername und Passwort"),
        "3": ("STORK-QAA-Level-3", "SUBSTANTIELL", "Substanziell: ELSTER-Zertifikat"),
        "4": ("STORK-QAA-Level-4", "HOCH", "Hoch: Online-Ausweis"),
    }
)
