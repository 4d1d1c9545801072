"""The portal area as Django sees it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Front page, search page, district pages and *Mein Stuttgart*."""

    name = "stadtportal.areas.portal"
    label = "portal"
    verbose_name = "Stadtportal"
