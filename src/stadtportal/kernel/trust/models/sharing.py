"""What people let the portal pass on, every change of it, and what was passed on."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from stadtportal.kernel.trust.models import PersonalManager


class Consent(models.Model):
    """Whether one organisation may receive one kind of fact of one person for one purpose, as it stands now.

    The organisation is kept by number and by the name it had: trust lies below the city's directory.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation_id = models.BigIntegerField()
    organisation_name = models.TextField()
    organisation_address = models.TextField(blank=True)
    organisation_contact = models.TextField(blank=True)
    kind = models.TextField()
    purpose = models.TextField()
    purpose_words = models.TextField()
    retention_words = models.TextField()
    given = models.BooleanField()
    changed_at = models.DateTimeField()

    objects = PersonalManager["Consent"]("person_id")

    class Meta:
        """One row however often it is given and withdrawn."""

        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "organisation_id", "purpose", "kind"], name="consent_once"),
        ]

    def __str__(self) -> str:
        """Say who may receive what."""
        return f"{self.organisation_name}: {self.kind}"


class ConsentEvent(models.Model):
    """One giving or withdrawing, with the receipt as it was issued. Never changed: the database refuses updates."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    given = models.BooleanField()
    receipt = models.JSONField()

    objects = PersonalManager["ConsentEvent"]("person_id")

    class Meta:
        """Read by consent, in order."""

        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["consent", "at"], name="consent_event_by_consent")
        ]

    def __str__(self) -> str:
        """Show the receipt's number."""
        return str(self.id)


class Handover(models.Model):
    """One fact that was passed on to an organisation, on a consent. The access log has an event for each as well."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    case_reference = models.TextField(blank=True)

    objects = PersonalManager["Handover"]("person_id")

    class Meta:
        """Read by person, newest first."""

        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "-at"], name="handover_by_person")]

    def __str__(self) -> str:
        """Show the case."""
        return self.case_reference


class SharingStop(models.Model):
    """A person's switch to stop all sharing. ``withdrawn`` are the consents it withdrew; undoing gives them again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stopped_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    withdrawn = ArrayField(models.UUIDField(), default=list)

    objects = PersonalManager["SharingStop"]("person_id")

    class Meta:
        """At most one is in force."""

        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person"], condition=Q(lifted_at=None), name="sharing_stopped_once"),
        ]

    def __str__(self) -> str:
        """Show since when."""
        return self.stopped_at.isoformat()
