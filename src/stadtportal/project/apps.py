"""Wiring at start-up: the installed areas introduce themselves to the kernel."""

from django.apps import AppConfig
from django.conf import settings

from stadtportal.kernel.contracts import registry


class ProjectConfig(AppConfig):
    """Fill the registry from the entry points that ``ENABLED_AREAS`` chooses."""

    name = "stadtportal.project"
    label = "project"

    def ready(self) -> None:
        """Load each enabled area's description."""
        for name in settings.ENABLED_AREAS:
            registry.add_area(settings.AREA_ENTRY_POINTS[name].load())
