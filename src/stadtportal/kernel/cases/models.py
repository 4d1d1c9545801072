"""Cases: every dealing of one person with one area, and its history."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from stadtportal.kernel.trust.api import PersonalManager


class Case(models.Model):
    """One dealing. What it is about lives in its area; here stands what every dealing has.

    ``agent`` and ``agent_name`` say who opened it for its person, if somebody did.
    """

    reference = models.TextField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    agent_name = models.TextField(blank=True)
    area = models.TextField()
    kind = models.TextField()
    title = models.TextField()
    status = models.TextField()
    final = models.BooleanField(default=False)
    next_step = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    undo_until_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = PersonalManager["Case"]("person_id")

    class Meta:
        """Read by person, newest change first."""

        base_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=["person", "final", "-updated_at"], name="case_by_person")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(updated_at__gte=models.F("opened_at")), name="case_updated_after_opened")
        ]

    def __str__(self) -> str:
        """Show the reference."""
        return self.reference


class CaseEvent(models.Model):
    """One dated line in a case's history, written as a sentence for its person."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    sentence = models.TextField()
    status = models.TextField()
    actor_name = models.TextField(blank=True)

    class Meta:
        """Read by case, in the order written."""

        indexes: ClassVar = [models.Index(fields=["case", "at", "id"], name="case_event_by_case")]

    def __str__(self) -> str:
        """Show the sentence."""
        return self.sentence
