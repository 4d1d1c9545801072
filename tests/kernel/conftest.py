"""An area that exists only in these tests, so that the kernel is tried without any real one."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from stadtportal.kernel.contracts import Actor, Area, AssuranceLevel, CaseKind, Grant, Role, Status, registry
from stadtportal.kernel.people import api as people

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def probe_area(monkeypatch: pytest.MonkeyPatch) -> Area:
    area = Area(
        slug="probe",
        title="Probe",
        icon="info",
        mounts={},
        case_kinds=(
            CaseKind(
                slug="trial",
                title="Versuch",
                icon="info",
                statuses=(Status("open", "Offen"), Status("done", "Fertig", tone="success", final=True)),
            ),
        ),
    )
    monkeypatch.setattr(registry, "_areas", {**registry._areas, "probe": area})
    return area


@pytest.fixture
def make_resident(db: None) -> Callable[[], Actor]:  # noqa: ARG001 -- people are rows.
    numbers = itertools.count(1)

    def make() -> Actor:
        number = next(numbers)
        person = people.create_person(
            email=f"person{number}@example.org", given_name=f"Person{number}", family_name="Muster"
        )
        return Actor(person_id=person.id, shown_as=f"Person{number} Muster", level=AssuranceLevel.BASIC)

    return make


@pytest.fixture
def clerk(make_resident: Callable[[], Actor]) -> Actor:
    person = make_resident()
    return Actor(
        person_id=person.person_id,
        shown_as="Alex Amt (Bürgerbüro)",
        level=AssuranceLevel.BASIC,
        grants=frozenset({Grant(Role.CASE_WORKER)}),
    )


@pytest.fixture
def empty_queue(db: None) -> None:  # noqa: ARG001 -- the queue is rows.
    """Take away jobs that tests with real commits left behind: their clean-up does not know procrastinate's tables."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
