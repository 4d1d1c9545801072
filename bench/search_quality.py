"""Measure how well search finds: judged queries over the city pack, Aachen's places and imported services.

Usage: ``python bench/search_quality.py`` with ``--data FOLDER``, ``--keep FOLDER``, ``--half tuning`` or ``held-out``,
``--whole-only``, ``--show``. ``--data`` holds the files to import (``../shared/data`` when it is there), ``--keep``
keeps the filled database for the next run, ``--show`` prints the weakest queries of the tuning half. Without the files
the script says so and ends.

Reported for every variant: nDCG@10 (gain 2^grade - 1), recall@10 (relevant entries, grade 2 and 3, among the first ten,
out of those there could be), MRR (of the first relevant one) and the share of empty answers; for the whole and
without each part, beside plain ``tsvector`` search and plain trigrams. The last line is JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from judgements import Item, Judged

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
PLACES = "osm_pois_standin_aachen.ndjson"
SERVICES, OFFICES, FEDERAL = "muenchen_services.ndjson", "muenchen_locations.json", "ozg_leika_services.ndjson"
FIRST = 10
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
ENGLISH = {"Tu": "Di", "We": "Mi", "Th": "Do", "Su": "So"}
SIX_LANGUAGES = ("tr", "en", "ar", "fr", "it", "pl")

Ask = Callable[[str], list[str]]


def main(arguments: Sequence[str]) -> int:
    """Set up, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--half", choices=("tuning", "held-out"))
    parser.add_argument("--whole-only", action="store_true")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args(arguments)
    if not (given.data / PLACES).is_file():
        print(f"Gemessen wird mit Dateien, die nicht zum Projekt gehören; in {given.data} fehlen sie.")
        print(json.dumps({"skipped": "no data"}))
        return 0
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-quality-")))
        stack.enter_context(portal(folder))
        fill(given.data)
        figures = measure(given)
    print(json.dumps(figures))
    return 0


@contextlib.contextmanager
def portal(folder: Path) -> Iterator[None]:
    """Have a portal's database of its own, and Django."""
    for name in ("DATABASE_URL", "ALLOWED_HOSTS", "ENABLED_AREAS"):
        os.environ.pop(name, None)
    os.environ |= {
        "PORTAL_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "stadtportal.project.settings",
        "ENABLED_AREAS": "portal,directory,courses,townhall,demo",
    }
    from stadtportal.project.runtime.database import EmbeddedDatabase  # noqa: PLC0415 -- the environment comes first.

    database = EmbeddedDatabase(folder, durable=False)
    database.start()
    try:
        import django  # noqa: PLC0415 -- as above.

        django.setup()
        yield
    finally:
        database.stop()


