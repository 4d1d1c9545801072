"""How often something is opened is counted by the day, forgotten after a while, and lifts it a little."""

from datetime import date, timedelta

import pytest

from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.actions.using import sum_uses, write_uses
from stadtportal.kernel.search.models import Entry, Use

from .conftest import NOW, draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
TODAY = date(2026, 11, 25)


def test_uses_of_a_day_are_added_up_and_name_nobody() -> None:
    for _ in range(3):
        search.count_use(area="probe", kind="place", key="bad", today=TODAY)
    write_uses()
    search.count_use(area="probe", kind="place", key="bad", today=TODAY)
    write_uses()
    assert list(Use.objects.values_list("area", "kind", "key", "day", "count")) == [("probe", "place", "bad", TODAY, 4)]
    assert {field.name for field in Use._meta.get_fields()} == {"id", "area", "kind", "key", "day", "count"}


def test_the_sum_of_ninety_days_reaches_the_entry_and_older_days_are_forgotten() -> None:
    for days, count in ((0, 2), (89, 3), (91, 50)):
        Use.objects.create(area="probe", kind="place", key="bad", day=TODAY - timedelta(days=days), count=count)
    assert sum_uses(today=TODAY) == 1
    assert Entry.objects.get(key="bad").uses == 5
    assert Use.objects.count() == 2
    assert sum_uses(today=TODAY) == 0
    assert sum_uses(today=TODAY + timedelta(days=200)) == 1
    assert Entry.objects.get(key="bad").uses == 0


def test_of_two_equals_the_one_opened_more_often_comes_first() -> None:
    search.put(draft("a", "Halle Alpha"), draft("b", "Halle Omega"))
    Entry.objects.filter(key="b").update(uses=400)
    page = search.find(search.SearchQuery(text="Halle"), now=NOW)
    assert [one.key for one in page.results][:2] == ["b", "a"]


def test_writing_an_entry_again_keeps_its_uses() -> None:
    Entry.objects.filter(key="bad").update(uses=7)
    search.put(draft("bad", "Mineralbad neu"))
    assert Entry.objects.get(key="bad").uses == 7
