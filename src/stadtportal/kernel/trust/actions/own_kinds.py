"""Erasing what trust itself keeps about a person."""

from datetime import datetime
from uuid import UUID

from stadtportal.kernel.contracts import Erased, Kept
from stadtportal.kernel.trust.actions.erasing_events import erase_events_before, erase_events_of
from stadtportal.kernel.trust.models import (
    AccessEvent,
    BreachAddressee,
    BreachNotice,
    Consent,
    DataRight,
    ExportJob,
    Fact,
    SharingStop,
)
from stadtportal.kernel.trust.rules.keeping import ACCESS_KEPT


def erase_access(person_id: UUID, *, now: datetime) -> Erased:
    """Erase who looked at this person. Where the person looked at others, their name stays: the others may know it."""
    rows = erase_events_of(person_id, now=now)
    looked = AccessEvent.objects.filter(actor_id=person_id).order_by("-at").first()
    if looked is None:
        return Erased(rows)
    law = "Art. 15 DSGVO: Die anderen dürfen wissen, wer ihre Daten gesehen hat"
    return Erased(
        rows, (Kept("Ihr Name bei Ihren Zugriffen auf die Daten anderer", law, (looked.at + ACCESS_KEPT).date()),)
    )


def expire_access(before: datetime, *, now: datetime) -> int:
    """Erase looks older than ``before``."""
    return erase_events_before(before, now=now)


def erase_exports(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase the exports; their files go once this has committed."""
    return Erased(ExportJob.objects.filter(person_id=person_id).delete()[0])


def expire_exports(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Erase exports past their time; the sweep of the files deletes the archives."""
    return ExportJob.objects.filter(asked_at__lt=before).delete()[0]


def erase_rights(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase what the person asked for, and the answers."""
    return Erased(DataRight.objects.filter(person_id=person_id).delete()[0])


def expire_rights(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Erase requests answered before ``before``."""
    return DataRight.objects.filter(answered_at__lt=before).delete()[0]


def erase_notices(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase that the person was among those concerned; as an author of notices their name goes too."""
    rows, _each = BreachAddressee.objects.filter(person_id=person_id).delete()
    rows += BreachNotice.objects.filter(drafted_by_id=person_id).update(drafted_by=None, drafted_by_name="gelöscht")
    return Erased(rows)


def expire_notices(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Erase who was concerned by notices sent before ``before``."""
    return BreachAddressee.objects.filter(sent_at__lt=before).delete()[0]


def erase_holds(_person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase nothing: what a law keeps goes when its day has come."""
    return Erased(0)


def erase_facts(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase what the person keeps about themselves, whoever vouched for it."""
    return Erased(Fact.objects.filter(person_id=person_id).delete()[0])


def erase_consents(person_id: UUID, *, now: datetime) -> Erased:  # noqa: ARG001 -- as above.
    """Erase the person's consents with their receipts, what was passed on by them, and the stops."""
    rows = Consent.objects.filter(person_id=person_id).delete()[0]
    return Erased(rows + SharingStop.objects.filter(person_id=person_id).delete()[0])


def expire_consents(before: datetime, *, now: datetime) -> int:  # noqa: ARG001 -- as above.
    """Erase consents withdrawn before ``before`` with all that belongs to them, and stops lifted before it."""
    rows = Consent.objects.filter(given=False, changed_at__lt=before).delete()[0]
    return rows + SharingStop.objects.filter(lifted_at__lt=before).delete()[0]
