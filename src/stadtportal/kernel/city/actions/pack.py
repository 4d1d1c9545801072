"""Loading the city pack: all of it in one transaction, changing only what differs."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.db.models.functions import Now

from stadtportal.kernel.city.actions.bulk import PlaceRow, merge_pack, take_turns
from stadtportal.kernel.city.engine.pack_files import Pack, PackBroken, read_pack
from stadtportal.kernel.city.models import (
    Category,
    District,
    MapLayer,
    Organisation,
    Origin,
    Place,
    Postcode,
    Quarter,
    Source,
)
from stadtportal.kernel.city.queries import (
    DistrictFinder,
    forget_place_counts,
    list_organisation_entries,
    list_place_entries,
    pack_folder,
)
from stadtportal.kernel.city.rules.contact import plain_email, readable_phone, safe_website
from stadtportal.kernel.city.rules.entries import AREA, ORGANISATION, PLACE
from stadtportal.kernel.city.rules.geometry import valid_point
from stadtportal.kernel.city.rules.hours import is_parsable
from stadtportal.kernel.city.rules.names import sort_key
from stadtportal.kernel.city.rules.report import ImportReport
from stadtportal.kernel.contracts import Progress, silent
from stadtportal.kernel.search import api as search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from django.db import models

STEPS = 6
Row = TypeVar("Row")


def load_city(progress: Progress = silent, *, folder: Path | None = None) -> ImportReport:
    """Load the city pack of this installation, or the one in ``folder``; return what changed among its places.

    Loading twice changes nothing the second time. What left the pack leaves the portal. Raises
    :class:`PackBroken`; then nothing was changed.
    """
    progress(0, STEPS, "Stadtpaket lesen")
    pack = read_pack(folder or pack_folder())
    with transaction.atomic():
        take_turns()
        progress(1, STEPS, "Stadtbezirke und Kategorien")
        named_anew = [
            _sources(pack),
            _districts(pack),
            _categories(pack),
        ]
        _names(pack)
        progress(2, STEPS, "Karte")
        _layers(pack)
        progress(3, STEPS, "Anbieter")
        changed_organisations = _organisations(pack)
        progress(4, STEPS, "Orte")
        anything = any(named_anew) or changed_organisations
        report = _places(pack, everything=anything)
        progress(5, STEPS, "Suche")
        if anything or report.changed:
            search.refresh_vocabulary()
    search.forget_places()
    forget_place_counts()
    progress(STEPS, STEPS, "Stadtpaket geladen")
    return report


def _put(model: type[models.Model], key: str, rows: Iterable[dict[str, Any]]) -> bool:
    """Insert or update rows by ``key`` and delete those of other keys; return whether anything changed."""
    manager = model._default_manager  # noqa: SLF001 -- Django documents it for code that gets a model as an argument.
    known = {getattr(row, key): row for row in manager.all()}
    changed = False
    for values in rows:
        row = known.pop(values[key], None)
        if row is None:
            manager.create(**values)
            changed = True
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            changed = True
    if known:
        manager.filter(**{f"{key}__in": list(known)}).delete()
        changed = True
    return changed


def _sources(pack: Pack) -> bool:
    """Write the pack's sources; those of imports stay."""
    changed = False
    for key, raw in pack.sources.items():
        values = {
            "title": str(raw.get("title") or key),
            "holder": str(raw.get("holder") or ""),
            "as_of": raw.get("as_of"),
            "licence": str(raw.get("licence") or ""),
            "licence_url": safe_website(str(raw.get("licence_url") or "")),
            "attribution": str(raw.get("attribution") or ""),
            "url": safe_website(str(raw.get("url") or "")),
        }
        if not Source.objects.filter(key=key, **values).exists():
            Source.objects.update_or_create(key=key, defaults=values)
            changed = True
    return changed


