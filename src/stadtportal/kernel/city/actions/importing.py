"""Importing OpenStreetMap data of any size: read, judged by the rules, and written batch by batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from stadtportal.kernel.city.actions.bulk import (
    PlaceRow,
    list_held,
    merge_imported,
    refresh_statistics,
    take_turns,
)
from stadtportal.kernel.city.actions.streets import put_streets
from stadtportal.kernel.city.engine.data_file import OpenFile, UnreadableFile
from stadtportal.kernel.city.engine.osm_file import Kind, open_osm
from stadtportal.kernel.city.engine.osm_json import read_objects
from stadtportal.kernel.city.engine.osm_object import OsmObject, OsmStreet
from stadtportal.kernel.city.engine.osm_pbf import read_extract
from stadtportal.kernel.city.models import Category, Origin, Source
from stadtportal.kernel.city.queries import DistrictFinder, forget_place_counts, get_city, list_place_entries
from stadtportal.kernel.city.rules.geometry import Box, valid_point
from stadtportal.kernel.city.rules.hours import is_parsable
from stadtportal.kernel.city.rules.names import imported_slug, sort_key
from stadtportal.kernel.city.rules.osm_tags import PLACE_KEYS, Selectors, place_name, read_place
from stadtportal.kernel.city.rules.report import ImportReport, ImportStopped
from stadtportal.kernel.city.rules.streets import Piece, join_streets
from stadtportal.kernel.contracts import Progress, silent
from stadtportal.kernel.search import api as search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = "osm"
BATCH = 1000
#: A place just outside the city's box still matters to people at its edge.
MARGIN_DEGREES = 0.02
PROGRESS_EVERY = 500

NO_OBJECT = "kein OpenStreetMap-Objekt mit id und tags"
UNNAMED = "ohne Namen"
NO_PLACE = "kein Ort, den man sucht (keine passende Kategorie)"
NO_POINT = "ohne gültige Koordinaten"
TWICE = "zweimal kurz nacheinander in der Datei (der spätere Eintrag zählt)"
IN_PACK = "schon im Stadtpaket enthalten"
ELSEWHERE = "außerhalb der Stadt"
BAD_HOURS = "Öffnungszeiten nicht lesbar (als Text übernommen)"
NO_CATEGORY = "ohne passende Kategorie des Stadtpakets (als Ort ohne Kategorie übernommen)"


@dataclass(slots=True)
class _Run:
    """What one import needs again and again."""

    label: str
    city_name: str
    frame: Box | None
    selectors: Selectors
    categories: dict[str, int]
    finder: DistrictFinder
    report: ImportReport = field(default_factory=ImportReport)


def import_osm(
    path: Path,
    *,
    label: str = "",
    city_name: str = "",
    within_city: bool = False,
    progress: Progress = silent,
) -> ImportReport:
    """Import NDJSON, Overpass JSON (packed with gzip or not) or an ``.osm.pbf`` extract; return what was done.

    ``label`` marks every place as data of elsewhere; ``city_name`` is the city of addresses that name none;
    ``within_city`` leaves out what lies outside the city's box. Places are written 1,000 to a transaction. Raises
    :class:`ImportStopped` when the file cannot be read on; finished batches stay, the unfinished one does not.
    """
    run = _start(label, city_name, within_city=within_city)
    batch: dict[str, PlaceRow] = {}
    pieces: list[tuple[str, Piece]] = []
    done = 0
    try:
        with open_osm(path) as opened:
            for item in _items(opened):
                run.report.read += 1
                if isinstance(item, OsmStreet):
                    _keep_piece(run, item, pieces)
                elif row := _judge(run, item):
                    if row.source_id in batch:
                        run.report.skip(TWICE, f"{row.name} ({row.source_id})")
                    batch[row.source_id] = row
                if len(batch) >= BATCH:
                    _write(run, batch)
                if run.report.read % PROGRESS_EVERY == 0:
                    done = opened.read_bytes
                    size = None if opened.kind is Kind.PBF else opened.size
                    progress(done if size else run.report.read, size, _said(run.report))
    except UnreadableFile as error:
        raise ImportStopped(error.sentence, run.report) from error
    _write(run, batch)
    if pieces:
        progress(run.report.read, None, "Straßen zusammensetzen")
        joined = join_streets(pieces)
        run.report.streets = len(joined)
        run.report.streets_changed = put_streets(joined, source=SOURCE, city_name=run.city_name, finder=run.finder)
    if run.report.changed:
        progress(run.report.read, None, "Wörter für die Suche zählen")
        refresh_statistics()
        search.refresh_vocabulary()
        search.forget_places()
        forget_place_counts()
    progress(run.report.read, run.report.read, _said(run.report))
    return run.report


def _start(label: str, city_name: str, *, within_city: bool) -> _Run:
    """Write down the source and gather what the run needs."""
    city = get_city()
    Source.objects.update_or_create(
        key=SOURCE,
        defaults={
            "title": "OpenStreetMap",
            "holder": "OpenStreetMap-Mitwirkende",
            "licence": "ODbL 1.0",
            "licence_url": "https://opendatacommons.org/licenses/odbl/1-0/",
            "attribution": "© OpenStreetMap-Mitwirkende, ODbL 1.0",
            "url": "https://www.openstreetmap.org/copyright",
        },
    )
    rows = list(Category.objects.order_by("pk").values_list("slug", "pk", "osm"))
    frame = None
    if within_city and city.bounds:
        box = city.bounds
        frame = Box(
            box.south - MARGIN_DEGREES,
            box.west - MARGIN_DEGREES,
            box.north + MARGIN_DEGREES,
            box.east + MARGIN_DEGREES,
        )
    return _Run(
        label=label[:120],
        city_name=(city_name or ("" if label else city.name))[:120],
        frame=frame,
        selectors=Selectors((selector, slug) for slug, _, selectors in rows for selector in selectors),
        categories={slug: pk for slug, pk, _ in rows},
        finder=DistrictFinder(),
    )


def _items(opened: OpenFile[Kind]) -> Iterator[OsmObject | OsmStreet | None]:
    if opened.kind is Kind.PBF:
        return read_extract(opened.path, PLACE_KEYS)
    return read_objects(opened)


def _said(report: ImportReport) -> str:
    return f"{report.places:,} Orte".replace(",", ".")


def _judge(run: _Run, item: OsmObject | None) -> PlaceRow | None:
    """Return the row of an object, or ``None`` and a line in the report."""
    report = run.report
    if item is None:
        report.skip(NO_OBJECT, f"Eintrag {report.read}")
        return None
    name = place_name(item.tags)
    if not name:
        report.skip(UNNAMED, item.source_id)
        return None
    report.named += 1
    example = f"{name} ({item.source_id})"
    category = run.selectors.category(item.tags)
    point = valid_point(item.lat, item.lon)
    if category is None or point is None or (run.frame and not run.frame.holds(*point)):
        reason = NO_PLACE if category is None else NO_POINT if point is None else ELSEWHERE
        report.skip(reason, example)
        return None
    found = read_place(item.tags, category)
    parsable = is_parsable(found.opening_hours)
    if not parsable:
        report.flag(BAD_HOURS, f"{example}: {found.opening_hours}")
    if not category:
        report.flag(NO_CATEGORY, example)
    lat, lon = round(point[0], 7), round(point[1], 7)
    return PlaceRow(
        slug=imported_slug(name, item.source_id),
        name=name,
        sort_name=sort_key(name),
        category_id=run.categories.get(category),
        organisation_id=None,
        district_id=run.finder.pk(lat, lon),
        lat=lat,
        lon=lon,
        street=found.street,
        house_number=found.house_number,
        postcode=found.postcode,
        city_name=found.city_name or run.city_name,
        opening_hours=found.opening_hours,
        hours_parsable=parsable,
        hours_note="",
        phone=found.phone,
        email=found.email,
        website=found.website,
        wheelchair=found.wheelchair,
        tags=found.tags,
        source=SOURCE,
        source_id=item.source_id,
        label=run.label,
        example=False,
        origin=Origin.IMPORT,
    )


def _keep_piece(run: _Run, piece: OsmStreet, pieces: list[tuple[str, Piece]]) -> None:
    lon, lat = piece.line[0]
    if run.frame is None or run.frame.holds(lat, lon):
        pieces.append((" ".join(piece.name.split())[:255], Piece(piece.way_id, piece.kind, piece.line)))


def _write(run: _Run, batch: dict[str, PlaceRow]) -> None:
    """Write one batch and its search entries in one transaction, and empty it."""
    if not batch:
        return
    report = run.report
    with transaction.atomic():
        take_turns()
        for source_id in sorted(list_held(list(batch))):
            report.skip(IN_PACK, f"{batch.pop(source_id).name} ({source_id})")
        merged = merge_imported(list(batch.values()))
        search.put(*list_place_entries([*merged.created, *merged.updated]))
    report.created += len(merged.created)
    report.updated += len(merged.updated)
    report.unchanged += len(batch) - len(merged.created) - len(merged.updated)
    batch.clear()
