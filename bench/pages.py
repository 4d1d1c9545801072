"""Measure the pages everybody opens, with a city of 100,000 entries, against the real server.

Starts a portal of its own (``stadtportal up --demo`` in a temporary folder), loads the city pack and the demo courses,
and fills up with generated places (see ``bench/import_osm.py``; no such place exists). Database, web server and the
process that asks share the machine. Usage: ``python bench/pages.py [ENTRIES]``.

What is timed is the whole answer as a client on the same machine sees it, over one kept connection. The last line is
JSON: times in milliseconds at one client, requests per second at eight, bytes of a first visit as they travel.
``baseline_find_*`` is what PostgreSQL needs for the plain question (all matches counted and ranked by ``ts_rank``),
``find_*`` what the portal's own search needs for the same texts, both without web server.
"""

from __future__ import annotations

import http.client
import importlib
import json
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from start import demo_portal

ENTRIES = 100_000
CLIENTS = 8
SECONDS = 10.0
ASKED_ONCE = 200

TEXTS = (
    "Yoga",
    "Yoga Bad Cannstatt",
    "Bürgerbüro",
    "Bürgerbüro Vaihingen",
    "Restaurant",
    "Restaurant Mitte",
    "Café",
    "Cafe Krone",
    "Apotheke",
    "Apotheke Königstraße",
    "Friseur",
    "Friseur Müller",
    "Bäckerei",
    "Spielplatz",
    "Spielplatz Feuerbach",
    "Schwimmbad",
    "Park",
    "Grundschule",
    "Wochenmarkt",
    "Hotel Traube",
    "Kita Degerloch",
    "Fahrrad",
    "Blumen Neckar",
    "Sporthalle",
    "Praxis Dr. Weber",
    "Rückenkurs",
    "Kurs",
    "Hauptstraße",
    "70372",
    "Restorant",
    "Apoteke",
    "Schwimbad",
    "gibt es nicht xyz",
)
FILTERS: tuple[dict[str, str], ...] = (
    {"kategorie": "restaurant"},
    {"kategorie": "essen", "bezirk": "sued"},
    {"q": "Apotheke", "offen": "1"},
    {"bezirk": "bad-cannstatt", "offen": "1"},
    {"art": "course", "sortierung": "datum"},
    {"q": "Restaurant", "seite": "5"},
    {"q": "Café", "barrierefrei": "1"},
    {},
)
#: The questions of the search page, in this order, over and over.
SEARCHES = tuple(f"/suche/?{urlencode(fields)}" for fields in (*({"q": text} for text in TEXTS), *FILTERS))


def main(arguments: Sequence[str]) -> int:
    """Set up, measure, print; or be the process that asks."""
    if arguments[:1] == ["ask"]:
        ask(json.load(sys.stdin))
        return 0
    entries = int(arguments[0]) if arguments else ENTRIES
    with demo_portal("pages") as (port, folder):
        figures = measure(port, folder, entries)
    print(json.dumps(figures))
    return 0


def measure(port: int, folder: Path, entries: int) -> dict[str, Any]:
    """Fill the portal and measure each page; return the figures."""
    import django  # noqa: PLC0415 -- the environment had to be set first.

    django.setup()
    figures: dict[str, Any] = {"entries": fill(folder, entries)}
    print(f"{figures['entries']} Einträge, davon der größte Teil erzeugte Varianten von Orten")
    course = next(iter(re.findall(r'href="(/kurse/[a-z0-9-]+/)"', get(connect(port), "/kurse/")[2].decode())))
    for name, paths in (("front", ("/",)), ("search", SEARCHES), ("course", (course,))):
        times = run_asking(port, paths, clients=1, count=max(ASKED_ONCE, len(paths) * 3))["times"]
        figures |= {f"{name}_p{share}_ms": percentile(times, share) for share in (50, 95, 99)}
        many = run_asking(port, paths, clients=CLIENTS, seconds=SECONDS)
        figures[f"{name}_requests_per_second"] = round(len(many["times"]) / many["seconds"], 1)
        figures[f"{name}_p99_ms_at_{CLIENTS}"] = percentile(many["times"], 99)
        sizes = first_load(port, paths[0])
        figures[f"{name}_html_bytes"], figures[f"{name}_first_load_bytes"] = sizes
        print(
            f"{name}: p50 {figures[f'{name}_p50_ms']} ms, p99 {figures[f'{name}_p99_ms']} ms bei einem Fragenden;"
            f" {figures[f'{name}_requests_per_second']} Antworten/s bei {CLIENTS};"
            f" {figures[f'{name}_first_load_bytes'] / 1024:.0f} KB beim ersten Besuch"
        )
    for name, question in (("find", portal_search), ("baseline_find", plain_search)):
        times = time_questions(question)
        figures |= {f"{name}_p{share}_ms": percentile(times, share) for share in (50, 95, 99)}
        print(f"{name}: p50 {figures[f'{name}_p50_ms']} ms, p99 {figures[f'{name}_p99_ms']} ms, ohne Webserver")
    return figures


