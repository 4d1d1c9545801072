"""Two districts, a few categories and entries: enough for every page everybody sees."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadtportal.areas.portal.queries.kept import forget_all
from stadtportal.kernel.city.models import Category, District
from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.search import api as search

CANNSTATT = (48.805, 9.214)


@pytest.fixture
def city(db: None) -> Iterator[None]:  # noqa: ARG001 -- the city is rows.
    for number, (slug, name) in enumerate([("bad-cannstatt", "Bad Cannstatt"), ("mitte", "Mitte")], start=1):
        District.objects.create(
            slug=slug, name=name, sort_name=name, number=number, lat=48.8, lon=9.2, neighbours=["mitte"]
        )
    sport = Category.objects.create(slug="sport", title="Sport", plural="Sport & Bewegung", sort_name="sport")
    for slug, title in [("yoga", "Yoga"), ("schwimmbad", "Schwimmbad")]:
        Category.objects.create(slug=slug, title=title, plural=f"{title}s", sort_name=slug, parent=sport, icon="pool")
    forget_all()
    search.forget_places()
    yield
    forget_all()
    search.forget_places()


@pytest.fixture
def entries(city: None) -> None:  # noqa: ARG001 -- entries lie in districts.
    search.put(
        EntryDraft(
            area="probe",
            kind="place",
            key="haus",
            title="Yoga Haus",
            url="/orte/yoga-haus/",
            category="yoga",
            category_title="Yoga",
            district="bad-cannstatt",
            address="Marktstraße 1, 70372 Stuttgart",
            point=CANNSTATT,
            opening_hours="24/7",
            accessible=True,
        ),
        EntryDraft(
            area="probe",
            kind="course",
            key="kurs",
            title="Yoga am Abend",
            url="/kurse/yoga-am-abend/",
            category="yoga",
            category_title="Yoga",
            district="mitte",
            next_at=timezone.now() + timedelta(days=1),
            price_cents=1250,
            label="Beispiel",
            audience=("children", "families"),
            languages=("tr", "de"),
        ),
        EntryDraft(
            area="probe",
            kind="place",
            key="bad",
            title="Mineralbad <Leuze>",
            url="/orte/leuze/",
            category="schwimmbad",
            category_title="Schwimmbad",
            district="bad-cannstatt",
            point=(48.8, 9.21),
        ),
    )


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST="localhost")
