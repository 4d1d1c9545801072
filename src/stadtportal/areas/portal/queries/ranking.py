"""What the ranking adds up, in words: for the page ``/ranking/`` and for staff who ask how a score came about.

The numbers are those the search computes with; only the words stand here.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TypedDict

from stadtportal.areas.portal.rules import decimal_words
from stadtportal.kernel.search import api as search

#: The parts of a score, by their names in ``Result.parts``.
_PARTS = {
    "words": "Ihre Wörter",
    "concept": "dieselbe Sache, anders gefragt",
    "meaning": "Nähe im Sinn",
    "deed": "was zu tun ist",
    "title": "Name wie gefragt",
    "fixed": "fester Zuschlag",
    "use": "in letzter Zeit oft geöffnet",
    "soon": "hat einen nächsten Termin",
    "near": "Entfernung",
}
_GROUPS = {
    "Wie gut ein Wort passt": {
        "title": "Das Wort steht so im Namen.",
        "title_otherwise": "Im Namen steht ein anderes Wort für dieselbe Sache, oder das Wort richtig geschrieben.",
        "title_part": "Das Wort steckt im Namen in einem zusammengesetzten Wort.",
        "own_words": "Das Wort steht in der Kategorie oder in den Stichwörtern.",
        "thing": "Der Eintrag ist die Sache selbst, mit der Sie etwas tun wollen („Wohnsitz“ für „Wohnsitzanmeldung“).",
        "included": "Der Eintrag gehört zu dem Anlass, nach dem Sie fragen.",
        "short_text": "Das Wort steht in der Kurzbeschreibung.",
        "loose_title": "Im Namen steht nur ein Teil des Wortes oder des Ausdrucks.",
        "long_text": "Das Wort steht im übrigen Text.",
        "loose": "Anderswo steht nur ein Teil des Wortes oder des Ausdrucks.",
    },
    "Was ein Wort der Frage wiegt": {
        "rarity": "Um wie viel seltene Wörter mehr wiegen als häufige; bei 0 wögen alle gleich.",
        "weak_word": "Ein Wort, das wenig sagt, wiegt so viel von einem anderen.",
        "lost_word": "Ein Wort, das bei uns in keinem Eintrag steht, wiegt so viel von einem anderen.",
    },
    "Was zusammengezählt wird": {
        "as_words": "Der Eintrag nennt die Sache, die Sie anders ausdrücken: höchstens so viel statt der Wörter.",
        "as_foreign_words": "Dasselbe bei einer Frage in einer anderen Sprache als Deutsch.",
        "concept": "Dafür noch ein Zuschlag, höchstens so viel davon.",
        "neighbour": "Der Eintrag nennt eine verwandte Sache: so viel davon.",
        "step": "Von mehreren Sachen, die zu einem Anlass gehören, verliert jede weitere so viel.",
        "inner": "Im Namen stehen auch die einzelnen Wörter eines Ausdrucks: zusammen höchstens so viel.",
        "deed": "Im Namen steht, was Sie tun wollen (verlängern, ummelden, ersetzen), auch anders gesagt.",
        "deedless": "Im Namen steht nichts, was man tut: so viel davon.",
        "meaning": "Nähe im Sinn, höchstens, wenn Ihre Wörter so in Einträgen stehen.",
        "meaning_of_others": "So viel davon bleibt, wenn keines Ihrer Wörter so in Einträgen steht.",
        "same_title": "Der Name ist genau das, was Sie geschrieben haben.",
        "begins": "Der Name beginnt mit Ihren Wörtern.",
        "tight": "Kurzer Name, geteilt durch seine Länge.",
        "near": "Entfernung: ganz nah so viel, nach 500 Metern die Hälfte, nach 1 Kilometer ein Drittel.",
        "fixed": "Fester Zuschlag für wichtige städtische Anlaufstellen, höchstens.",
        "use": "Wie oft der Eintrag in den letzten 90 Tagen geöffnet wurde. Der Zuschlag wächst sehr langsam.",
        "soon": "Der Eintrag hat einen nächsten Termin.",
    },
    "Ab wann der Sinn zählt (1 wäre gleich, 0 hat nichts miteinander zu tun)": {
        "meaning_from": "Unter dieser Nähe zählt der Sinn gar nicht.",
        "meaning_floor": "So nah muss ein Eintrag sein, in dem keines Ihrer Wörter steht.",
        "concept_floor": "So nah muss eine Sache Ihrer Frage sein, damit sie für sie steht.",
        "concept_slack": "So viel weniger nah darf eine zweite Sache sein.",
        "likely": "So viel näher ist eine Sache, wenn sie nach allen Ausdrücken des Wortschatzes sicher gemeint ist.",
    },
}


class WeightRow(TypedDict):
    """One weight: what it is for, and its number."""

    name: str
    words: str
    value: str


class WeightTable(TypedDict):
    """Some weights under one title."""

    title: str
    rows: list[WeightRow]


def part_words(name: str) -> str:
    """Return how a part of a score is called; of one nobody has told us, its own name."""
    return _PARTS.get(name, name)


def list_weight_tables() -> list[WeightTable]:
    """Return every weight the search computes with; those nobody has found words for come last, by their names."""
    values = {one.name: decimal_words(getattr(search.WEIGHTS, one.name)) for one in fields(search.WEIGHTS)}
    tables: list[WeightTable] = [
        {
            "title": title,
            "rows": [
                {"name": name, "words": words[name], "value": values.pop(name)} for name in words if name in values
            ],
        }
        for title, words in _GROUPS.items()
    ]
    if values:
        rest: list[WeightRow] = [{"name": name, "words": name, "value": value} for name, value in values.items()]
        tables.append({"title": "Weitere", "rows": rest})
    return tables
