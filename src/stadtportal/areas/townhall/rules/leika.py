"""Rows of the OZG catalogue with the keys of the federal catalogue of services (LeiKa)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stadtportal.areas.townhall.rules import report as say
from stadtportal.areas.townhall.rules.drafts import (
    LONGEST_TITLE,
    MOST_WORDS_LENGTH,
    ServiceDraft,
    leika_key,
)
from stadtportal.areas.townhall.rules.markup import clean_text

#: Laws have a capital letter or a paragraph; a single short word in small letters is somebody trying the keyboard.
_TEST_WORD = re.compile(r"[a-zäöüß]{1,12}")
_LONGEST_LAW = 2000


def is_row(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is a row of this catalogue at all."""
    return "leika" in record and "name" in record


def read_row(record: Mapping[str, Any]) -> tuple[ServiceDraft, list[str]] | str:
    """Return the service of a row and the doubts about it, or the reason why there is none."""
    laws = clean_text(record.get("laws"), longest=_LONGEST_LAW)
    if _TEST_WORD.fullmatch(laws):
        return say.TEST_ROW
    key = leika_key(record.get("leika"))
    title = clean_text(record.get("name"), longest=LONGEST_TITLE)
    if not key or not title:
        return say.NO_NAME if key else say.NO_KEY
    topic = clean_text(record.get("themenfeld"), longest=120)
    situation = clean_text(record.get("lebenslage"), longest=120)
    bundle = clean_text(record.get("ozg_leistung"), longest=MOST_WORDS_LENGTH)
    draft = ServiceDraft(
        source_id=key,
        title=title,
        summary=_summary(topic, situation),
        legal_basis=clean_text(record.get("legal_basis"), longest=_LONGEST_LAW) or laws,
        topic=topic,
        situation=situation,
        leika_key=key,
        words=bundle if bundle != title else "",
    )
    return draft, []


def _summary(topic: str, situation: str) -> str:
    """Say what little the catalogue knows, in one sentence."""
    known = [f"{word} „{value}“" for word, value in (("Lebenslage", situation), ("Themenfeld", topic)) if value]
    return f"{', '.join(known)}." if known else ""
