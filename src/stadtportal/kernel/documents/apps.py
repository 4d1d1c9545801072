"""Documents: calendar files and letters."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Keeps no data."""

    name = "stadtportal.kernel.documents"
    label = "documents"
    verbose_name = "Dokumente"
