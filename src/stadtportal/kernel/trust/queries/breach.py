"""Whom a breach concerns: found from the rows of a kind of data, or from the log of looks."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from stadtportal.kernel.contracts import PersonalData
from stadtportal.kernel.trust.models import AccessEvent, BreachAddressee, BreachNotice


def list_kept_about(data: PersonalData) -> set[UUID]:
    """Return everybody of whom something of this kind is kept. Needs ``trust.system``."""
    return {person_id for label in data.models for person_id in _subjects(apps.get_model(label))}


def list_looked_at(*, since: datetime, until: datetime) -> set[UUID]:
    """Return everybody whose data somebody else looked at in this time."""
    looks = AccessEvent.objects.filter(at__gte=since, at__lt=until)
    return set(looks.order_by().values_list("subject_id", flat=True).distinct())


def _subjects(model: type[models.Model]) -> Iterator[UUID]:
    """Yield the people whose rows a model holds: by its first key to a person, which is the subject by convention."""
    person = get_user_model()
    rows = model._base_manager.order_by()  # noqa: SLF001 -- Django's documented name of the plain manager.
    if model is person:
        yield from rows.values_list("pk", flat=True)
        return
    for field in model._meta.concrete_fields:  # noqa: SLF001 -- Django's documented way to a model's fields.
        if field.related_model is person:
            yield from rows.exclude(**{field.attname: None}).values_list(field.attname, flat=True).distinct()
            return


def list_notices(*, limit: int) -> list[BreachNotice]:
    """Return the newest notices."""
    return list(BreachNotice.objects.order_by("-id")[:limit])


def find_notice(notice_id: int) -> BreachNotice | None:
    """Return a notice."""
    return BreachNotice.objects.filter(pk=notice_id).first()


def count_addressees(notice_id: int) -> tuple[int, int]:
    """Return how many have got the notice, and how many it concerns."""
    rows = BreachAddressee.objects.filter(notice_id=notice_id)
    return rows.filter(sent_at__isnull=False).count(), rows.count()
