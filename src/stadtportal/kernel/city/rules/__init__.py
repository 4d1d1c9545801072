"""Decisions about the city, in pure Python: names, geometry, OSM tags, contact details, opening hours."""
