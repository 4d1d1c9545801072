"""Writing courses, and what search knows about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from stadtportal.areas.courses.actions.waiting import lock_dates, move_up
from stadtportal.areas.courses.models import Course, PriceCategory, Session
from stadtportal.areas.courses.queries.entries import entry_of, find_listed
from stadtportal.areas.courses.rules import Mode, check_course
from stadtportal.kernel.city import api as city
from stadtportal.kernel.search import api as search

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    """A date to be offered; times are aware."""

    starts_at: datetime
    ends_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What a seat costs; ``proof`` says what to show for it."""

    name: str
    cents: int
    proof: str = ""


@transaction.atomic
def put_course(
    *,
    slug: str,
    organisation: str,
    title: str,
    sessions: Sequence[NewSession],
    prices: Sequence[NewPrice],
    mode: Mode = Mode.SERIES,
    place: str = "",
    description: str = "",
    category: str = "",
    audience: Sequence[str] = (),
    level: str = "",
    language: str = "",
    bring: str = "",
    asks_phone: bool = False,
    min_age: int | None = None,
    max_age: int | None = None,
    cancel_until: timedelta = timedelta(hours=24),
    published_at: datetime | None = None,
    example: bool = False,
    now: datetime,
) -> int:
    """Write a course and return its id; doing it again changes what differs.

    ``organisation``, ``place`` and ``category`` are slugs. Dates are told apart by their start; a date not named stays
    as it is, a capacity never falls below the seats taken, a price not named is retired. Raises ``NotFound`` for an
    unknown organisation or place, ``Incomplete`` for a course without price.
    """
    check_course(
        title=title,
        prices=[price.cents for price in prices],
        dates=[(one.starts_at, one.ends_at, one.capacity) for one in sessions],
    )
    course, _made = Course.objects.update_or_create(
        slug=slug,
        defaults={
            "organisation_id": city.get_organisation(organisation).id,
            "place_id": city.get_place(place).id if place else None,
            "title": title,
            "description": description,
            "category_id": category or None,
            "audience": list(audience),
            "level": level,
            "language": language,
            "bring": bring,
            "asks_phone": asks_phone,
            "mode": mode.value,
            "min_age": min_age,
            "max_age": max_age,
            "cancel_until": cancel_until,
            "published_at": published_at or now,
            "example": example,
        },
    )
    _put_prices(course, prices, now=now)
    _put_dates(course, sessions, now=now)
    write_entry(course, now=now)
    return course.pk


def _put_prices(course: Course, prices: Sequence[NewPrice], *, now: datetime) -> None:
    PriceCategory.objects.bulk_create(
        [
            PriceCategory(
                course=course,
                name=price.name or _("Normalpreis"),
                cents=price.cents,
                proof=price.proof,
                position=position,
            )
            for position, price in enumerate(prices)
        ],
        update_conflicts=True,
        unique_fields=["course", "name"],
        update_fields=["cents", "proof", "position", "retired_at"],
    )
    names = [price.name or _("Normalpreis") for price in prices]
    PriceCategory.objects.filter(course=course, retired_at=None).exclude(name__in=names).update(retired_at=now)


def _put_dates(course: Course, sessions: Sequence[NewSession], *, now: datetime) -> None:
    wanted = {session.starts_at: session for session in sessions}
    ids = list(Session.objects.filter(course=course).values_list("id", flat=True))
    locked = lock_dates(course, session_ids=ids)
    changed = []
    for session in locked:
        new = wanted.pop(session.starts_at, None)
        if new is not None:
            session.ends_at = new.ends_at
            session.capacity = max(new.capacity, session.taken)
            changed.append(session)
    Session.objects.bulk_update(changed, ["ends_at", "capacity"])
    Session.objects.bulk_create(
        Session(
            course=course,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            capacity=session.capacity,
        )
        for session in wanted.values()
    )
    if changed:
        move_up(course, locked=locked, now=now)


def write_entry(course: Course, *, now: datetime) -> None:
    """Tell search about a course, or that there is nothing left to find; in the caller's transaction."""
    listed = find_listed(course_id=course.pk, now=now)
    if listed is None:
        search.remove(area="courses", kind="course", keys=[course.slug])
    else:
        search.put(entry_of(listed))
