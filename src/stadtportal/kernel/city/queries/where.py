"""Districts, and in which one a point lies."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from stadtportal.kernel.city.models import District, MapLayer
from stadtportal.kernel.city.queries.views import district_view
from stadtportal.kernel.city.rules.geometry import Box, Line, box_of, outline_holds, rings_of
from stadtportal.kernel.contracts import NotFound

if TYPE_CHECKING:
    from stadtportal.kernel.city.rules.shapes import DistrictView

#: The map layer that changes whenever the districts do.
DISTRICT_LAYER = "bezirke"


def list_districts() -> tuple[DistrictView, ...]:
    """Return all districts by their number."""
    return tuple(district_view(district) for district in District.objects.defer("outline"))


def get_district(slug: str) -> DistrictView:
    """Return one district. Raises :class:`NotFound`."""
    found = District.objects.defer("outline").filter(slug=slug).first()
    if found is None:
        message = "Diesen Stadtbezirk gibt es nicht."
        raise NotFound(message)
    return district_view(found)


@dataclass(frozen=True, slots=True)
class _Outline:
    pk: int
    view: DistrictView
    box: Box
    polygons: list[list[Line]]


class DistrictFinder:
    """All outlines in memory, for asking about many points."""

    def __init__(self) -> None:
        """Read the outlines."""
        self._outlines: list[_Outline] = []
        for district in District.objects.all():
            if not district.outline:
                continue
            polygons = rings_of(district.outline)
            box = box_of(chain.from_iterable(rings[0] for rings in polygons))
            self._outlines.append(_Outline(district.pk, district_view(district), box, polygons))

    def _find(self, lat: float, lon: float) -> _Outline | None:
        for outline in self._outlines:
            if outline.box.holds(lat, lon) and outline_holds(outline.polygons, lat, lon):
                return outline
        return None

    def pk(self, lat: float | None, lon: float | None) -> int | None:
        """Return the primary key of the district that holds the point, or ``None``."""
        found = None if lat is None or lon is None else self._find(lat, lon)
        return found.pk if found else None

    def view(self, lat: float, lon: float) -> DistrictView | None:
        """Return the district that holds the point, or ``None``."""
        found = self._find(lat, lon)
        return found.view if found else None


_kept: dict[str, DistrictFinder] = {}


def find_district_at(lat: float, lon: float) -> DistrictView | None:
    """Return the district that holds the point, or ``None``. Outlines are kept until the pack is loaded anew."""
    etag = MapLayer.objects.filter(key=DISTRICT_LAYER).values_list("etag", flat=True).first() or ""
    if etag not in _kept:
        _kept.clear()
        _kept[etag] = DistrictFinder()
    return _kept[etag].view(lat, lon)
