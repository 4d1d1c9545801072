"""Places and organisations that an area writes one by one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from stadtportal.kernel.city import api as city
from stadtportal.kernel.city.models import Place
from stadtportal.kernel.contracts import NotFound
from stadtportal.kernel.search import api as search

pytestmark = pytest.mark.usefixtures("tiny_city")


def test_a_place_of_an_example_provider() -> None:
    city.put_organisation(slug="studio-neckar", name="Studio Neckar", example=True, phone="0711/5 55")
    place = city.put_place(
        slug="studio-neckar-oben",
        name="Studio Neckar Oben",
        category="cafe",
        organisation="studio-neckar",
        point=(48.785, 9.185),
        opening_hours="Mo-Fr 08:00-20:00",
    )
    assert (place.district, place.organisation, place.example) == ("oben", "studio-neckar", True)
    assert place.city_name == city.city().name
    [result] = search.find(search.SearchQuery(text="Studio Neckar Oben"), now=timezone.now()).results[:1]
    assert (result.url, result.label, result.organisation) == ("/orte/studio-neckar-oben/", "Beispiel", "Studio Neckar")
    assert city.get_organisation("studio-neckar").phone == "0711 5 55"


def test_writing_again_changes_the_same_place() -> None:
    first = city.put_place(slug="laden", name="Laden")
    second = city.put_place(slug="laden", name="Laden am Eck", opening_hours="nach Laune")
    assert (second.id, second.name, second.hours_parsable) == (first.id, "Laden am Eck", False)


def test_several_places_or_none() -> None:
    with pytest.raises(NotFound, match="Kategorie"):
        city.put_places(places=[{"slug": "eins", "name": "Eins"}, {"slug": "zwei", "name": "Zwei", "category": "x"}])
    assert not Place.objects.filter(slug="eins").exists()
    assert city.put_places(places=[{"slug": "eins", "name": "Eins"}, {"slug": "zwei", "name": "Zwei"}]) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"slug": "a", "name": " "}, "brauchen einen Namen"),
        ({"slug": "A b", "name": "A"}, "Kurzadresse"),
        ({"slug": "", "name": "A"}, "Kurzadresse"),
        ({"slug": "a", "name": "A", "point": (95.0, 9.0)}, "nicht auf der Erde"),
        ({"slug": "a", "name": "A", "point": (float("nan"), 9.0)}, "nicht auf der Erde"),
    ],
)
def test_what_cannot_be_a_place_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(city.PlaceRefused, match=said):
        city.put_place(**values)  # type: ignore[arg-type]  # wrong values are what this is about.


def test_a_removed_place_is_no_longer_found() -> None:
    assert city.remove_place(slug="stadtpark") is True
    assert city.remove_place(slug="stadtpark") is False
    assert city.find_place("stadtpark") is None
    assert search.find(search.SearchQuery(text="Stadtpark", literal=True), now=timezone.now()).total == 0


@pytest.mark.parametrize("point", [{"lat": 48.7}, {"lon": 9.1}, {"lat": 91, "lon": 9}, {"lat": 48, "lon": 181}])
def test_the_database_refuses_half_points_and_points_off_the_earth(point: dict[str, float]) -> None:
    with pytest.raises(IntegrityError, match="place_point_on_earth"), transaction.atomic():
        Place.objects.create(slug="x", name="X", sort_name="x", **point)


def test_nearby_places_come_nearest_first() -> None:
    for number, lat in enumerate((48.7855, 48.7852, 48.7858)):
        city.put_place(slug=f"nah-{number}", name=f"Nah {number}", point=(lat, 9.185))
    nearby = city.list_nearby(city.get_place("cafe-ueberblick"))
    assert [(one.slug, one.metres, one.distance_words) for one in nearby] == [
        ("nah-1", 22, "20 m"),
        ("nah-0", 56, "60 m"),
        ("nah-2", 89, "90 m"),
    ]
    assert city.list_nearby(city.get_place("buecherei-ohne-punkt")) == ()
