"""Jobs: work queued in the same transaction as the thing that causes it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Register the check that every queued name has a task."""

    name = "stadtportal.kernel.jobs"
    label = "jobs"
    verbose_name = "Aufträge"

    def ready(self) -> None:
        """Register the start-up check."""
        from stadtportal.kernel.jobs import checks  # noqa: F401, PLC0415 -- importing registers it.
