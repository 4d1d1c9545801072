"""What is confirmed about people, by whom, and how surely; and what is under way to confirm it.

Managers and the ids of foreign keys are annotated here: this module and the account refer to each other, and so the
checker cannot find them out.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models

from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.trust.api import PersonalManager

_LEVELS = [level.value for level in AssuranceLevel if level]


class ConfirmedAttribute(models.Model):
    """One attribute of a person from one source: its value, how sure it is, since when. A source has its last word."""

    class Source(models.TextChoices):
        """Who says so."""

        SELF = "self", "eigene Angabe"
        BUNDID = "bundid", "BundID"
        COUNTER = "counter", "Ausweisprüfung am Schalter"

    person_id: UUID
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    value = models.TextField()
    level = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=Source)
    confirmed_at = models.DateTimeField()

    objects: ClassVar[PersonalManager[Self]] = PersonalManager("person_id")

    class Meta:
        """One row for each attribute and source."""

        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="people_attribute_once", fields=["person", "name", "source"]),
            models.CheckConstraint(name="people_attribute_level", condition=models.Q(level__in=_LEVELS)),
            models.CheckConstraint(name="people_attribute_value", condition=~models.Q(value="")),
        ]

    def __str__(self) -> str:
        """Return which attribute it is, without its value."""
        return f"{self.name} ({self.Source(self.source).label})"


class BundIdLink(models.Model):
    """A BundID connected to an account: one for each, both ways. Of its identifier only a keyed hash is kept."""

    person_id: UUID
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True)
    connected_at = models.DateTimeField()
    used_at = models.DateTimeField()

    objects: ClassVar[PersonalManager[Self]] = PersonalManager("person_id")

    class Meta:
        """Read by fingerprint or by person."""

        base_manager_name = "objects"

    def __str__(self) -> str:
        """Return what it is."""
        return "BundID"


class BundIdRequest(models.Model):
    """One way to BundID and back, kept for minutes.

    The answer comes without the session's cookie, as the browser is sent here from another site. So what it says waits
    here, under a handle of which only a hash is kept, until the browser that set out fetches it.
    """

    request_id = models.CharField(max_length=64, unique=True)
    level = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    handle_hash = models.CharField(max_length=64, blank=True)
    outcome: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[BundIdRequest]] = models.Manager()

    class Meta:
        """A handle leads to one answer."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="people_bundid_handle_once", fields=["handle_hash"], condition=~models.Q(handle_hash="")
            ),
        ]

    def __str__(self) -> str:
        """Return the id of the request."""
        return self.request_id


class UsedAssertion(models.Model):
    """An assertion that was believed once, until it would be refused as expired anyway."""

    fingerprint = models.CharField(max_length=64, unique=True)
    valid_until = models.DateTimeField()

    objects: ClassVar[models.Manager[UsedAssertion]] = models.Manager()

    def __str__(self) -> str:
        """Return the fingerprint."""
        return self.fingerprint


class CounterCheck(models.Model):
    """A clerk checked somebody's identity card and printed a letter with a one-time code.

    ``person`` is known beforehand where an account was named, otherwise once the code is used. ``details`` holds what
    was checked (attribute names to values) until then. Of the document only kind and last characters are kept, of the
    code only a keyed hash; ``number`` is the part of it that finds this row.
    """

    person_id: UUID | None
    clerk_id: UUID | None
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    clerk_name = models.TextField()
    key = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=6, unique=True)
    code_hash = models.CharField(max_length=64)
    details: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    document_kind = models.CharField(max_length=20)
    document_end = models.CharField(max_length=4)
    checked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonalManager[Self]] = PersonalManager("person_id")

    class Meta:
        """Found by number."""

        base_manager_name = "objects"

    def __str__(self) -> str:
        """Return the number."""
        return self.number
