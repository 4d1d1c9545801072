"""Agreeing, withdrawing, stopping everything, and passing something on."""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from stadtportal.kernel.contracts import Actor, NotFound
from stadtportal.kernel.trust.actions import own
from stadtportal.kernel.trust.actions.appending import append_events
from stadtportal.kernel.trust.actions.locking import lock_person, own_id
from stadtportal.kernel.trust.actions.pseudonym import pseudonym
from stadtportal.kernel.trust.actions.vault import get_kind
from stadtportal.kernel.trust.models import Consent, ConsentEvent, Handover, SharingStop
from stadtportal.kernel.trust.queries import own_data
from stadtportal.kernel.trust.rules.sharing import (
    LEGAL_BASIS,
    ConsentMissing,
    Happened,
    NothingToShare,
    Operator,
    Purpose,
    Receiver,
    SharingStopped,
    receipt,
)


def give_consent(*, actor: Actor, receiver: Receiver, kind: str, purpose: Purpose, now: datetime) -> UUID:
    """Agree that ``receiver`` may get one kind of fact for one purpose; return the receipt's number.

    Agreeing again changes nothing and returns the receipt there is. Raises ``SharingStopped``.
    """
    person_id = own_id(actor)
    get_kind(kind)
    with own(actor), transaction.atomic():
        _open(person_id)
        consent = Consent.objects.filter(
            person_id=person_id, organisation_id=receiver.id, purpose=purpose.slug, kind=kind
        ).first() or Consent(
            person_id=person_id, organisation_id=receiver.id, purpose=purpose.slug, kind=kind, given=False
        )
        if consent.given:
            return _newest(consent)
        consent.organisation_name = receiver.name
        consent.organisation_address, consent.organisation_contact = receiver.address, receiver.contact
        consent.purpose_words, consent.retention_words = purpose.words, purpose.retention_words
        return _turn(consent, given=True, now=now)


def renew_consent(*, actor: Actor, consent_id: UUID, now: datetime) -> UUID:
    """Give a withdrawn consent again; return the receipt's number. Raises ``NotFound`` and ``SharingStopped``."""
    person_id = own_id(actor)
    with own(actor), transaction.atomic():
        _open(person_id)
        consent = _own_consent(person_id, consent_id)
        return _newest(consent) if consent.given else _turn(consent, given=True, now=now)


def withdraw_consent(*, actor: Actor, consent_id: UUID, now: datetime) -> UUID:
    """Withdraw a consent; return the receipt's number. Withdrawing again changes nothing. Raises ``NotFound``."""
    person_id = own_id(actor)
    with own(actor), transaction.atomic():
        lock_person(person_id)
        consent = _own_consent(person_id, consent_id)
        return _turn(consent, given=False, now=now) if consent.given else _newest(consent)


def stop_sharing(*, actor: Actor, now: datetime) -> int:
    """Withdraw every consent and pass nothing on until it is undone; return how many were withdrawn.

    Stopping what is stopped already changes nothing and returns 0.
    """
    person_id = own_id(actor)
    with own(actor), transaction.atomic():
        lock_person(person_id)
        if own_data.find_stop(person_id=person_id):
            return 0
        given = list(Consent.objects.filter(person_id=person_id, given=True).order_by("pk"))
        for consent in given:
            _turn(consent, given=False, now=now)
        SharingStop.objects.create(person_id=person_id, stopped_at=now, withdrawn=[consent.pk for consent in given])
        return len(given)


def resume_sharing(*, actor: Actor, now: datetime) -> int:
    """Undo the stop: the consents it withdrew are given again, each with a receipt; return how many."""
    person_id = own_id(actor)
    with own(actor), transaction.atomic():
        lock_person(person_id)
        stop = own_data.find_stop(person_id=person_id)
        if stop is None:
            return 0
        stop.lifted_at = now
        stop.save()
        again = list(Consent.objects.filter(person_id=person_id, pk__in=stop.withdrawn, given=False).order_by("pk"))
        for consent in again:
            _turn(consent, given=True, now=now)
        return len(again)


def use_fact(
    *, actor: Actor, kind: str, receiver: Receiver, purpose: Purpose, case: str = "", now: datetime
) -> dict[str, str]:
    """Pass one fact on, inside the caller's transaction; return its parts.

    The person finds an access event with the receiver as who got it, and the fact under what the receiver has.
    Raises ``SharingStopped``, ``ConsentMissing`` when there is no consent (any more), ``NothingToShare``.
    """
    person_id, known = own_id(actor), get_kind(kind)
    with own(actor), transaction.atomic():
        _open(person_id)
        consent = Consent.objects.filter(
            person_id=person_id, organisation_id=receiver.id, purpose=purpose.slug, kind=kind, given=True
        ).first()
        if consent is None:
            raise ConsentMissing(
                f"Dafür gilt Ihre Einwilligung nicht mehr: „{known.title}“ für {receiver.name}. Wir haben nichts "
                "weitergegeben. Sie können neu einwilligen oder die Angabe selbst eintippen."
            )
        fact = own_data.find_first(person_id=person_id, kind=kind)
        if fact is None:
            raise NothingToShare(
                f"„{known.title}“ steht nicht mehr in Ihren Angaben. Wir haben nichts weitergegeben. Bitte tippen Sie "
                "die Angabe ein."
            )
        Handover.objects.create(person_id=person_id, consent=consent, at=now, case_reference=case)
        append_events(
            [person_id],
            at=now,
            actor_id=None,
            actor_name=receiver.name,
            purpose=f"Übernommen aus Ihren Angaben: {purpose.words}",
            legal_basis=LEGAL_BASIS,
            fields=[known.title],
            case_reference=case,
            reason="",
        )
        return fact.parts


def _open(person_id: UUID) -> None:
    """Take the person's turn. Raises ``SharingStopped``."""
    lock_person(person_id)
    if own_data.find_stop(person_id=person_id):
        raise SharingStopped(
            "Sie haben das Weitergeben Ihrer Daten gestoppt. Wir haben nichts weitergegeben. Unter „Meine Daten“ "
            "können Sie es wieder erlauben."
        )


def _own_consent(person_id: UUID, consent_id: UUID) -> Consent:
    consent = Consent.objects.filter(person_id=person_id, pk=consent_id).first()
    if consent is None:
        raise NotFound("Diese Einwilligung gibt es nicht.")
    return consent


def _newest(consent: Consent) -> UUID:
    events = ConsentEvent.objects.filter(consent=consent).defer("receipt").order_by("-at", "pk")
    return events[0].pk


def _turn(consent: Consent, *, given: bool, now: datetime) -> UUID:
    """Write the new state and one more line of history with its receipt; return the receipt's number."""
    consent.given, consent.changed_at = given, now
    consent.save()
    happened = Happened(id=uuid4(), record_id=consent.pk, given=given, at=now)
    issued = receipt(
        happened,
        principal=pseudonym(person_id=consent.person_id, organisation_id=consent.organisation_id),
        receiver=Receiver(
            id=consent.organisation_id,
            name=consent.organisation_name,
            address=consent.organisation_address,
            contact=consent.organisation_contact,
        ),
        purpose=Purpose(consent.purpose, consent.purpose_words, consent.retention_words),
        kind=get_kind(consent.kind),
        operator=Operator(*settings.OPERATOR),
        site=settings.PUBLIC_URL,
    )
    ConsentEvent.objects.create(
        id=happened.id, person_id=consent.person_id, consent=consent, at=now, given=given, receipt=issued
    )
    return happened.id
