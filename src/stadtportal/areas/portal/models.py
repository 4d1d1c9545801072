"""What people asked about a look at their data."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from stadtportal.kernel.trust.api import PersonalManager


class Question(models.Model):
    """One question about one look. Its case tells its history; ``about`` says the look in words, should it expire.

    ``look_id`` is the number in the access log; the log may forget an event before the question is.
    """

    case_reference = models.TextField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    look_id = models.BigIntegerField()
    about = models.TextField()
    text = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalManager["Question"]("person_id")

    class Meta:
        """One question for each look, however often the form is sent."""

        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "look_id"], name="question_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(Q(answered_at__isnull=False), ~Q(answer="")),
                name="question_answered_with_words",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["asked_at"], condition=Q(answered_at=None), name="question_open"),
        ]

    def __str__(self) -> str:
        """Show the reference."""
        return self.case_reference
