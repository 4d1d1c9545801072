"""Measure the rush: 200 signed-in buyers, 50 places, everybody presses the order button at once.

Starts a database and the real web server (``stadtportal web``, as in production) in a temporary folder. Each buyer
opens the page for checking beforehand, as a browser does, and then posts its form: once 8 and once 32 at a time, over
kept connections, from a process of its own on the same machine. Afterwards the database is asked whether exactly 50 are
booked and 150 wait in the order of their numbers. ``raw_per_second`` is the limit of plain SQL for the same hot row in
the same run: ``UPDATE ... RETURNING`` and one ``INSERT`` in a durable transaction, 8 clients.

The last line is JSON: ``seconds``, ``answered_per_second`` and the times in milliseconds of the run at 32, and the same
with ``_at_8`` of the run at 8. Usage: ``python bench/rush.py``.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from start import free_port, prepare_environment, wait_until_ready

BUYERS = 200
PLACES = 50
AT_ONCE = (8, 32)
RAW_CLIENTS = 8
RAW_SECONDS = 3.0


def main(arguments: Sequence[str]) -> int:
    """Set up, measure, print; or be one of the processes that ask."""
    if arguments[:1] == ["buy"]:
        print(json.dumps(asyncio.run(buy(json.load(sys.stdin)))))
        return 0
    if arguments[:1] == ["raw"]:
        print(raw_client(arguments[1], float(arguments[2])))
        return 0
    with tempfile.TemporaryDirectory(prefix="portal-rush-") as folder:
        port = free_port()
        prepare_environment(Path(folder), port)
        from stadtportal.project.runtime.database import EmbeddedDatabase  # noqa: PLC0415 -- reads the environment.

        with EmbeddedDatabase(Path(os.environ["PORTAL_DATA"])) as database:
            figures = measure(port, database.url)
    print(json.dumps(figures))
    return 0


def measure(port: int, database_url: str) -> dict[str, object]:
    """Run everything against one server and return the figures."""
    import django  # noqa: PLC0415 -- only now is the environment ready.

    django.setup()
    cookies = make_buyers()
    courses = {at_once: make_course(f"rush-{at_once}") for at_once in AT_ONCE}
    server = subprocess.Popen([sys.executable, "-m", "stadtportal.project.cli", "web", "--port", str(port)])
    try:
        wait_until_ready(port, server)
        figures: dict[str, object] = {}
        for at_once, (slug, choice) in courses.items():
            task = {"port": port, "slug": slug, "choice": choice, "cookies": cookies, "at_once": at_once}
            run = ask(["buy"], task)
            booked, waiting = count_booked(slug)
            suffix = "" if at_once == max(AT_ONCE) else f"_at_{at_once}"
            figures |= {f"booked{suffix}": booked, f"waiting{suffix}": waiting}
            figures |= {f"{name}{suffix}": value for name, value in run.items()}
            print(
                f"{BUYERS} buyers, {at_once} at a time: {booked} booked, {waiting} waiting in order, "
                f"{run['seconds']} s, {run['answered_per_second']} answers/s"
            )
    finally:
        server.terminate()
        server.wait(timeout=60)
    figures["raw_per_second"] = raw(database_url)
    print(f"raw SQL, one hot row, {RAW_CLIENTS} clients, durable: {figures['raw_per_second']} transactions/s")
    first = ("booked", "waiting", "seconds", "answered_per_second", "raw_per_second")
    return {name: figures[name] for name in first} | figures


def make_buyers() -> list[str]:
    """Write the tables, 200 accounts and a session for each; return the values of the session cookies."""
    from django.conf import settings  # noqa: PLC0415 -- as above.
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 -- as above.
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 -- as above.
    from django.core.management import call_command  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.people import api as people  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.people.models import Person  # noqa: PLC0415 -- as above.

    call_command("migrate", verbosity=0, interactive=False)
    cookies = []
    for number in range(BUYERS):
        made = people.create_person(
            email=f"buyer{number}@example.org", given_name="Käufer", family_name=f"Nr. {number}", email_verified=True
        )
        session = SessionStore()
        session[SESSION_KEY] = str(made.id)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = Person.objects.get(pk=made.id).get_session_auth_hash()
        session.create()
        cookies.append(str(session.session_key))
    return cookies


def make_course(slug: str) -> tuple[str, dict[str, str]]:
    """Offer one date with 50 places; return the course's slug and what everybody chooses."""
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.areas.courses import api as courses  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.city import api as city  # noqa: PLC0415 -- as above.

    city.put_organisation(slug="rush", name="Studio Andrang", example=True)
    city.put_place(slug="rush", name="Halle", point=(48.8, 9.2), street="Parkweg", house_number="3")
    now = timezone.now()
    start: datetime = now + timedelta(days=7)
    courses.put_course(
        slug=slug,
        organisation="rush",
        place="rush",
        title="Yoga am Abend",
        mode=courses.Mode.SINGLE,
        sessions=[courses.NewSession(start, start + timedelta(hours=1), PLACES)],
        prices=[courses.NewPrice("Normalpreis", 1200)],
        now=now,
    )
    course = courses.get_course(slug=slug, now=now)
    return slug, {"session": str(course.sessions[0].id), "party_size": "1", "price": str(course.prices[0].id)}