def fill(data: Path) -> None:
    """Import everything once; a folder that is kept is only indexed anew."""
    from django.core.management import call_command  # noqa: PLC0415 -- Django is set up by now.

    from stadtportal.areas.demo import api as demo  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.city import api as city  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.contracts import registry, silent  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.
    from stadtportal.project.cli import run_path  # noqa: PLC0415 -- as above.

    call_command("migrate", interactive=False, verbosity=0)
    began = time.perf_counter()
    if not search.count_entries():
        city.load_city(silent)
        demo.seed(silent)
        city.import_osm(data / PLACES, label="Beispieldaten Aachen")
        importers = {name: path for area in registry.areas() for name, path in area.importers.items()}
        for file in (SERVICES, OFFICES):
            run_path(importers["dldb"], [str(data / file), "--label", "Beispieldaten München"])
        run_path(importers["leika"], [str(data / FEDERAL), "--label", "Leistungskatalog des Bundes"])
    total = search.rebuild()
    print(f"{total} Einträge, gefüllt in {time.perf_counter() - began:.1f} s", flush=True)
    began = time.perf_counter()
    expressions, entries = search.encode_glossary(), search.encode_pending()
    print(
        f"{entries} Bedeutungen und {expressions} Ausdrücke kodiert in {time.perf_counter() - began:.1f} s", flush=True
    )


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Ask every query in every variant; return the figures."""
    from judgements import read_judged  # noqa: PLC0415 -- the script beside this one.

    judged = read_judged(list_items(given.data))
    if given.half:
        judged = [one for one in judged if one.held_out == (given.half == "held-out")]
    variants = {"whole": ask_portal(frozenset())}
    if not given.whole_only:
        variants |= variants_without_parts() | {"baseline_tsvector": ask_tsvector, "baseline_trigram": ask_trigram}
    figures: dict[str, Any] = {"queries": len(judged)}
    for name, ask in variants.items():
        scored = [(one, score(ask(one.query), one)) for one in judged]
        print(f"\n{name:<24} nDCG@10  recall@10    MRR   leer  (Fragen)")
        for group, chosen in groups_of(scored).items():
            if name != "whole" and group not in {"alle", "zum Einstellen", "zurückgehalten"}:
                continue
            ndcg, recall, reciprocal, empty = (fmean(column) for column in zip(*chosen, strict=True))
            print(
                f"  {group:<22} {ndcg:7.3f} {recall:9.3f} {reciprocal:8.3f} {empty:6.3f}  ({len(chosen)})", flush=True
            )
            figures |= {
                f"{name}_{group}_{what}": round(value, 4)
                for what, value in zip(MEASURES, (ndcg, recall, reciprocal, empty), strict=True)
            }
        if given.show and name == "whole":
            show(scored, ask)
    return named(figures)


MEASURES = ("ndcg", "recall", "mrr", "empty")
SHORT = {"alle": "", "zum Einstellen": "tuning", "zurückgehalten": "held_out"}


def named(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the figures with names for programs: ``whole_ndcg``, ``whole_held_out_ndcg``, ``without_meaning_ndcg``."""
    made = {}
    for name, value in figures.items():
        words = name
        for german, english in SHORT.items():
            words = words.replace(f"_{german}_", f"_{english}_" if english else "_")
        made[words] = value
    return made


def groups_of(scored: Sequence[tuple[Judged, tuple[float, float, float, float]]]) -> dict[str, list[tuple[float, ...]]]:
    """Return the scores of all queries, of each half, of each kind and of each language."""
    groups: dict[str, list[tuple[float, ...]]] = {"alle": [], "zum Einstellen": [], "zurückgehalten": []}
    for one, values in scored:
        groups["alle"].append(values)
        groups["zurückgehalten" if one.held_out else "zum Einstellen"].append(values)
        groups.setdefault(f"kind {one.kind}", []).append(values)
        if one.language != "de":
            groups.setdefault(f"language {one.language}", []).append(values)
        if one.language in SIX_LANGUAGES:
            groups.setdefault("six languages", []).append(values)
    return {name: chosen for name, chosen in groups.items() if chosen}


def score(found: Sequence[str], judged: Judged) -> tuple[float, float, float, float]:
    """Return nDCG@10, recall@10, reciprocal rank, and 1 for an empty answer."""
    from judgements import RELEVANT  # noqa: PLC0415 -- the script beside this one.

    grades = [judged.grades.get(entry, 0) for entry in found[:FIRST]]
    best = sorted(judged.grades.values(), reverse=True)[:FIRST]
    relevant = sum(grade >= RELEVANT for grade in judged.grades.values())
    hits = [place for place, grade in enumerate(grades) if grade >= RELEVANT]
    recall = len(hits) / min(relevant, FIRST)
    return _gain(grades) / _gain(best), recall, 1 / (hits[0] + 1) if hits else 0.0, float(not found)


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def ask_portal(without: frozenset[str]) -> Ask:
    """Return a function that asks the portal's own search, with some parts switched off."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up by now.

    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.

    now = timezone.now()
    parts = frozenset(search.Part(part) for part in without)

    def ask(text: str) -> list[str]:
        page = search.find(search.SearchQuery(text=text, limit=FIRST, facets=False, without=parts), now=now)
        return [found.source_id or f"{found.area}:{found.key}" for found in page.results]

    return ask


def variants_without_parts() -> dict[str, Ask]:
    """Return the portal's search with each part switched off."""
    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- Django is set up by now.

    return {f"without_{part.value}": ask_portal(frozenset({part.value})) for part in search.Part}