def _districts(pack: Pack) -> bool:
    rows = []
    for feature in pack.districts:
        given = feature["properties"]
        lon, lat = given["centre"]
        rows.append(
            {
                "slug": given["slug"],
                "name": given["name"],
                "sort_name": sort_key(given["name"]),
                "number": int(given["number"]),
                "lat": lat,
                "lon": lon,
                "inner": bool(given.get("inner")),
                "outline": feature["geometry"],
                "neighbours": list(given.get("neighbours") or []),
            }
        )
    return _put(District, "slug", rows)


def _categories(pack: Pack) -> bool:
    """Write the categories, then who is below whom."""
    changed = _put(
        Category,
        "slug",
        [
            {
                "slug": raw["slug"],
                "title": raw["title"],
                "plural": raw.get("plural") or raw["title"],
                "sort_name": sort_key(raw.get("plural") or raw["title"]),
                "words": " ".join(raw.get("words") or []),
                "schema_org": raw.get("schema_org") or "Place",
                "icon": raw.get("icon") or "",
                "osm": list(raw.get("osm") or []),
            }
            for raw in pack.categories
        ],
    )
    by_slug = {category.slug: category for category in Category.objects.all()}
    for raw in pack.categories:
        category, parent = by_slug[raw["slug"]], by_slug.get(raw.get("parent") or "")
        if raw.get("parent") and parent is None:
            message = f"categories.yaml: „{raw['slug']}“ liegt unter „{raw['parent']}“, das es nicht gibt."
            raise PackBroken(message)
        if category.parent_id != (parent.pk if parent else None):
            category.parent = parent
            category.save(update_fields=["parent"])
            changed = True
    return changed


def _names(pack: Pack) -> None:
    """Write quarters and postcodes anew; nothing points to them."""
    districts = {district.slug: district for district in District.objects.defer("outline")}
    Quarter.objects.all().delete()
    Quarter.objects.bulk_create(
        Quarter(name=name, district=_known(districts, slug, f"quarters.yaml: {name}")) for name, slug in pack.quarters
    )
    Postcode.objects.all().delete()
    Postcode.objects.bulk_create(
        Postcode(
            code=code,
            district=_known(districts, raw["district"], f"postcodes.yaml: {code}") if raw.get("district") else None,
            lat=raw.get("lat"),
            lon=raw.get("lon"),
        )
        for code, raw in pack.postcodes.items()
    )


def _known(rows: dict[str, Row], slug: str, where: str) -> Row:
    if slug not in rows:
        message = f"{where}: „{slug}“ gibt es nicht."
        raise PackBroken(message)
    return rows[slug]


