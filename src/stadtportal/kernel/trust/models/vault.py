"""The vault: what people keep in the portal about themselves, to type it only once."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.trust.engine.fields import SealedTextField
from stadtportal.kernel.trust.models import PersonalManager
from stadtportal.kernel.trust.rules.facts import KINDS, Source


class Fact(models.Model):
    """One fact about one person. ``value`` is a JSON object of the parts that its kind names, sealed.

    ``office`` names who vouched for it; what people say of themselves has no level.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    value = SealedTextField(purpose="vault")
    source = models.TextField(default=Source.SELF.value)
    level = models.PositiveSmallIntegerField(default=AssuranceLevel.NONE.value)
    office = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = PersonalManager["Fact"]("person_id")

    class Meta:
        """Of most kinds there is one."""

        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=~Q(kind__in=sorted(kind.slug for kind in KINDS.values() if kind.many)),
                name="fact_once",
            ),
            models.CheckConstraint(
                condition=Q(source__in=[source.value for source in Source]), name="fact_source_known"
            ),
            models.CheckConstraint(
                condition=Q(source=Source.SELF.value, level=AssuranceLevel.NONE.value)
                | ~Q(Q(source=Source.SELF.value) | Q(level=AssuranceLevel.NONE.value)),
                name="fact_level_by_source",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "kind"], name="fact_by_person")]

    def __str__(self) -> str:
        """Show the kind; the value is nobody's business here."""
        return self.kind
