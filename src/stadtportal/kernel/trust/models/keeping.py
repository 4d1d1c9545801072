"""What keeping, handing out and erasing personal data leaves behind: exports, holds, runs of the clock, requests."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from stadtportal.kernel.trust.models import PersonalManager
from stadtportal.kernel.trust.rules.keeping import Article, ExportState


class ExportJob(models.Model):
    """One export a person asked for. ``file`` is the archive's name in the folder of exports, never a path.

    ``problems`` lists what is missing from the archive, as ``[title, reason]``.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in ExportState])
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    what = models.TextField(blank=True)
    file = models.TextField(blank=True)
    size = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list, blank=True)

    objects = PersonalManager["ExportJob"]("person_id")

    class Meta:
        """A person has one export under way at most."""

        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=[ExportState.WAITING.value, ExportState.RUNNING.value]),
                name="export_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[one.value for one in ExportState]), name="export_state_known"
            ),
        ]

    def __str__(self) -> str:
        """Show how far it is."""
        return f"{self.state}: {self.done}/{self.total}"


class LegalHold(models.Model):
    """What a law keeps of somebody whose account is gone; nobody is shown it, and the clock erases it."""

    title = models.TextField()
    law = models.TextField()
    until = models.DateField()
    facts = models.JSONField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """Show what it is."""
        return self.title


class RetentionRun(models.Model):
    """One run of the clock that erases what is past its time. A run with a ``refusal`` erased nothing."""

    at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    refusal = models.TextField(blank=True)

    class Meta:
        """Newest last."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        """Show when, and whether it ran."""
        return f"{self.at.isoformat()}: {self.refusal or self.rows}"


class DataRight(models.Model):
    """Somebody asks for a right under Art. 16, 18 or 21 GDPR; a case tells the history."""

    case_reference = models.TextField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.PositiveSmallIntegerField(choices=[(one.value, one.name) for one in Article])
    statement = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    granted = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.TextField(blank=True)

    objects = PersonalManager["DataRight"]("person_id")

    class Meta:
        """Open ones are worked off in the order they came."""

        base_manager_name = "objects"
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=models.Q(answered_at=None), name="data_right_open"),
            models.Index(fields=["person"], name="data_right_by_person"),
        ]

    def __str__(self) -> str:
        """Show the reference."""
        return self.case_reference


class BreachNotice(models.Model):
    """One notice under Art. 34 GDPR: written by one operator, released by another, sent to all concerned."""

    kind = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    subject = models.TextField()
    body = models.TextField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    drafted_by_name = models.TextField()
    drafted_at = models.DateTimeField()
    released_by_name = models.TextField(blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        """Show the subject."""
        return self.subject


class BreachAddressee(models.Model):
    """One person a notice concerns; ``sent_at`` is set with the message, in the same transaction."""

    notice = models.ForeignKey(BreachNotice, on_delete=models.CASCADE, related_name="addressees")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalManager["BreachAddressee"]("person_id")

    class Meta:
        """Nobody gets one notice twice."""

        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "person"], name="breach_addressee_once")]

    def __str__(self) -> str:
        """Show whether it left."""
        return str(self.sent_at or "")
