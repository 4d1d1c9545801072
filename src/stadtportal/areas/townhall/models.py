"""Services of offices. Nothing here speaks about a person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact

from stadtportal.areas.townhall.rules.drafts import LONGEST_MINUTES, Source


class Service(models.Model):
    """Something an office does for people (*Leistung*).

    ``body`` and ``fees`` are HTML that :func:`rules.markup.sanitise` has passed; ``documents`` is a list of
    ``{"title", "url"}``; ``topic`` is the Themenfeld and ``situation`` the Lebenslage of the OZG; ``words`` are
    further words to find it by. ``office_refs`` are the ids of offices in the source, imported or not. ``label``
    marks a service of elsewhere.
    """

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=255)
    summary = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    fees = models.TextField(blank=True)
    documents = models.JSONField(default=list, blank=True)
    online_link = models.CharField(max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    legal_basis = models.TextField(blank=True)
    topic = models.CharField(max_length=120, blank=True)
    situation = models.CharField(max_length=120, blank=True)
    leika_key = models.CharField(max_length=14, blank=True)
    words = models.TextField(blank=True)
    office_refs = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    label = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=10, choices=[(source.value, source.value) for source in Source])
    source_id = models.CharField(max_length=14)

    class Meta:
        """How services are kept."""

        ordering: ClassVar[list[str]] = ["sort_name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "source_id"], name="service_source_once"),
            models.CheckConstraint(condition=~Q(title=""), name="service_has_title"),
            models.CheckConstraint(condition=~Q(slug=""), name="service_has_slug"),
            models.CheckConstraint(
                condition=Q(source__in=[source.value for source in Source]), name="service_source_known"
            ),
            models.CheckConstraint(condition=Q(source_id__regex=r"^[0-9]{1,14}$"), name="service_source_id_number"),
            models.CheckConstraint(condition=Q(leika_key__regex=r"^([0-9]{14})?$"), name="service_leika_key"),
            models.CheckConstraint(
                condition=~Q(source=Source.LEIKA.value) | Q(leika_key=F("source_id")), name="service_leika_is_its_key"
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES), name="service_minutes"
            ),
            models.CheckConstraint(
                condition=Q(online_link="") | Q(online_link__regex=r"^https?://"), name="service_online_link"
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(F("documents"), function="jsonb_typeof", output_field=models.TextField()), Value("array")
                ),
                name="service_documents_is_list",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sort_name", "id"], name="service_by_name"),
            models.Index(fields=["topic", "sort_name", "id"], name="service_by_topic"),
            models.Index(fields=["leika_key"], condition=~Q(leika_key=""), name="service_by_leika_key"),
        ]

    def __str__(self) -> str:
        """Show the title."""
        return self.title


class ServiceOffice(models.Model):
    """An office where a service is offered."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="offices")
    place = models.ForeignKey("city.Place", on_delete=models.CASCADE, related_name="+")

    class Meta:
        """How links are kept."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["service", "place"], name="service_office_once"),
        ]

    def __str__(self) -> str:
        """Show which place."""
        return str(self.place_id)
