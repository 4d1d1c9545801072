"""Opening and moving cases. Areas call these inside their own transaction, so all of it commits together."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from stadtportal.kernel.cases import rules
from stadtportal.kernel.cases.models import Case, CaseEvent
from stadtportal.kernel.contracts import Erased, NotFound, registry
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust


# Without a savepoint: an error in here is meant to undo everything the area does with it.
@transaction.atomic(savepoint=False)
def open_case(
    *,
    person_id: UUID,
    area: str,
    kind: str,
    title: str,
    status: str,
    event: str,
    next_step: str = "",
    next_at: datetime | None = None,
    undo_until_at: datetime | None = None,
    now: datetime,
) -> str:
    """Open a case with its first event; return its reference. Raises ``KeyError`` for an unknown kind or status.

    ``event`` is a sentence for the person. ``next_at`` is when the next thing happens; ``undo_until_at`` until when
    the person can take it back without cost. Whoever acts for the person is named in the case and in its event.
    """
    mandate = trust.mandate_for(person_id)
    case = Case.objects.create(
        reference=rules.new_reference(secrets.choice),
        person_id=person_id,
        agent_id=mandate.agent_id if mandate else None,
        agent_name=mandate.agent_name if mandate else "",
        area=area,
        kind=kind,
        title=title,
        status=status,
        final=registry.case_kind(area, kind).status(status).final,
        next_step=next_step,
        next_at=next_at,
        undo_until_at=undo_until_at,
        opened_at=now,
        updated_at=now,
    )
    CaseEvent.objects.create(
        case=case, at=now, sentence=event, status=status, actor_name=mandate.shown_as if mandate else ""
    )
    return case.reference


@transaction.atomic
def move_case(
    *,
    reference: str,
    status: str,
    event: str,
    next_step: str = "",
    next_at: datetime | None = None,
    undo_until_at: datetime | None = None,
    actor_name: str = "",
    now: datetime,
) -> None:
    """Give a case a new status and add an event. Needs an open reading or ``trust.system``.

    Raises ``NotFound`` for an unknown reference, ``KeyError`` for a status the kind does not know.
    """
    case = Case.objects.select_for_update().filter(reference=reference).first()
    if case is None:
        sentence = "Diesen Vorgang gibt es nicht."
        raise NotFound(sentence)
    case.status = status
    case.final = registry.case_kind(case.area, case.kind).status(status).final
    case.next_step = next_step
    case.next_at = next_at
    case.undo_until_at = undo_until_at
    case.updated_at = max(now, case.opened_at)
    case.save()
    if not actor_name and (mandate := trust.mandate_for(case.person_id)) is not None:
        actor_name = mandate.shown_as
    CaseEvent.objects.create(case=case, at=case.updated_at, sentence=event, status=status, actor_name=actor_name)


def erase(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- the kernel's signature.
    """Erase a person's cases with their history. What areas must keep of them they have kept before."""
    return Erased(Case.objects.filter(person_id=person_id).delete()[0])


def expire(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- the kernel's signature.
    """Erase cases that ended before ``before``, and the messages about them; return the rows gone."""
    over = list(Case.objects.filter(final=True, updated_at__lt=before).values_list("reference", flat=True))
    rows = inbox.forget_messages_of_cases(over)
    return rows + Case.objects.filter(reference__in=over, final=True, updated_at__lt=before).delete()[0]
