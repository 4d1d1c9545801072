"""What OpenStreetMap's tags say about access, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WHEELCHAIR_WORDS = {
    "yes": "Mit dem Rollstuhl zugänglich",
    "designated": "Mit dem Rollstuhl zugänglich",
    "limited": "Mit dem Rollstuhl teilweise zugänglich",
    "no": "Mit dem Rollstuhl nicht zugänglich",
}
UNKNOWN_WORDS = "Ob der Ort mit dem Rollstuhl zugänglich ist, wissen wir nicht. Fragen Sie bitte vorher nach."

#: Tag, then the words for each value that says something.
_MORE: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (
        ("toilets:wheelchair", "wheelchair:toilets"),
        {
            "yes": "Toilette für Menschen im Rollstuhl vorhanden",
            "limited": "Toilette für Menschen im Rollstuhl teilweise geeignet",
            "no": "Keine Toilette für Menschen im Rollstuhl",
        },
    ),
    (("tactile_paving",), {"yes": "Leitstreifen für blinde Menschen", "no": "Keine Leitstreifen für blinde Menschen"}),
    (
        ("hearing_loop", "deaf:induction_loop", "audio_loop"),
        {"yes": "Induktionsschleife für Hörgeräte", "limited": "Induktionsschleife für Hörgeräte in einzelnen Räumen"},
    ),
    (("elevator", "lift"), {"yes": "Aufzug vorhanden"}),
    (("ramp:wheelchair",), {"yes": "Rampe für Rollstühle vorhanden"}),
    (("automatic_door",), {"yes": "Tür öffnet selbsttätig", "button": "Tür öffnet auf Knopfdruck"}),
    (("changing_table",), {"yes": "Wickeltisch vorhanden"}),
    (("blind:description:de", "blind:description"), {}),
)


def wheelchair_value(text: str) -> str:
    """Return ``yes``, ``limited`` or ``no`` for a tag's value, and ``""`` for anything else."""
    value = text.strip().lower()
    return {"designated": "yes", "partial": "limited"}.get(value, value if value in WHEELCHAIR_WORDS else "")


def accessibility_words(wheelchair: str, tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return sentences about access, the wheelchair first; what is not known is said, too."""
    words = [WHEELCHAIR_WORDS.get(wheelchair, UNKNOWN_WORDS)]
    if described := tags.get("wheelchair:description:de") or tags.get("wheelchair:description"):
        words.append(f"Hinweis vor Ort: {described}")
    for keys, values in _MORE:
        given = next((tags[key] for key in keys if tags.get(key)), "")
        if not values and given:
            words.append(f"Für blinde Menschen: {given}")
        elif said := values.get(given.strip().lower()):
            words.append(said)
    return tuple(words)


def is_accessible(wheelchair: str) -> bool | None:
    """Return whether a place counts as accessible in search; ``None`` when unknown or only in part."""
    return {"yes": True, "no": False}.get(wheelchair)
