"""Writing what is confirmed about a person; other actions do it inside their own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from stadtportal.kernel.contracts import AssuranceLevel, NotFound
from stadtportal.kernel.people.models import ConfirmedAttribute, Person
from stadtportal.kernel.people.rules.assurance import check_same_person
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID


@transaction.atomic
def confirm_attributes(
    *,
    person_id: UUID,
    stated: Mapping[str, tuple[str, AssuranceLevel]],
    source: ConfirmedAttribute.Source,
    now: datetime,
) -> None:
    """Write what a source states; what it once stated more surely stays. Raises ``IdentitiesDiffer``.

    The person's row is locked, so that two sources at the same moment see each other.
    """
    if not Person.objects.select_for_update(no_key=True).filter(pk=person_id).exists():
        raise NotFound("Diese Person gibt es nicht.")
    with trust.system("Bestätigte Angaben abgleichen"):
        rows = list(ConfirmedAttribute.objects.filter(person_id=person_id))
        sure = AssuranceLevel.SUBSTANTIAL
        check_same_person(
            {row.name: row.value for row in rows if row.source != source and row.level >= sure},
            {name: value for name, (value, level) in stated.items() if level >= sure},
        )
        surer = {row.name for row in rows if row.source == source and row.level > stated.get(row.name, ("", 0))[1]}
        fresh = {name: told for name, told in stated.items() if name not in surer}
        ConfirmedAttribute.objects.filter(person_id=person_id, source=source, name__in=fresh).delete()
        ConfirmedAttribute.objects.bulk_create(
            ConfirmedAttribute(
                person_id=person_id, name=name, value=value, level=level.value, source=source, confirmed_at=now
            )
            for name, (value, level) in fresh.items()
        )


@transaction.atomic
def remove_attributes(*, person_id: UUID, source: str) -> int:
    """Take away everything one source stated about a person, on that person's wish. Returns how many attributes."""
    with trust.system("Bestätigte Angaben löschen"):
        gone, _rows = ConfirmedAttribute.objects.filter(person_id=person_id, source=source).delete()
    return gone
