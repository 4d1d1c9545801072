"""Writes: importing catalogues of services and of offices."""

from stadtportal.areas.townhall.actions.importing import CatalogueReport, import_dldb, import_leika

__all__ = ["CatalogueReport", "import_dldb", "import_leika"]
