"""The search package as Django sees it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Everything that can be found in the portal."""

    name = "stadtportal.kernel.search"
    label = "search"
    verbose_name = "Suche"
