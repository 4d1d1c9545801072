"""Reads of the city's data. What is returned is frozen and free of the database."""

from stadtportal.kernel.city.queries.layers import (
    get_city,
    get_layer,
    list_dialect_rules,
    list_place_names,
    list_streets_in,
    pack_folder,
)
from stadtportal.kernel.city.queries.places import (
    count_figures,
    find_place,
    forget_place_counts,
    get_organisation,
    get_place,
    get_source,
    list_categories,
    list_letters,
    list_nearby,
    list_organisation_places,
    list_organisations,
    list_places,
    list_places_of_source,
    list_sources,
)
from stadtportal.kernel.city.queries.search_entries import (
    list_entries,
    list_organisation_entries,
    list_place_entries,
)
from stadtportal.kernel.city.queries.where import (
    DistrictFinder,
    find_district_at,
    get_district,
    list_districts,
)

__all__ = [
    "DistrictFinder",
    "count_figures",
    "find_district_at",
    "find_place",
    "forget_place_counts",
    "get_city",
    "get_district",
    "get_layer",
    "get_organisation",
    "get_place",
    "get_source",
    "list_categories",
    "list_dialect_rules",
    "list_districts",
    "list_entries",
    "list_letters",
    "list_nearby",
    "list_organisation_entries",
    "list_organisation_places",
    "list_organisations",
    "list_place_entries",
    "list_place_names",
    "list_places",
    "list_places_of_source",
    "list_sources",
    "list_streets_in",
    "pack_folder",
]
