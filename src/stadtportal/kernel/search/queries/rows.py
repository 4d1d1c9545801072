"""Rows of the statement as results."""

from __future__ import annotations

import json
from typing import Any

from stadtportal.kernel.search.rules.question import FacetValue, Result

COLUMNS = (
    "id, area, kind, key, title, url, summary, category, category_title, district, address, organisation, "
    "lat, lon, opening_hours, next_at, price_cents, audience, accessible, label, source_id"
)


def qualified(columns: str) -> str:
    """Return the columns as those of ``e``."""
    return ", ".join(f"e.{column.strip()}" for column in columns.split(","))


def result_of(row: tuple[Any, ...]) -> Result:
    """Turn one row, in the order of :data:`COLUMNS`, then distance, score and its parts, into a result."""
    number, area, kind, key, title, url, summary, category, category_title, district, *rest = row
    address, organisation, lat, lon, hours, next_at, price, audience, accessible, label, source_id, *last = rest
    distance, score, parts = last
    return Result(
        number=number,
        area=area,
        kind=kind,
        key=key,
        title=title,
        url=url,
        summary=summary,
        category=category,
        category_title=category_title,
        district=district,
        address=address,
        organisation=organisation,
        point=(lat, lon) if lat is not None else None,
        opening_hours=hours,
        next_at=next_at,
        price_cents=price,
        audience=tuple(audience),
        accessible=accessible,
        label=label,
        source_id=source_id,
        distance_m=round(distance) if distance is not None else None,
        score=round(float(score or 0), 4),
        parts=json.loads(parts) if parts else {},
    )


def facets_of(rows: list[tuple[str, str, str, int]]) -> dict[str, tuple[FacetValue, ...]]:
    """Return the counted values by facet, most frequent first."""
    facets: dict[str, list[FacetValue]] = {}
    for name, value, title, count in rows:
        facets.setdefault(name, []).append(FacetValue(value=value, title=title, count=count))
    return {name: tuple(values) for name, values in facets.items()}
