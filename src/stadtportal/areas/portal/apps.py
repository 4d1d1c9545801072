"""The portal area as Django sees it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Front page, search page, district pages and *Mein Stuttgart*."""

    name = "stadtportal.areas.portal"
    label = "portal"
    verbose_name = "Stadtportal"

    def ready(self) -> None:
        """Tell search how opening hours are read."""
        from stadtportal.kernel.city import api as city  # noqa: PLC0415 -- models load after apps.
        from stadtportal.kernel.search import api as search  # noqa: PLC0415 -- as above.

        search.set_opening_check(city.is_open)
