"""Writes: loading the pack, importing OpenStreetMap data, and single places and organisations."""

from stadtportal.kernel.city.actions.importing import import_osm
from stadtportal.kernel.city.actions.pack import load_city
from stadtportal.kernel.city.actions.single import put_organisation, put_place, put_places, put_source, remove_place

__all__ = ["import_osm", "load_city", "put_organisation", "put_place", "put_places", "put_source", "remove_place"]
