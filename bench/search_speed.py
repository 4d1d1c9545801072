"""Measure how quick search is with 100,000 entries and a fixed mix of questions.

Starts a portal of its own (``stadtportal up --demo`` in a temporary folder), fills it up with generated entries, 45,000
of them courses whose title or words hold "Kurs" (no such entry exists), and encodes their meaning. Database, web
server, job worker and the process that asks share the machine. Usage: ``python bench/search_speed.py [ENTRIES]``.

The mix (``questions()``) is half rare words, a quarter mistyped ones and a quarter very common ones. ``find_*``
is what ``search.find`` takes in a process of its own, database and reading of the question together, without web
server; ``page_*`` the whole page at one client and at eight; ``suggest_*`` the answer of ``/api/v1/suggest/``;
``baseline_find_*`` plain ``tsvector`` search that counts and ranks all matches, over a column of its own with an index.
``found_by_words_ms`` and ``found_by_meaning_s`` tell how long a new entry takes to be found; ``rss_mb`` the memory of
the largest web process. Times in milliseconds; the last line is JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pages import CLIENTS, SECONDS, ask, percentile, run_asking
from start import demo_portal

if TYPE_CHECKING:
    from stadtportal.kernel.contracts import EntryDraft

ENTRIES = 100_000
SHARE_OF_COURSES = 0.45
ROUNDS = 3
SUBJECTS = (
    "Yoga", "Rücken", "Schwimm", "Koch", "Sprach", "Tanz", "Mal", "Töpfer", "Näh", "Gitarren", "Computer", "Foto",
    "Pilates", "Kletter", "Fecht", "Chor", "Schach", "Garten", "Holz", "Keramik", "Judo", "Zumba", "Theater", "Film",
)  # fmt: skip
SORTS = (
    "Apotheke",
    "Café",
    "Bäckerei",
    "Friseur",
    "Restaurant",
    "Praxis",
    "Werkstatt",
    "Laden",
    "Galerie",
    "Kita",
    "Hotel",
)
SYLLABLES = (
    "ba",
    "rin",
    "del",
    "fu",
    "mor",
    "zal",
    "ken",
    "ti",
    "wen",
    "gar",
    "lo",
    "schi",
    "pet",
    "ran",
    "vol",
    "hus",
)
COMMON_NAMES = ("Nord", "Süd", "Mitte", "Sonne", "Krone", "Stern")
STREETS = ("Hauptstraße", "Lindenweg", "Marktgasse", "Ringstraße", "Uferweg", "Bergstraße", "Kirchplatz")


def main(arguments: Sequence[str]) -> int:
    """Set up, measure, print; or be the process that asks."""
    if arguments[:1] == ["ask"]:
        ask(json.load(sys.stdin))
        return 0
    entries = int(arguments[0]) if arguments else ENTRIES
    with demo_portal("speed") as (port, _folder):
        figures = measure(port, entries)
    print(json.dumps(figures))
    return 0


def names(number: int) -> list[str]:
    """Return rare names nobody has, the same each time."""
    chance = random.Random(11)  # noqa: S311 -- a fixed sequence, nothing secret.
    return ["".join(chance.choice(SYLLABLES) for _ in range(4)).capitalize() for _ in range(number)]


def drafts(count: int) -> Iterator[EntryDraft]:
    """Yield generated entries: courses, and places of a few sorts, a fifth of them with a rare name."""
    from stadtportal.kernel.contracts import EntryDraft  # noqa: PLC0415 -- Django is set up by now.

    chance = random.Random(7)  # noqa: S311 -- a fixed sequence, nothing secret.
    rare = names(max(count // 5, 1))
    courses = int(count * SHARE_OF_COURSES)
    for number in range(count):
        name = rare[number // 5 % len(rare)] if number % 5 == 0 else chance.choice(COMMON_NAMES)
        point = (48.7 + chance.random() * 0.15, 9.05 + chance.random() * 0.25)
        address = f"{chance.choice(STREETS)} {number % 180 + 1}"
        if number < courses:
            title = f"{chance.choice(SUBJECTS)}kurs {name}"
            yield EntryDraft(
                area="bench", kind="course", key=f"k{number}", title=title, url=f"/kurse/bench-{number}/",
                words=f"Kurs {chance.choice(('Anfänger', 'Fortgeschrittene'))}",
                summary="Ein Kurs mit festen Terminen.",
                address=address, point=point, price_cents=chance.randrange(0, 9000, 500), audience=("adults",),
            )  # fmt: skip
        else:
            sort = chance.choice(SORTS)
            yield EntryDraft(
                area="bench", kind="place", key=f"p{number}", title=f"{sort} {name}", url=f"/orte/bench-{number}/",
                category=sort.lower(), category_title=sort, summary=f"{sort}, {address}", address=address, point=point,
                opening_hours="Mo-Fr 09:00-18:00; Sa 10:00-14:00",
            )  # fmt: skip


def questions() -> list[str]:
    """Return the published mix: 40 rare words, 20 mistyped ones, 20 very common ones."""
    rare = names(ENTRIES // 5)[::500][:40]
    sorts = (
        "Apoteke",
        "Bäckrei",
        "Frisör",
        "Restorant",
        "Werkstat",
        "Galarie",
        "Schwimkurs",
        "Yogakrus",
        "Kochkurrs",
        "Tanzkrus",
    )
    mistyped = [f"{word[:3]}{word[4:]}" for word in rare[:10]] + list(sorts)
    common = [
        "Kurs",
        "Kurse",
        "Kurs Anfänger",
        "Kurs Hauptstraße",
        "Kurs Nord",
        "Apotheke",
        "Café",
        "Restaurant Mitte",
        "Friseur",
        "Kita",
    ]
    mixed = [*rare, *mistyped, *common, *common]
    random.Random(3).shuffle(mixed)  # noqa: S311 -- a fixed sequence, nothing secret.
    return mixed


def measure(port: int, entries: int) -> dict[str, Any]:
    """Fill the portal and measure; return the figures."""
    import django  # noqa: PLC0415 -- the environment had to be set first.

    django.setup()
    figures: dict[str, Any] = {"entries": fill(entries), "questions": len(questions())}
    figures["hits_of_kurs"] = hits("Kurs")
    for name, question in (("find", portal_search), ("baseline_find", plain_search)):
        times = time_questions(question)
        figures |= {f"{name}_p{share}_ms": percentile(times, share) for share in (50, 95, 99)}
        print(f"{name}: {_shown(figures, name)} ohne Webserver", flush=True)
    paths = [f"/suche/?{urlencode({'q': text})}" for text in questions()]
    measure_paths(figures, port, "page", paths)
    begun = [f"/api/v1/suggest/?{urlencode({'q': text[:length]})}" for text in questions() for length in (2, 4, 6)]
    measure_paths(figures, port, "suggest", begun)
    figures["rss_mb"] = largest_process()
    figures |= time_until_found()
    print(f"größter Webprozess {figures['rss_mb']} MB; Neues nach Sinn gefunden in {figures['found_by_meaning_s']} s")
    return figures


def measure_paths(figures: dict[str, Any], port: int, name: str, paths: Sequence[str]) -> None:
    """Ask the web server for these pages, by one client and by eight."""
    single = run_asking(port, paths, clients=1, count=len(paths) * 2)["times"]
    figures |= {f"{name}_p{share}_ms": percentile(single, share) for share in (50, 95)}
    many = run_asking(port, paths, clients=CLIENTS, seconds=SECONDS)
    figures[f"{name}_p95_ms_at_{CLIENTS}"] = percentile(many["times"], 95)
    figures[f"{name}_requests_per_second"] = round(len(many["times"]) / many["seconds"], 1)
    print(
        f"{name}: {_shown(figures, name)}; p95 {figures[f'{name}_p95_ms_at_{CLIENTS}']} ms und"
        f" {figures[f'{name}_requests_per_second']} Antworten/s bei {CLIENTS} Fragenden",
        flush=True,
    )


def _shown(figures: dict[str, Any], name: str) -> str:
    return f"p50 {figures[f'{name}_p50_ms']} ms, p95 {figures[f'{name}_p95_ms']} ms"


def fill(entries: int) -> int:
    """Write the generated entries and encode their meaning; return how many entries there are."""
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now.

    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.

    began = time.perf_counter()
    missing = entries - search.count_entries()
    batch: list[EntryDraft] = []
    for draft in drafts(missing):
        batch.append(draft)
        if len(batch) == 5000:
            search.put(*batch)
            batch.clear()
    search.put(*batch)
    search.refresh_vocabulary()
    print(f"{missing} erzeugte Einträge geschrieben in {time.perf_counter() - began:.1f} s", flush=True)
    began = time.perf_counter()
    search.encode_glossary()
    search.encode_pending()
    with connection.cursor() as cursor:
        # The worker of the portal encodes, too: both have to be done.
        while True:
            cursor.execute("SELECT count(*) FROM search_unencoded")
            if cursor.fetchone() == (0,):
                break
            time.sleep(1)
        cursor.execute("ALTER TABLE search_entry ADD COLUMN plain tsvector")
        cursor.execute(
            "UPDATE search_entry SET plain ="
            " to_tsvector('german', concat_ws(' ', title, words, category_title, summary, address))"
        )
        cursor.execute("CREATE INDEX bench_plain ON search_entry USING gin (plain)")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE search_entry")
        cursor.execute("VACUUM ANALYZE search_meaning")
    print(f"Bedeutungen kodiert, mit dem Hintergrunddienst zusammen: {time.perf_counter() - began:.1f} s", flush=True)
    return search.count_entries()


def hits(text: str) -> int:
    """Return how many entries really match a word, counted without a cap."""
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now.

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_entry WHERE vector @@ %s::tsquery", [f"'{text.lower()}'"])
        return int(cursor.fetchone()[0])


def portal_search(text: str) -> None:
    """Ask the portal's search as the page does."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up by now.

    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.

    search.find(search.SearchQuery(text=text), now=timezone.now())


