"""How many rows about a person there are, of every kind that packages and areas declare."""

from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model, Q

from stadtportal.kernel.contracts import registry

#: Where a model names several people, these fields say whose row it is.
_OWNERS = ("person", "subject", "user")


def count_held(*, person_id: UUID) -> dict[str, int]:
    """Return the number of rows about a person by model (``"cases.Case"``), in one query."""
    labels, parts, params = [], [], []
    declared = {label for kinds in registry.personal_data().values() for kind in kinds for label in kind.models}
    for label in sorted(declared):
        condition = _about(apps.get_model(label), person_id)
        if condition is None:
            continue
        rows = apps.get_model(label)._default_manager.filter(condition).order_by().values("pk")  # noqa: SLF001 -- Django's public name for it.
        sql, given = rows.query.sql_with_params()
        labels.append(label)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS held)")  # noqa: S608 -- made of Django's own statements.
        params.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    return dict(zip(labels, row, strict=True))


def _about(model: type[Model], person_id: UUID) -> Q | None:
    """Return what makes a row this person's: a key to the person, or to a row that is the person's."""
    person = get_user_model()
    if model is person:
        return Q(pk=person_id)
    keys = [field for field in model._meta.concrete_fields if field.is_relation]  # noqa: SLF001 -- Django's public name for it.
    own = {field.name for field in keys if field.related_model is person}
    named = next(({name} for name in _OWNERS if name in own), own)
    if named:
        condition = Q()
        for name in sorted(named):
            condition |= Q(**{name: person_id})
        return condition
    for field in keys:
        owner = field.related_model
        if isinstance(owner, type) and any(
            key.is_relation and key.related_model is person
            for key in owner._meta.concrete_fields  # noqa: SLF001 -- as above.
        ):
            rows = owner._default_manager.filter(_about(owner, person_id) or Q()).values("pk")  # noqa: SLF001 -- as above.
            return Q(**{f"{field.name}__in": rows})
    return None
