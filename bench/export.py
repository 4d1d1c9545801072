"""Export, preview and erase one person with 1,000 bookings, each with case, history, messages and looks by others.

Usage: ``python bench/export.py [CASES]``. Beside that person live 50 others, so that nothing is quick by being alone.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

CASES = 1000
OTHERS = 50


def make_person(number: int, *, cases: int, now: datetime) -> Any:  # noqa: ANN401 -- a UUID; nothing of ours is loaded yet.
    """Open an account that has booked so many dates, has a message for each, and was looked at as often."""
    from stadtportal.areas.courses import api as courses  # noqa: PLC0415 -- Django is set up by now.
    from stadtportal.areas.courses.models import Course, PriceCategory, Session  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.contracts import Actor  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.people import api as people  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.trust.models import AccessEvent  # noqa: PLC0415 -- as above.

    person = people.create_person(email=f"p{number}@example.org", given_name="Person", family_name=f"Nr {number}")
    course = Course.objects.get()
    price = PriceCategory.objects.get(course=course)
    actor = Actor(person_id=person.id, shown_as=person.name)
    for session in Session.objects.filter(course=course).order_by("id")[:cases]:
        order = courses.Order(
            slug=course.slug,
            session_id=session.pk,
            party_size=1,
            price_id=price.pk,
            shown_cents=price.cents,
            key=f"{number}-{session.pk}",
        )
        courses.book(actor=actor, order=order, now=now)
    AccessEvent.objects.bulk_create(
        AccessEvent(
            subject_id=person.id,
            at=now,
            actor_name="Studio am Park",
            purpose="Teilnahmeliste ansehen",
            legal_basis="Art. 6 Abs. 1 b DSGVO",
            fields=["Name", "Plätze"],
        )
        for _ in range(cases)
    )
    return person.id


def fill(cases: int, *, now: datetime) -> Any:  # noqa: ANN401 -- as above.
    """Put one course with as many dates as are booked, and all people; return the one who has booked them all."""
    from stadtportal.areas.courses import api as courses  # noqa: PLC0415 -- as above.
    from stadtportal.kernel.city import api as city  # noqa: PLC0415 -- as above.

    city.put_organisation(slug="studio", name="Studio am Park", example=True)
    city.put_place(slug="halle", name="Halle", point=(48.8, 9.2), street="Parkweg", house_number="3")
    first = now + timedelta(days=3)
    courses.put_course(
        slug="yoga",
        organisation="studio",
        place="halle",
        title="Yoga am Abend",
        mode=courses.Mode.SINGLE,
        sessions=[
            courses.NewSession(first + timedelta(hours=2 * n), first + timedelta(hours=2 * n + 1), OTHERS + 1)
            for n in range(cases)
        ],
        prices=[courses.NewPrice("Normalpreis", 1200)],
        published_at=now - timedelta(days=1),
        now=now,
    )
    for number in range(1, OTHERS + 1):
        make_person(number, cases=min(cases, 10), now=now)
    return make_person(0, cases=cases, now=now)


def timed(what: str, began: float) -> float:
    """Print and return the seconds since ``began``."""
    seconds = time.perf_counter() - began
    print(f"{what}: {seconds:.2f} s")
    return round(seconds, 3)


def measure(folder: Path, cases: int) -> dict[str, float]:
    """Fill the portal in ``folder`` and measure one person's export, dry run and erasure."""
    from django.core.management import call_command  # noqa: PLC0415 -- as above.

    from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- as above.

    now = datetime.now(UTC)
    call_command("migrate", interactive=False, verbosity=0)
    began = time.perf_counter()
    person_id = fill(cases, now=now)
    figures: dict[str, float] = {"cases": cases, "fill_seconds": timed("Anlegen", began)}
    target = folder / "archiv.zip"
    steps: list[tuple[float, str]] = []
    began = time.perf_counter()
    missing = trust.write_export(
        person_id=person_id,
        target=target,
        now=now,
        progress=lambda _done, _total, what: steps.append((time.perf_counter(), what)),
    )
    figures["export_seconds"] = timed(f"Export von {cases} Vorgängen", began)
    for (at, what), (after, _next) in itertools.pairwise(steps):
        if after - at > 0.1:
            print(f"  {what}: {after - at:.2f} s")
    if missing:
        message = f"missing from the export: {missing}"
        raise SystemExit(message)
    figures["archive_megabytes"] = round(target.stat().st_size / 1024**2, 2)
    began = time.perf_counter()
    trust.preview_erasure(person_id=person_id, now=now)
    figures["preview_seconds"] = timed("Probelauf der Löschung", began)
    began = time.perf_counter()
    figures["erased_rows"] = trust.erase_person(person_id=person_id, now=now).rows
    figures["erase_seconds"] = timed("Löschung", began)
    return figures


def main() -> None:
    """Set up a portal of its own, measure, and take it down."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with tempfile.TemporaryDirectory(prefix="portal-export-") as name:
        folder = Path(name)
        os.environ["PORTAL_DATA"] = name
        os.environ["DJANGO_SETTINGS_MODULE"] = "stadtportal.project.settings"
        os.environ.pop("DATABASE_URL", None)
        from stadtportal.project.runtime.database import EmbeddedDatabase  # noqa: PLC0415 -- reads PORTAL_DATA.

        database = EmbeddedDatabase(folder)
        database.start()
        try:
            import django  # noqa: PLC0415 -- as above.

            django.setup()
            figures = measure(folder, cases)
        finally:
            database.stop()
            database.remove()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
