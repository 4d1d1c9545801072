"""Looking up exports, runs of the clock, requests under the GDPR and notices of a breach."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stadtportal.kernel.trust.models import DataRight, ExportJob, LegalHold, RetentionRun
from stadtportal.kernel.trust.rules.keeping import FIRST_RUN


def last_run() -> datetime | None:
    """Return when the clock was last trusted, or first seen; ``None`` before the first run ever."""
    run = RetentionRun.objects.filter(Q(refusal="") | Q(refusal=FIRST_RUN)).order_by("-id").first()
    return run.at if run else None


def newest_run() -> RetentionRun | None:
    """Return the newest run, refused or not."""
    return RetentionRun.objects.order_by("-id").first()


def newest_export(*, person_id: UUID) -> ExportJob | None:
    """Return a person's newest export. Needs an open reading."""
    return ExportJob.objects.filter(person_id=person_id).order_by("-id").first()


def find_right(*, reference: str) -> DataRight | None:
    """Return the request that belongs to a case. Needs an open reading."""
    return DataRight.objects.filter(case_reference=reference).first()


def list_open_rights(*, limit: int) -> list[DataRight]:
    """Return requests nobody has answered, oldest first. Needs an open reading."""
    rows = DataRight.objects.filter(answered_at=None).select_related("person")
    return list(rows.order_by("asked_at", "id")[:limit])


def count_holds() -> int:
    """Count what laws keep of people whose account is gone."""
    return LegalHold.objects.count()
