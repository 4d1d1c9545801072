"""A small city with one provider, and people who book with it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from stadtportal.kernel.contracts import Actor, AssuranceLevel, Grant, Role
from tests.staff import give_second_step

if TYPE_CHECKING:
    from stadtportal.areas.courses.models import Course, PriceCategory, Session
    from stadtportal.areas.courses.rules import Order

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Offered:
    """One course as the tests hold it."""

    course: Course
    sessions: list[Session]
    prices: list[PriceCategory]

    def order(self, **changes: Any) -> Order:  # noqa: ANN401 -- any field of an order.
        """Return an order for one seat on the first date, with a fresh key, changed as asked."""
        from stadtportal.areas.courses.rules import Order

        facts: dict[str, Any] = {
            "slug": self.course.slug,
            "session_id": self.sessions[0].pk,
            "party_size": 1,
            "price_id": self.prices[0].pk,
            "key": f"key-{next(_numbers)}",
        }
        facts |= changes
        facts.setdefault("shown_cents", self.prices[0].cents * facts["party_size"])
        return Order(**facts)

    def taken(self) -> list[int]:
        """Return the seats taken on each date."""
        from stadtportal.areas.courses.models import Session

        return list(Session.objects.filter(course=self.course).order_by("id").values_list("taken", flat=True))


Offer = Callable[..., Offered]


def offer_course(*, now: datetime, **changes: Any) -> Offered:  # noqa: ANN401 -- any fact of a course.
    """Put a course with its provider and place; ``capacities`` gives one date a day."""
    from stadtportal.areas.courses import api
    from stadtportal.areas.courses.models import Course, PriceCategory, Session
    from stadtportal.kernel.city import api as city

    number = next(_numbers)
    organisation = changes.pop("organisation", "studio")
    city.put_organisation(slug=organisation, name=organisation.title(), example=True)
    city.put_place(slug="halle", name="Halle am Park", point=(48.8, 9.2), street="Parkweg", house_number="3")
    capacities = changes.pop("capacities", [2])
    start = changes.pop("first_at", now + timedelta(days=3))
    facts: dict[str, Any] = {
        "slug": f"kurs-{number}",
        "organisation": organisation,
        "place": "halle",
        "title": f"Yoga {number}",
        "mode": api.Mode.SINGLE,
        "sessions": [
            api.NewSession(start + timedelta(days=day), start + timedelta(days=day, hours=1), capacity)
            for day, capacity in enumerate(capacities)
        ],
        "prices": [api.NewPrice("Normalpreis", 1200), api.NewPrice("Ermäßigt", 600, "Bonuscard")],
        "published_at": now - timedelta(days=1),
        "now": now,
    }
    pk = api.put_course(**facts | changes)
    return Offered(
        course=Course.objects.get(pk=pk),
        sessions=list(Session.objects.filter(course=pk).order_by("id")),
        prices=list(PriceCategory.objects.filter(course=pk).order_by("position")),
    )


def new_actor(*, organisation_id: int | None = None) -> Actor:
    """Open an account; with an organisation, for its staff."""
    from stadtportal.kernel.people import api as people

    number = next(_numbers)
    person = people.create_person(
        email=f"person{number}@example.org", given_name="Person", family_name=f"Nr{number:05}"
    )
    grants = frozenset[Grant]()
    if organisation_id is not None:
        people.grant_role(person_id=person.id, role=Role.PROVIDER_STAFF, organisation_id=organisation_id)
        grants = frozenset({Grant(Role.PROVIDER_STAFF, organisation_id)})
        give_second_step(person.id)
    return Actor(person_id=person.id, shown_as=person.name, level=AssuranceLevel.BASIC, grants=grants)


@pytest.fixture
def now() -> datetime:
    """One moment for the whole test: the real one, as the database and the pages use it too."""
    return datetime.now(UTC)


@pytest.fixture
def offer(db: None, now: datetime) -> Offer:  # noqa: ARG001 -- courses are rows.
    """Offer a course."""

    def make(**changes: Any) -> Offered:  # noqa: ANN401 -- any fact of a course.
        return offer_course(now=now, **changes)

    return make


@pytest.fixture
def resident(db: None) -> Callable[[], Actor]:  # noqa: ARG001 -- people are rows.
    """Make somebody who books."""
    return new_actor
