"""Notices of a breach: drafted by one operator, released by another, sent in portions that may be repeated."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from stadtportal.kernel.contracts import Actor, NotAllowed, NotFound, Role, RuleBroken
from stadtportal.kernel.trust.actions import system
from stadtportal.kernel.trust.models import BreachAddressee, BreachNotice
from stadtportal.kernel.trust.queries import breach
from stadtportal.kernel.trust.queries.kinds import find_kind


class NobodyConcerned(RuleBroken):
    """Nobody fits the description of the breach."""


class AlreadyReleased(RuleBroken):
    """The notice is on its way."""


@dataclass(frozen=True, slots=True)
class Breach:
    """What happened: which kind of data, when, and whether only those count whose data was looked at then."""

    kind: str
    since: datetime
    until: datetime
    only_looked_at: bool


@transaction.atomic
def draft_notice(*, actor: Actor, happened: Breach, subject: str, body: str, now: datetime) -> int:
    """Write a notice and fix whom it concerns; return its id. Nothing is sent. Raises ``NobodyConcerned``."""
    _check_operator(actor)
    kind = find_kind(happened.kind)
    if kind is None:
        sentence = "Diese Art von Daten gibt es nicht."
        raise NotFound(sentence, field="kind")
    with system("Betroffene einer Datenpanne finden"):
        concerned = breach.list_kept_about(kind.data)
        if happened.only_looked_at:
            concerned &= breach.list_looked_at(since=happened.since, until=happened.until)
    if not concerned:
        sentence = "Auf diese Angaben passt niemand. Es wurde nichts gespeichert."
        raise NobodyConcerned(sentence)
    notice = BreachNotice.objects.create(
        kind=happened.kind,
        since=happened.since,
        until=happened.until,
        subject=subject,
        body=body,
        drafted_by_id=actor.person_id,
        drafted_by_name=actor.shown_as,
        drafted_at=now,
    )
    BreachAddressee.objects.bulk_create(
        (BreachAddressee(notice=notice, person_id=person_id) for person_id in sorted(concerned)), batch_size=5000
    )
    return notice.pk


@transaction.atomic
def release_notice(*, actor: Actor, notice_id: int, now: datetime) -> None:
    """Release a notice somebody else drafted. Raises ``NotFound``, ``NotAllowed``, ``AlreadyReleased``."""
    _check_operator(actor)
    notice = BreachNotice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        sentence = "Diesen Hinweis gibt es nicht."
        raise NotFound(sentence)
    if notice.released_at is not None:
        sentence = "Dieser Hinweis ist schon freigegeben."
        raise AlreadyReleased(sentence)
    if notice.drafted_by_id == actor.person_id:
        sentence = "Vier Augen: Freigeben muss jemand anderes als die Person, die den Hinweis geschrieben hat."
        raise NotAllowed(sentence)
    notice.released_by_name, notice.released_at = actor.shown_as, now
    notice.save()


def take_portion(*, notice_id: int, size: int, now: datetime) -> list[UUID]:
    """Mark up to ``size`` people as told and return them; the caller tells them in the same transaction.

    Two workers never take the same person. When nobody is left, the notice is finished.
    """
    with system("Hinweis auf eine Datenpanne senden"):
        waiting = BreachAddressee.objects.select_for_update(skip_locked=True, of=("self",))
        waiting = waiting.filter(notice_id=notice_id, notice__released_at__isnull=False, sent_at=None)
        portion = list(waiting.order_by("id")[:size])
        BreachAddressee.objects.filter(pk__in=[one.pk for one in portion]).update(sent_at=now)
        if not BreachAddressee.objects.filter(notice_id=notice_id, sent_at=None).exists():
            BreachNotice.objects.filter(pk=notice_id, finished_at=None, released_at__isnull=False).update(
                finished_at=now
            )
    return [one.person_id for one in portion]


def _check_operator(actor: Actor) -> None:
    if not actor.has_role(Role.OPERATOR):
        sentence = "Das darf nur der Betrieb des Portals."
        raise NotAllowed(sentence)
