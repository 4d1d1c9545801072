"""What areas write is found, what they take out is not, and a rebuild repairs everything without getting in the way."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from stadtportal.kernel.contracts import EntryDraft
from stadtportal.kernel.search import api as search
from stadtportal.kernel.search.models import Entry, Rebuild, Removal

from .conftest import NOW, TOWN, draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def found(text: str) -> list[str]:
    page = search.find(search.SearchQuery(text=text), now=NOW)
    return [one.key for one in page.results] if not page.relaxed else []


def test_putting_twice_keeps_one_entry_with_the_newer_words() -> None:
    search.put(draft("bad", "Hallenbad"))
    assert found("Hallenbad") == ["bad"]
    assert found("Mineralbad") == []
    assert search.count_entries() == len(TOWN)


def test_of_two_drafts_with_one_key_the_later_counts() -> None:
    search.put(draft("x", "Erstes"), draft("x", "Zweites"))
    assert found("Zweites") == ["x"]
    assert found("Erstes") == []


def test_what_is_removed_is_not_found() -> None:
    assert search.remove(area="probe", kind="place", keys=["bad", "unbekannt"]) == 1
    assert found("Mineralbad") == []


def test_a_write_that_is_rolled_back_leaves_nothing() -> None:
    point = transaction.savepoint()
    search.put(draft("x", "Flüchtiges"))
    transaction.savepoint_rollback(point)
    assert found("Flüchtiges") == []


@pytest.mark.parametrize(
    "broken",
    [
        draft("x", ""),
        draft("x", "  \0 "),
        draft("", "Ohne Schlüssel"),
        draft("x", "Weit weg", point=(200.0, 9.0)),
        draft("x", "Nirgends", point=(float("nan"), 9.0)),
        EntryDraft(area="probe", kind="place", key="x", title="Fremd", url="https://example.org/"),
    ],
)
def test_a_broken_draft_is_refused_and_nothing_is_written(broken: EntryDraft) -> None:
    with pytest.raises(ValueError, match="entry probe:place:"):
        search.put(draft("y", "Ganz gut"), broken)
    assert search.count_entries() == len(TOWN)


def test_every_field_comes_back_as_it_was_written() -> None:
    search.put(
        draft(
            "alles",
            "Alles «auf» einmal 🧘 O'Neill \\ %s",
            summary="Zeile\neins",
            category="kultur",
            category_title="Kultur",
            district="mitte",
            address="Königstraße 1",
            organisation="Haus der Vielfalt",
            point=(48.5, 9.25),
            opening_hours='Mo "nach Vereinbarung"',
            next_at=NOW,
            price_cents=0,
            audience=("children", "seniors"),
            accessible=False,
            label="Beispiel",
        )
    )
    (one,) = search.find(search.SearchQuery(text="Alles auf einmal"), now=NOW).results
    assert one.title == "Alles «auf» einmal 🧘 O'Neill \\ %s"
    assert (one.summary, one.category, one.category_title) == ("Zeile\neins", "kultur", "Kultur")
    assert (one.district, one.address, one.organisation) == ("mitte", "Königstraße 1", "Haus der Vielfalt")
    assert (one.point, one.opening_hours, one.next_at) == ((48.5, 9.25), 'Mo "nach Vereinbarung"', NOW)
    assert (one.price_cents, one.audience, one.accessible, one.label) == (0, ("children", "seniors"), False, "Beispiel")


def test_texts_of_any_length_are_kept_as_far_as_an_index_can() -> None:
    search.put(draft("lang", "Wort" * 2000, body="Satz. " * 100_000, words="w" * 50_000, summary="s" * 50_000))
    assert Entry.objects.get(key="lang").title == ("Wort" * 2000)[:300]


def test_a_rebuild_writes_every_area_anew_and_drops_what_is_gone(probe_area: Callable[..., None]) -> None:
    probe_area(lambda: iter([draft("yoga", "Yoga am See"), draft("neu", "Ganz Neues")]))
    steps: list[tuple[int, int | None, str]] = []
    assert search.rebuild(lambda done, total, what: steps.append((done, total, what))) == 2
    assert sorted(Entry.objects.values_list("key", flat=True)) == ["neu", "yoga"]
    assert found("See") == ["yoga"]
    assert steps == [(2, None, "Probe"), (2, 2, "9 veraltete Einträge entfernt")]


def test_what_happens_during_a_rebuild_wins_over_what_the_rebuild_read(probe_area: Callable[..., None]) -> None:
    def entries() -> Iterator[EntryDraft]:
        # Read by the rebuild before people change things, written by it after they did.
        stale = [draft("yoga", "Yoga alter Name"), draft("bad", "Mineralbad"), draft("amt", "Bürgerbüro")]
        search.put(draft("yoga", "Yoga neuer Name"), draft("jung", "Eben erst eröffnet"))
        search.remove(area="probe", kind="place", keys=["bad"])
        yield from stale

    probe_area(entries)
    search.rebuild()
    titles = dict(Entry.objects.values_list("key", "title"))
    assert titles == {"yoga": "Yoga neuer Name", "jung": "Eben erst eröffnet", "amt": "Bürgerbüro"}
    assert not Removal.objects.exists()
    assert Rebuild.objects.filter(finished_at=None).count() == 0


def test_an_area_that_fails_leaves_the_old_index_standing(probe_area: Callable[..., None]) -> None:
    def entries() -> Iterator[EntryDraft]:
        yield draft("yoga", "Yoga")
        raise OSError

    probe_area(entries)
    with pytest.raises(OSError):  # noqa: PT011 -- the error of the area, as it is.
        search.rebuild()
    assert search.count_entries() == len(TOWN)
    assert found("Mineralbad") == ["bad"]


def test_words_of_what_is_gone_are_not_suggested_after_a_rebuild(probe_area: Callable[..., None]) -> None:
    search.put(draft("weg", "Xanthippenhof"))
    assert search.find(search.SearchQuery(text="Xantippenhof"), now=NOW).did_you_mean == "xanthippenhof"
    probe_area(lambda: iter([draft("neu", "Zwischentraum")]))
    search.rebuild()
    page = search.find(search.SearchQuery(text="Xantippenhof"), now=NOW)
    assert page.did_you_mean == ""
    page = search.find(search.SearchQuery(text="Zwischentraumm"), now=NOW)
    assert page.did_you_mean == "zwischentraum"


@pytest.mark.slow
def test_twenty_thousand_entries_are_written_and_counted_honestly() -> None:
    drafts = [
        draft(f"k{n}", f"Ort {n} am Platz", words="Sport Verein Halle", address=f"Hauptstraße {n}", point=(48.7, 9.1))
        for n in range(20_000)
    ]
    assert search.put(*drafts) == 20_000
    page = search.find(search.SearchQuery(text="Sport"), now=NOW)
    assert (page.total, page.total_capped, page.listed) == (10_000, True, 500)
