"""The tiny city of the city's own tests, with an example provider that offers courses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.search import api as search
from tests.city.conftest import PACK


@pytest.fixture
def tiny_city(db: None) -> None:  # noqa: ARG001 -- asking for the database is its use.
    """Load the tiny city."""
    city.load_city(folder=PACK)


@pytest.fixture
def studio(tiny_city: None) -> city.OrganisationView:  # noqa: ARG001 -- as above.
    """An example provider with one place and two offers of another area."""
    organisation = city.put_organisation(
        slug="studio-neckar",
        name="Studio Neckar",
        description="Bewegung am Fluss",
        example=True,
        phone="0711 555 12",
        email="studio@example.org",
        website="https://www.studio.example",
    )
    city.put_place(
        slug="studio-neckar-oben", name="Studio Neckar Oben", organisation="studio-neckar", point=(48.785, 9.185)
    )
    now = timezone.now()
    search.put(offer("spaeter", now + timedelta(days=3)), offer("bald", now + timedelta(days=1)))
    search.put(offer("vorbei", now - timedelta(days=1)), offer("fremd", now, organisation="Studio Fern"))
    return organisation


def offer(key: str, next_at: datetime, organisation: str = "Studio Neckar") -> EntryDraft:
    """Return an entry as the area of courses would write it."""
    return EntryDraft(
        area="courses",
        kind="course",
        key=key,
        title=f"Yoga {key}",
        url=f"/kurse/{key}/",
        organisation=organisation,
        next_at=next_at,
        price_cents=1250,
    )
