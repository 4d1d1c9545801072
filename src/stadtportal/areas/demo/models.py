"""What the demonstration keeps: mail that was not sent, and which run of each example course is on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class OutgoingMail(models.Model):
    """A mail the portal wrote. ``source`` is the whole message as a mail server would have got it (RFC 5322)."""

    created_at = models.DateTimeField(default=timezone.now)
    sender = models.TextField()
    recipients = models.TextField()
    subject = models.TextField()
    text = models.TextField()
    source = models.BinaryField()

    objects: ClassVar[models.Manager[OutgoingMail]] = models.Manager()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        """Return the subject."""
        return self.subject


class CourseRun(models.Model):
    """The run of an example course that is on: its first and its last day."""

    slug = models.SlugField(max_length=120, unique=True)
    first_on = models.DateField()
    last_on = models.DateField()

    objects: ClassVar[models.Manager[CourseRun]] = models.Manager()

    class Meta:
        """A run does not end before it starts."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="demo_courserun_ends_after_start",
                condition=models.Q(last_on__gte=models.F("first_on")),
            ),
        ]

    def __str__(self) -> str:
        """Return the course's slug."""
        return self.slug


class Seeding(models.Model):
    """The last time demo data was written: from which file (SHA-256), and for which day."""

    checksum = models.CharField(max_length=64)
    seeded_on = models.DateField()

    objects: ClassVar[models.Manager[Seeding]] = models.Manager()

    def __str__(self) -> str:
        """Return the day."""
        return self.seeded_on.isoformat()
