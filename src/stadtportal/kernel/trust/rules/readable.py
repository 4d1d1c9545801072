"""How exported values are written for people. Pure: no Django."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def readable(thing: Mapping[str, Any], words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (word, value) pairs in order; what is empty is left out, a list gives one pair for each of its entries."""
    rows: list[tuple[str, str]] = []
    for key, value in thing.items():
        word = words.get(key, key)
        for one in value if isinstance(value, list | tuple) else (value,):
            text = _text(one)
            if text:
                rows.append((word, text))
    return rows


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case Mapping():
            return " · ".join(text for inner in value.values() if (text := _text(inner)))
        case list() | tuple():
            return ", ".join(_text(one) for one in value)
        case _:
            return _moment(str(value))


def _moment(text: str) -> str:
    """Return a moment as people write it, and every other text as it is."""
    try:
        moment = datetime.fromisoformat(text) if text[10:11] == "T" else None
    except ValueError:
        moment = None
    return f"{moment.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr" if moment and moment.tzinfo else text
