"""Importing the federal catalogue: rows with a key of 14 digits, and why the others are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from stadtportal.areas.townhall import actions
from stadtportal.areas.townhall.models import Service
from stadtportal.areas.townhall.queries.entries import list_entries
from stadtportal.areas.townhall.rules import report as say
from tests.townhall.conftest import WriteFile, row

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_service(write_lines: WriteFile) -> None:
    report = actions.import_leika(
        write_lines(row(ozg_leistung="Rückbau", legal_basis="§ 1 BauO [http://g.example/1]", laws="Bauordnung"))
    )
    assert (report.unit, report.read, report.created) == ("Leistungen", 1, 1)
    [entry] = list(list_entries())
    assert (entry.key, entry.source_id, entry.label) == (
        "abbruchgenehmigung-99012001000000", "leika:99012001000000", "",
    )  # fmt: skip
    assert entry.summary == "Lebenslage „Hausbau“, Themenfeld „Bauen & Wohnen“."
    assert entry.words == "Bauen & Wohnen Hausbau Rückbau"
    kept = Service.objects.get()
    assert (kept.leika_key, kept.topic, kept.situation) == ("99012001000000", "Bauen & Wohnen", "Hausbau")
    assert kept.legal_basis == "§ 1 BauO [http://g.example/1]"


def test_a_bundle_named_like_the_service_is_no_further_word(write_lines: WriteFile) -> None:
    actions.import_leika(write_lines(row(ozg_leistung="Abbruchgenehmigung", laws="Bauordnung")))
    kept = Service.objects.get()
    assert (kept.words, kept.legal_basis) == ("", "Bauordnung")


def test_other_rows_are_counted_with_their_reason(write_lines: WriteFile) -> None:
    report = actions.import_leika(
        write_lines(
            row("nicht im LeiKa", laws="sdesf"),
            row("99012001000001", laws="sdesf"),
            row("nicht im LeiKa"),
            row("3233"),
            row("99012001000002", " "),
            row(),
            row(),
            {"egal": 1},
        )
    )
    assert {reason: tally.count for reason, tally in report.skipped.items()} == {
        say.TEST_ROW: 2, say.NO_KEY: 3, say.NO_NAME: 1, say.TWICE: 1,
    }  # fmt: skip
    assert report.skipped[say.TEST_ROW].examples[0] == "Zeile 1: Abbruchgenehmigung"
    assert Service.objects.count() == 1


def test_the_federal_catalogue_as_a_whole(shared_data: Path) -> None:
    report = actions.import_leika(shared_data / "ozg_leika_services.ndjson")
    assert (report.read, report.created, report.flagged) == (5251, 4813, {})
    assert {reason: tally.count for reason, tally in report.skipped.items()} == {say.TEST_ROW: 1, say.NO_KEY: 437}
    assert Service.objects.filter(topic="Bauen & Wohnen").count() == 309
    assert Service.objects.get(leika_key="99115005000000").slug.endswith("-99115005000000")
    again = actions.import_leika(shared_data / "ozg_leika_services.ndjson")
    assert (again.changed, again.unchanged) == (0, 4813)