_TEXT = "concat_ws(' ', title, words, category_title, organisation, summary, address, body)"


def ask_tsvector(text: str) -> list[str]:
    """Ask as a first sketch would: all words, German stemming, ranked by ``ts_rank``."""
    return _ask_sql(
        f"SELECT source_id, area, key FROM search_entry WHERE to_tsvector('german', {_TEXT})"  # noqa: S608 -- a constant.
        " @@ plainto_tsquery('german', %(text)s)"
        f" ORDER BY ts_rank(to_tsvector('german', {_TEXT}), plainto_tsquery('german', %(text)s)) DESC, id LIMIT 10",
        text,
    )


def ask_trigram(text: str) -> list[str]:
    """Ask for the titles most alike by trigrams."""
    return _ask_sql(
        "SELECT source_id, area, key FROM search_entry WHERE word_similarity(%(text)s, title) > 0.3"
        " ORDER BY word_similarity(%(text)s, title) DESC, similarity(%(text)s, title) DESC, id LIMIT 10",
        text,
    )


def _ask_sql(statement: str, text: str) -> list[str]:
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now.

    with connection.cursor() as cursor:
        cursor.execute(statement, {"text": text})
        return [source or f"{area}:{key}" for source, area, key in cursor.fetchall()]


def list_items(data: Path) -> list[Item]:
    """Return every entry of the index as judgements see it."""
    from judgements import Item  # noqa: PLC0415 -- the script beside this one.

    from stadtportal.kernel.search.models import Entry  # noqa: PLC0415 -- Django is set up by now.

    with (data / PLACES).open(encoding="utf-8") as lines:
        raw = (json.loads(line) for line in lines)
        tags = {f"osm:{one['id']}": _pairs(one["tags"]) for one in raw}
    fields = ("source_id", "area", "key", "kind", "title", "category", "district", "address", "opening_hours")
    return [
        Item(
            id=source or f"{area}:{key}",
            kind=kind,
            title=title,
            category=category,
            district=district,
            address=address,
            tags=tags.get(source, frozenset()),
            open_on=_opener(hours),
        )
        for source, area, key, kind, title, category, district, address, hours in Entry.objects.values_list(*fields)
    ]


def _pairs(tags: dict[str, str]) -> frozenset[str]:
    return frozenset(f"{key}={value.strip()}" for key, values in tags.items() for value in values.split(";"))


def _opener(hours: str) -> Callable[[str], bool]:
    def open_on(day: str) -> bool:
        from stadtportal.kernel.city import api as city  # noqa: PLC0415 -- Django is set up by now.

        today = datetime.now(ZoneInfo("Europe/Berlin")).replace(hour=0, minute=0, second=0, microsecond=0)
        ahead = (WEEKDAYS.index(ENGLISH.get(day, day)) - today.weekday()) % 7
        begins = today + timedelta(days=ahead)
        return bool(hours) and city.is_open_within(hours, begins, begins + timedelta(hours=23, minutes=59))

    return open_on


def show(scored: Sequence[tuple[Judged, tuple[float, float, float, float]]], ask: Ask) -> None:
    """Print the weakest queries of the half for tuning, with what was found and what was missed."""
    from stadtportal.kernel.search.models import Entry  # noqa: PLC0415 -- Django is set up by now.

    titles = {
        source or f"{area}:{key}": title
        for source, area, key, title in Entry.objects.values_list("source_id", "area", "key", "title")
    }
    seen = sorted((pair for pair in scored if not pair[0].held_out), key=lambda pair: pair[1][0])
    for one, values in seen[:60]:
        found = ask(one.query)
        print(f"\n{values[0]:.2f} {one.query!r} ({one.kind}, {one.language})")
        print("   " + " | ".join(f"{one.grades.get(entry, 0)}:{titles.get(entry, '?')[:40]}" for entry in found))
        missed = sorted((entry for entry in one.grades if entry not in found), key=lambda entry: -one.grades[entry])[:4]
        print("   fehlt: " + " | ".join(f"{one.grades[entry]}:{titles.get(entry, '?')[:40]}" for entry in missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