def plain_search(text: str) -> None:
    """Ask PostgreSQL as a first sketch would: count all matches, rank all of them, take twenty."""
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now.

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_entry WHERE plain @@ plainto_tsquery('german', %s)", [text])
        cursor.fetchone()
        cursor.execute(
            "SELECT id, title, url, summary, address FROM search_entry WHERE plain @@ plainto_tsquery('german', %s)"
            " ORDER BY ts_rank(plain, plainto_tsquery('german', %s)) DESC, title LIMIT 20",
            [text, text],
        )
        cursor.fetchall()


def time_questions(question: Callable[[str], None]) -> list[float]:
    """Return how long each question takes, in milliseconds, asked three times after one round to warm up."""
    times = []
    for turn in range(ROUNDS + 1):
        for text in questions():
            begun = time.perf_counter()
            question(text)
            if turn:
                times.append((time.perf_counter() - begun) * 1000)
    return times


def largest_process() -> float:
    """Return the resident memory of the largest web process of this portal, in megabytes."""
    mine = f"PORTAL_DATA={os.environ['PORTAL_DATA']}".encode()
    sizes = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"web" not in command or mine not in (process / "environ").read_bytes().split(b"\0"):
                continue
            status = (process / "status").read_text()
        except OSError:
            continue
        sizes += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")]
    return round(max(sizes, default=0.0), 1)


def time_until_found() -> dict[str, float]:
    """Write one entry and ask for it by its word, then by its meaning until the worker has encoded it."""
    from django.db import transaction  # noqa: PLC0415 -- Django is set up by now.
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.contracts import EntryDraft  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.search.models import Meaning  # noqa: PLC0415 -- as above.

    draft = EntryDraft(area="bench", kind="place", key="neu", title="Quallomir Reptilienhaus", url="/orte/neu/")
    began = time.perf_counter()
    with transaction.atomic():
        search.put(draft)
        page = search.find(search.SearchQuery(text="Quallomir"), now=timezone.now())
        by_words = (time.perf_counter() - began) * 1000
    if [one.key for one in page.results][:1] != ["neu"]:
        raise SystemExit("a new entry was not found by its word in its own transaction")
    while not Meaning.objects.filter(entry__key="neu").exists():
        if time.perf_counter() - began > 60:
            raise SystemExit("a new entry was not found by its meaning within a minute")
        time.sleep(0.1)
    return {"found_by_words_ms": round(by_words, 1), "found_by_meaning_s": round(time.perf_counter() - began, 1)}


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    sys.exit(main(sys.argv[1:]))
