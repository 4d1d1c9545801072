"""Reasons why something of a catalogue was left out or taken with a doubt, as the report names them."""

from __future__ import annotations

NO_ID = "ohne lesbare Kennung (erwartet wird eine Zahl)"
NO_NAME = "ohne Namen"
NEITHER = "weder Leistung noch Ort"
OTHER_KIND = "gehört nicht in diese Datei (Leistungen und Orte stehen in getrennten Dateien)"
TWICE = "zweimal in der Datei (der erste Eintrag zählt)"
TEST_ROW = "Testeintrag (kein Gesetz, sondern ein Testwort)"
NO_KEY = "ohne LeiKa-Schlüssel aus 14 Ziffern"

BAD_KEY = "LeiKa-Schlüssel nicht lesbar (ohne Schlüssel übernommen)"
BAD_LINK = "Link nicht brauchbar (weggelassen)"
BAD_POINT = "Koordinaten nicht lesbar (als Ort ohne Punkt übernommen)"
CUT = "Text zu lang (gekürzt)"
NOT_PUBLIC = "in der Quelle als nicht öffentlich gekennzeichnet (trotzdem übernommen)"
OFFICES_MISSING = "nennt Orte, die noch nicht eingelesen sind (die Datei der Orte verknüpft sie)"