def fill(folder: Path, entries: int) -> int:
    """Fill up to so many entries with generated places and count the words anew; return how many there are."""
    from stadtportal.kernel.city import api as city  # noqa: PLC0415 -- Django is set up by now.
    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.

    missing = entries - search.count_entries()
    if missing > 0:
        file = folder / "generated.ndjson"
        importlib.import_module("import_osm").write_file(file, missing)  # The script beside this one.
        started = time.perf_counter()
        city.import_osm(file)
        print(f"{missing} erzeugte Orte eingelesen in {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    total = search.rebuild()
    print(f"Suche neu aufgebaut in {time.perf_counter() - started:.1f} s")
    return total


def run_asking(
    port: int, paths: Sequence[str], *, clients: int, count: int = 0, seconds: float = 0.0
) -> dict[str, Any]:
    """Ask from a process of its own, after each path was asked once; return ``times`` in ms and ``seconds``."""
    task = {"port": port, "paths": list(paths), "clients": clients, "count": count, "seconds": seconds}
    asked = subprocess.run(
        [sys.executable, __file__, "ask"], input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(asked.stdout)
    return answer


def ask(task: dict[str, Any]) -> None:
    """Ask as told and print what it took."""
    paths, clients = task["paths"], task["clients"]
    warm = connect(task["port"])
    for path in [*paths, *paths]:
        get(warm, path)
    times: list[float] = []
    failed: list[str] = []
    ends = time.monotonic() + task["seconds"] if task["seconds"] else float("inf")

    def work(number: int) -> None:
        connection = connect(task["port"])
        own = islice(cycle(paths), number * 5, None)
        for done, path in enumerate(own):
            if time.monotonic() > ends or (task["count"] and done >= task["count"]):
                return
            begun = time.perf_counter()
            status, _, _ = get(connection, path)
            times.append((time.perf_counter() - begun) * 1000)
            if status != 200:
                failed.append(f"{path} answered {status}")
                return

    begun = time.monotonic()
    threads = [threading.Thread(target=work, args=[number]) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit("; ".join(failed))
    print(json.dumps({"times": times, "seconds": time.monotonic() - begun}))


def connect(port: int) -> http.client.HTTPConnection:
    """Return a connection that is kept open from request to request."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body as they travelled."""
    connection.request("GET", quote(path, safe="/?&=%+.-_"), headers={"Accept-Encoding": "br, gzip"})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def first_load(port: int, path: str) -> tuple[int, int]:
    """Return the bytes of the page alone, and with styles, scripts and fonts; the map comes later and is left out."""
    connection = connect(port)
    html = get(connection, path)[2]
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode()))
    parts = [part for part in sorted(assets) if not part.endswith((".json", ".svg"))]
    return len(html), len(html) + sum(len(get(connection, part)[2]) for part in parts)


def portal_search(text: str) -> None:
    """Ask the portal's search."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up by now.

    from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.

    search.find(search.SearchQuery(text=text), now=timezone.now())


def plain_search(text: str) -> None:
    """Ask PostgreSQL as a first sketch would: count all matches, rank all of them, take twenty."""
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now.

    with connection.cursor() as cursor:
        question = "plainto_tsquery('portal_german', %s)"
        cursor.execute(f"SELECT count(*) FROM search_entry WHERE vector @@ {question}", [text])  # noqa: S608 -- a constant.
        cursor.fetchone()
        cursor.execute(
            f"SELECT * FROM search_entry WHERE vector @@ {question}"  # noqa: S608 -- a constant.
            f" ORDER BY ts_rank(vector, {question}) DESC, title LIMIT 20",
            [text, text],
        )
        cursor.fetchall()


def time_questions(question: Callable[[str], None]) -> list[float]:
    """Return how long each text takes, in milliseconds, asked three times after one round to warm up."""
    times = []
    for turn in range(4):
        for text in TEXTS:
            begun = time.perf_counter()
            question(text)
            if turn:
                times.append((time.perf_counter() - begun) * 1000)
    return times


def percentile(times: Sequence[float], share: int) -> float:
    """Return the time that ``share`` percent of the answers stay within."""
    return round(statistics.quantiles(times, n=100, method="inclusive")[share - 1], 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
