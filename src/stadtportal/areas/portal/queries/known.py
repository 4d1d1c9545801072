"""The names of districts and categories, for forms, chips and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stadtportal.areas.portal.queries.kept import Kept
from stadtportal.kernel.city import api as city


@dataclass(frozen=True, slots=True)
class Known:
    """Districts and categories by slug; ``groups`` are the categories above others, with those below them.

    ``districts_by_name`` holds (slug, name) in the order of the alphabet.
    """

    districts: Mapping[str, city.DistrictView]
    categories: Mapping[str, city.CategoryView]
    groups: Mapping[str, tuple[city.CategoryView, ...]]
    districts_by_name: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.districts)

    def below(self, slug: str) -> tuple[str, ...]:
        """Return the slug of a category together with those below it."""
        return (slug, *(category.slug for category in self.groups.get(slug, ())))

    def district_name(self, slug: str) -> str:
        """Return a district's name; of an unknown one nothing."""
        district = self.districts.get(slug)
        return district.name if district else ""


def _make() -> Known:
    categories = city.list_categories()
    groups: dict[str, list[city.CategoryView]] = {one.slug: [] for one in categories if not one.parent}
    for one in categories:
        if one.parent in groups:
            groups[one.parent].append(one)
    districts = city.list_districts()
    by_name = sorted(districts, key=lambda one: city.sort_key(one.name))
    return Known(
        districts={one.slug: one for one in districts},
        categories={one.slug: one for one in categories},
        groups={slug: tuple(below) for slug, below in groups.items()},
        districts_by_name=tuple((one.slug, one.name) for one in by_name),
    )


_known = Kept(_make)


def get_known() -> Known:
    """Return the names of the city, at most a minute old."""
    return _known.get()
