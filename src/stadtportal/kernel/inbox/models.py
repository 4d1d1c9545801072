"""Messages from the portal, or from a party through it, to a person."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from stadtportal.kernel.trust.api import PersonalManager


class Message(models.Model):
    """One message; it never changes once written, only its times do."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subject = models.TextField()
    body = models.TextField()
    case_reference = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalManager["Message"]("person_id")

    class Meta:
        """Read by person, newest first."""

        base_manager_name = "objects"
        indexes: ClassVar = [
            models.Index(fields=["person", "-sent_at", "-id"], name="message_by_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        """Show the subject line."""
        return self.subject
