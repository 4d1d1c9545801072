"""What trust itself keeps about a person, as the export writes it. All need an open reading of one's own data."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.trust.models import (
    AccessEvent,
    BreachAddressee,
    Consent,
    ConsentEvent,
    DataRight,
    ExportJob,
    Fact,
    Handover,
    SharingStop,
)
from stadtportal.kernel.trust.rules.facts import KINDS, LEVEL_WORDS, SOURCE_WORDS, Source
from stadtportal.kernel.trust.rules.keeping import Article


def export_access(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield who looked at this person's data, oldest first."""
    for event in AccessEvent.objects.filter(subject_id=person_id).order_by("id").iterator(chunk_size=1000):
        yield {
            "at": event.at.isoformat(),
            "who": event.actor_name,
            "purpose": event.purpose,
            "legal_basis": event.legal_basis,
            "fields": list(event.fields),
            "case": event.case_reference,
        }


def oldest_access(person_id: UUID) -> datetime | None:
    """Return the time of the oldest look at this person's data."""
    oldest: datetime | None = AccessEvent.objects.filter(subject_id=person_id).aggregate(at=Min("at"))["at"]
    return oldest


def export_exports(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the exports this person asked for; this one is still under way while it is written."""
    for job in ExportJob.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "asked_at": job.asked_at.isoformat(),
            "state": job.state,
            "finished_at": job.finished_at.isoformat() if job.finished_at else None,
            "size": job.size,
        }


def oldest_export(person_id: UUID) -> datetime | None:
    """Return when the person's oldest export was asked for."""
    job = ExportJob.objects.filter(person_id=person_id).order_by("asked_at").first()
    return job.asked_at if job else None


def export_rights(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield what this person asked for under Art. 16, 18 and 21, and the answers."""
    for right in DataRight.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "case": right.case_reference,
            "article": Article(right.article).value,
            "statement": right.statement,
            "asked_at": right.asked_at.isoformat(),
            "answer": right.answer,
            "granted": right.granted,
            "answered_at": right.answered_at.isoformat() if right.answered_at else None,
            "answered_by": right.answered_by,
        }


def oldest_right(person_id: UUID) -> datetime | None:
    """Return when the oldest answered request was answered."""
    right = DataRight.objects.filter(person_id=person_id, answered_at__isnull=False).order_by("answered_at").first()
    return right.answered_at if right else None


def export_notices(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the notices of breaches that concern this person."""
    rows = BreachAddressee.objects.filter(person_id=person_id).select_related("notice").order_by("id")
    for addressee in rows.iterator():
        yield {
            "subject": addressee.notice.subject,
            "text": addressee.notice.body,
            "sent_at": addressee.sent_at.isoformat() if addressee.sent_at else None,
        }


def oldest_notice(person_id: UUID) -> datetime | None:
    """Return when the oldest notice that concerns this person was sent."""
    rows = BreachAddressee.objects.filter(person_id=person_id, sent_at__isnull=False).order_by("sent_at")
    addressee = rows.first()
    return addressee.sent_at if addressee else None


def export_holds(_person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield nothing: a hold exists only where the account does not."""
    return iter(())


def export_facts(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield a person's facts, unsealed, oldest first."""
    for fact in Fact.objects.filter(person_id=person_id).order_by("created_at", "pk").iterator():
        yield {
            "kind": _kind_title(fact.kind),
            "parts": json.loads(fact.value),
            "source": SOURCE_WORDS[Source(fact.source)],
            "office": fact.office,
            "level": LEVEL_WORDS[AssuranceLevel(fact.level)],
            "created_at": fact.created_at.isoformat(),
            "changed_at": fact.changed_at.isoformat(),
        }


def export_consents(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield a person's consents with every receipt as it was issued and what was passed on; then the stops."""
    rows = Consent.objects.filter(person_id=person_id).order_by("organisation_name", "purpose", "kind", "pk")
    for consent in rows.iterator():
        history = ConsentEvent.objects.filter(consent=consent).order_by("at", "pk")
        handed = Handover.objects.filter(consent=consent).order_by("at", "pk")
        yield {
            "organisation": consent.organisation_name,
            "address": consent.organisation_address,
            "contact": consent.organisation_contact,
            "kind": _kind_title(consent.kind),
            "purpose": consent.purpose_words,
            "retention": consent.retention_words,
            "given": consent.given,
            "changed_at": consent.changed_at.isoformat(),
            # A receipt has the keys of its own vocabulary; as text it stays letter by letter what was issued.
            "history": [
                {
                    "at": event.at.isoformat(),
                    "given": event.given,
                    "receipt": json.dumps(event.receipt, ensure_ascii=False, sort_keys=True),
                }
                for event in history
            ],
            "handed_over": [{"at": one.at.isoformat(), "case": one.case_reference} for one in handed],
        }
    for stop in SharingStop.objects.filter(person_id=person_id).order_by("pk").iterator():
        yield {
            "stopped_at": stop.stopped_at.isoformat(),
            "lifted_at": stop.lifted_at.isoformat() if stop.lifted_at else None,
            "withdrawn": [str(consent_id) for consent_id in stop.withdrawn],
        }


def oldest_consent(person_id: UUID) -> datetime | None:
    """Return when the consent that was withdrawn first, or the stop that was lifted first, came to its end."""
    consent = Consent.objects.filter(person_id=person_id, given=False).order_by("changed_at").first()
    stop = SharingStop.objects.filter(person_id=person_id, lifted_at__isnull=False).order_by("lifted_at").first()
    ends = [consent.changed_at] if consent else []
    if stop and stop.lifted_at:
        ends.append(stop.lifted_at)
    return min(ends, default=None)


def _kind_title(slug: str) -> str:
    return KINDS[slug].title if slug in KINDS else slug
