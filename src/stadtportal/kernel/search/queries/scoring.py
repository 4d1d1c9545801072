"""The score of an entry as SQL. Weights stand in ``rules/weights.py``, the same in German on the page ``/ranking/``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stadtportal.kernel.search.engine.asking import Group, any_lexeme, concept_query, with_weights
from stadtportal.kernel.search.engine.deeds import ANY_DEED, lexeme
from stadtportal.kernel.search.queries.conditions import DISTANCE
from stadtportal.kernel.search.rules.weights import WEIGHTS as W


@dataclass(frozen=True, slots=True)
class Weighted:
    """A group of the question with how much it says, from 0 to about 1.

    It is ``lost`` when no entry has it, ``literal`` when entries have its very words.
    """

    group: Group
    weight: float
    lost: bool = False
    literal: bool = False


def literalness(groups: Sequence[Weighted]) -> float:
    """Return how much of a question stands in entries word by word, from 0 to 1."""
    whole = sum(one.weight for one in groups)
    return sum(one.weight for one in groups if one.literal) / whole if whole else 0.0


def retrieval(group: Group) -> str:
    """Return the tsquery that an entry has to match for this group."""
    return " | ".join(filter(None, (group.wide, group.included, group.thing)))


def word_score(groups: Sequence[Weighted], parameters: dict[str, Any]) -> str:
    """Return the SQL of how well the words are met, from 0 to 1."""
    parts = []
    whole = sum(one.weight for one in groups if not one.lost) + sum(
        W.lost_word * one.weight for one in groups if one.lost
    )
    for number, one in enumerate(groups):
        if one.lost:
            continue
        parameters |= {
            f"exact_{number}": with_weights(one.group.exact, "A"),
            f"named_{number}": with_weights(one.group.wide, "A"),
            f"wide_{number}": one.group.wide,
        }
        level = [
            f"WHEN e.names @@ %(exact_{number})s::tsquery THEN {W.title}",
            f"WHEN e.names @@ %(named_{number})s::tsquery THEN {W.title_otherwise}",
            f"WHEN e.names @@ %(wide_{number})s::tsquery THEN {W.title_part}",
        ]
        if one.group.thing:
            parameters[f"thing_{number}"] = one.group.thing
            level.append(f"WHEN e.vector @@ %(thing_{number})s::tsquery THEN {W.thing}")
        if one.group.included:
            parameters[f"included_{number}"] = one.group.included
            level.append(f"WHEN e.names @@ %(included_{number})s::tsquery THEN {W.included}")
        parameters |= {
            f"own_{number}": with_weights(one.group.wide, "AB"),
            f"short_{number}": with_weights(one.group.wide, "C"),
        }
        level.append(f"WHEN e.vector @@ %(own_{number})s::tsquery THEN {W.own_words}")
        if one.group.loose:
            parameters[f"loose_{number}"] = one.group.loose
            level.append(f"WHEN e.names @@ %(loose_{number})s::tsquery THEN {W.loose_title}")
        level.append(f"WHEN e.vector @@ %(short_{number})s::tsquery THEN {W.short_text}")
        level.append(f"WHEN e.vector @@ %(wide_{number})s::tsquery THEN {W.long_text}")
        if one.group.loose:
            level.append(f"WHEN e.vector @@ %(loose_{number})s::tsquery THEN {W.loose}")
        parts.append(f"{one.weight / whole:.4f} * CASE {' '.join(level)} ELSE 0 END")
        for place, inner in enumerate(one.group.inner):
            parameters[f"inner_{number}_{place}"] = inner
            part = one.weight / whole * W.inner / len(one.group.inner)
            parts.append(f"{part:.4f} * (e.names @@ %(inner_{number}_{place})s::tsquery)::int")
    return " + ".join(parts) or "0"


def felt_score(felt: Sequence[tuple[str, float]], parameters: dict[str, Any]) -> str:
    """Return the SQL of how near in meaning the question is to what an entry is, from 0 to 1."""
    cases = []
    for number, (concept, nearness) in enumerate(felt):
        parameters[f"felt_{number}"] = with_weights(concept_query((concept,)), "A")
        cases.append(f"WHEN e.names @@ %(felt_{number})s::tsquery THEN {nearness:.4f}")
    return f"(CASE {' '.join(cases)} ELSE 0 END)" if cases else "0"


def extras(
    *, near: bool, parameters: dict[str, Any], text: str, what: str, deeds: Sequence[str] = ()
) -> dict[str, str]:
    """Return the SQL of the small parts of the score, by name."""
    parameters |= {"text": text, "what": what}
    parts = {
        "title": f"{W.same_title} * (e.title_key IN (%(text)s, %(what)s))::int"
        f" + {W.begins} * starts_with(e.title_key, %(what)s)::int",
        "fixed": f"{W.fixed} * least(greatest(e.weight, 0), 100) / 100.0",
        "use": f"{W.use} * ln(1 + e.uses)",
        "soon": f"{W.soon} * (e.next_at IS NOT NULL)::int",
    }
    if deeds:
        # What names no deed at all is the thing itself, for which everything can be done.
        parameters |= {"deeds": any_lexeme([lexeme(deed) for deed in deeds]), "any_deed": any_lexeme([ANY_DEED])}
        parts["deed"] = (
            f"{W.deed} * CASE WHEN e.names @@ %(deeds)s::tsquery THEN 1"
            f" WHEN e.names @@ %(any_deed)s::tsquery THEN 0 ELSE {W.deedless} END"
        )
    if near:
        parts["near"] = f"coalesce({W.near} / (1.0 + {DISTANCE} / 500.0), 0)"
    return parts
