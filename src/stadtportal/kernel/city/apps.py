"""The Django app ``city``."""

from __future__ import annotations

from django.apps import AppConfig

from stadtportal.kernel.contracts import registry


class CityConfig(AppConfig):
    """Tells search where the city's names come from, how it speaks, and how opening hours are read."""

    name = "stadtportal.kernel.city"
    label = "city"
    verbose_name = "Stadt"

    def ready(self) -> None:
        """Register the gazetteer, the dialect and the check of opening hours."""
        from stadtportal.kernel.city.queries import list_dialect_rules, list_place_names  # noqa: PLC0415 -- models load after apps.
        from stadtportal.kernel.city.rules.hours import is_open_within  # noqa: PLC0415 -- see above.
        from stadtportal.kernel.search.api import set_dialect, set_opening_check  # noqa: PLC0415 -- see above.

        registry.set_gazetteer(list_place_names)
        set_opening_check(is_open_within)
        set_dialect(list_dialect_rules)