def count_booked(slug: str) -> tuple[int, int]:
    """Return how many are booked and how many wait; raise ``SystemExit`` when that is not as it must be."""
    from stadtportal.areas.courses.models import Booking, Session  # noqa: PLC0415 -- as above.
    from stadtportal.areas.courses.queries.desk import list_wrong_counts  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.

    with trust.system("Messung"):
        bookings = list(Booking.objects.filter(course__slug=slug).order_by("id"))
    booked = [one for one in bookings if one.state == "booked"]
    numbers = [one.queue_no for one in bookings if one.state == "waiting"]
    taken = Session.objects.get(course__slug=slug).taken
    if numbers != list(range(1, BUYERS - PLACES + 1)):
        raise SystemExit(f"the waiting list is out of order: {numbers}")
    if (len(booked), taken, list_wrong_counts()) != (PLACES, PLACES, []):
        raise SystemExit(f"{len(booked)} booked, {taken} taken, {PLACES} places")
    return len(booked), len(numbers)


def ask(arguments: list[str], task: dict[str, Any]) -> dict[str, float]:
    """Run this script once more as another process, and return what it prints."""
    ran = subprocess.run(
        [sys.executable, __file__, *arguments], input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, float] = json.loads(ran.stdout)
    return answer


class Connection:
    """One kept connection that speaks just enough HTTP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        self.reader, self.writer, self.port = reader, writer, port

    async def send(self, method: str, path: str, cookies: str, body: bytes = b"") -> tuple[int, str, bytes]:
        """Send one request; return status, headers and body."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: {cookies}\r\nAccept: text/html\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        headers = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?im)^content-length: (\d+)", headers)
        content = await self.reader.readexactly(int(length[1])) if length else b""
        return int(headers.split(maxsplit=2)[1]), headers, content


async def buy(task: dict[str, Any]) -> dict[str, float]:
    """Open the page for checking as every buyer, then post all the forms, so many at a time; return the figures."""
    port: int = task["port"]
    connections = [
        Connection(*await asyncio.open_connection("127.0.0.1", port), port) for _number in range(task["at_once"])
    ]
    ready: list[tuple[str, bytes]] = []
    buyers = iter(enumerate(task["cookies"]))

    async def open_pages(connection: Connection) -> None:
        for number, cookie in buyers:
            ready.append(await open_page(connection, task, number, cookie))

    await asyncio.gather(*(open_pages(one) for one in connections))
    waiting = iter(ready)
    times: list[float] = []

    async def post_forms(connection: Connection) -> None:
        for cookies, form in waiting:
            began = time.perf_counter()
            status, headers, _body = await connection.send("POST", f"/kurse/{task['slug']}/buchen/", cookies, form)
            times.append(time.perf_counter() - began)
            if status != 303 or "/kurse/buchung/" not in headers:
                raise SystemExit(f"a buyer was answered {status}: {headers}")

    began = time.perf_counter()
    await asyncio.gather(*(post_forms(one) for one in connections))
    seconds = time.perf_counter() - began
    for one in connections:
        one.writer.close()
    times.sort()
    return {
        "seconds": round(seconds, 3),
        "answered_per_second": round(len(times) / seconds, 1),
        "p50_ms": round(1000 * statistics.median(times), 1),
        "p99_ms": round(1000 * times[int(0.99 * len(times)) - 1], 1),
    }


async def open_page(connection: Connection, task: dict[str, Any], number: int, cookie: str) -> tuple[str, bytes]:
    """Open the page for checking; return the cookies and the form a browser would send from it."""
    query = urlencode(task["choice"] | {"key": f"{task['slug']}-{number}"})
    status, headers, body = await connection.send(
        "GET", f"/kurse/{task['slug']}/buchen/pruefen/?{query}", f"sitzung={cookie}"
    )
    if status != 200:
        raise SystemExit(f"the page for checking was answered {status}: {headers}")
    page = body.decode()
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    secret = re.search(r"(?i)set-cookie: *formularschutz=([^;]+)", headers)
    if not secret:
        raise SystemExit(f"the page for checking sets no cookie: {headers}")
    cookies = f"sitzung={cookie}; formularschutz={secret[1]}"
    return cookies, urlencode(form | {"waiting_ok": "on"}).encode()


def raw(database_url: str) -> int:
    """Return how many transactions a second plain SQL does on the same hot row."""
    import psycopg  # noqa: PLC0415 -- the processes that buy do without.

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE raw_date (id int PRIMARY KEY, capacity int, taken int)")
        connection.execute("CREATE TABLE raw_booking (id bigserial PRIMARY KEY, date_id int, person text)")
        connection.execute("INSERT INTO raw_date VALUES (1, 1000000000, 0)")
    clients = [
        subprocess.Popen(
            [sys.executable, __file__, "raw", database_url, str(RAW_SECONDS)], stdout=subprocess.PIPE, text=True
        )
        for _number in range(RAW_CLIENTS)
    ]
    return round(sum(float(client.communicate()[0]) for client in clients))


def raw_client(database_url: str, seconds: float) -> float:
    """Book as fast as one connection can; return bookings per second."""
    import psycopg  # noqa: PLC0415 -- as above.

    done = 0
    with psycopg.connect(database_url) as connection:
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            connection.execute(
                "UPDATE raw_date SET taken = taken + 1 WHERE id = 1 AND taken < capacity RETURNING taken"
            ).fetchone()
            connection.execute("INSERT INTO raw_booking (date_id, person) VALUES (1, 'somebody')")
            connection.commit()
            done += 1
        return done / (time.perf_counter() - began)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