def _layers(pack: Pack) -> None:
    """Write the finished documents the map is drawn from, each with its attribution."""
    for key, features, source in (
        ("bezirke", pack.districts, "stadtbezirke"),
        ("parks", pack.parks, "osm-parks"),
    ):
        attribution = str((pack.sources.get(source) or {}).get("attribution") or "")
        document = json.dumps(
            {"type": "FeatureCollection", "attribution": attribution, "features": features},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        etag = hashlib.sha256(document.encode()).hexdigest()[:32]
        if not MapLayer.objects.filter(key=key, etag=etag).exists():
            MapLayer.objects.update_or_create(key=key, defaults={"document": document, "etag": etag})


def _organisations(pack: Pack) -> bool:
    changed: list[int] = []
    kept = {row.slug: row for row in Organisation.objects.filter(slug__in=[raw["slug"] for raw in pack.organisations])}
    for raw in pack.organisations:
        values = {
            "name": raw["name"],
            "sort_name": sort_key(raw["name"]),
            "kind": raw.get("kind") or "",
            "description": raw.get("description") or "",
            "website": safe_website(raw.get("website") or ""),
            "phone": readable_phone(raw.get("phone") or ""),
            "email": plain_email(raw.get("email") or ""),
            "example": bool(raw.get("example")),
            "source": raw.get("source") or "",
            "source_id": str(raw.get("source_id") or ""),
            "origin": Origin.PACK,
            "removed_at": None,
        }
        row = kept.get(raw["slug"])
        if row is None or any(getattr(row, name) != value for name, value in values.items()):
            made, _ = Organisation.objects.update_or_create(slug=raw["slug"], defaults=values)
            changed.append(made.pk)
    gone = Organisation.objects.filter(origin=Origin.PACK, removed_at=None).exclude(
        slug__in=[raw["slug"] for raw in pack.organisations]
    )
    slugs = list(gone.values_list("slug", flat=True))
    gone.update(removed_at=Now(), source_id="")
    search.put(*list_organisation_entries(changed))
    search.remove(area=AREA, kind=ORGANISATION, keys=slugs)
    return bool(changed or slugs)


def _places(pack: Pack, *, everything: bool) -> ImportReport:
    """Write the places; ``everything`` writes all their search entries, because names they carry have changed."""
    report = ImportReport(read=len(pack.places), named=len(pack.places))
    categories = dict(Category.objects.values_list("slug", "pk"))
    organisations = dict(Organisation.objects.filter(removed_at=None).values_list("slug", "pk"))
    districts = dict(District.objects.values_list("slug", "pk"))
    finder = DistrictFinder()
    rows = {}
    for raw in pack.places:
        if raw["slug"] in rows:
            message = f"places: „{raw['slug']}“ steht zweimal im Stadtpaket."
            raise PackBroken(message)
        rows[raw["slug"]] = _row(pack, raw, categories, organisations, districts, finder)
    merged, gone = merge_pack(list(rows.values()))
    search.remove(area=AREA, kind=PLACE, keys=gone)
    ids = (
        list(Place.objects.filter(removed_at=None, category__isnull=False).values_list("pk", flat=True))
        if everything
        else []
    )
    search.put(*list_place_entries(sorted({*ids, *merged.created, *merged.updated})))
    report.created, report.updated = len(merged.created), len(merged.updated)
    report.unchanged = len(rows) - report.created - report.updated
    return report


def _row(  # noqa: PLR0917 -- the lookups of one loading, passed along once.
    pack: Pack,
    raw: dict[str, Any],
    categories: dict[str, int],
    organisations: dict[str, int],
    districts: dict[str, int],
    finder: DistrictFinder,
) -> PlaceRow:
    where = f"places: {raw['slug']}"
    lat, lon = raw.get("lat"), raw.get("lon")
    if (lat is None) != (lon is None) or (lat is not None and valid_point(lat, lon) is None):
        message = f"{where}: Der Punkt {lat}, {lon} liegt nicht auf der Erde."
        raise PackBroken(message)
    hours = raw.get("opening_hours") or ""
    district = raw.get("district")
    return PlaceRow(
        slug=raw["slug"],
        name=raw["name"],
        sort_name=sort_key(raw["name"]),
        category_id=_known(categories, raw["category"], where) if raw.get("category") else None,
        organisation_id=_known(organisations, raw["organisation"], where) if raw.get("organisation") else None,
        district_id=_known(districts, district, where) if district else finder.pk(lat, lon),
        lat=lat,
        lon=lon,
        street=raw.get("street") or "",
        house_number=str(raw.get("house_number") or ""),
        postcode=str(raw.get("postcode") or ""),
        city_name=raw.get("city_name") or pack.city.name,
        opening_hours=hours,
        hours_parsable=is_parsable(hours),
        hours_note=raw.get("hours_note") or "",
        phone=readable_phone(raw.get("phone") or ""),
        email=plain_email(raw.get("email") or ""),
        website=safe_website(raw.get("website") or ""),
        wheelchair=raw.get("wheelchair") or "",
        tags={str(key): str(value) for key, value in (raw.get("tags") or {}).items()},
        source=raw.get("source") or "",
        source_id=str(raw.get("source_id") or ""),
        label=raw.get("label") or "",
        example=bool(raw.get("example")),
        origin=Origin.PACK,
    )
