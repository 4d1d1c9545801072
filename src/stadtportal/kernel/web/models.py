"""What rate limits remember."""

from typing import ClassVar

from django.db import models


class RateWindow(models.Model):
    """How often one key was seen in its present window. ``key`` is a keyed hash, never an address or a name."""

    key = models.CharField(max_length=64, primary_key=True)
    hits = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        """Expired windows are found by time."""

        indexes: ClassVar = [models.Index(fields=["expires_at"], name="web_ratewindow_expires")]

    def __str__(self) -> str:
        """Name the window by its key."""
        return self.key
