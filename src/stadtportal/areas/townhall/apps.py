"""The town hall as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TownhallConfig(AppConfig):
    """The area of services."""

    name = "stadtportal.areas.townhall"
    label = "townhall"
    verbose_name = _("Rathaus")
