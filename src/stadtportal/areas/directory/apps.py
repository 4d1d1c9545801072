"""The Django app ``directory``."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Pages of places and organisations; it keeps no data of its own."""

    name = "stadtportal.areas.directory"
    label = "directory"
    verbose_name = "Verzeichnis"
