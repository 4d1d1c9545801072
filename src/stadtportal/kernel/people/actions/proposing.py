"""Beginning a delegation: inviting somebody, adding a child, asking the city for its check, passing on.

Whatever changes the delegations of one principal holds that principal's row, so two such changes never overlap.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from allauth.account.models import EmailAddress
from django.db import transaction

from stadtportal.kernel.contracts import NotAllowed, registry
from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.people.models import Delegation, Person, Represented
from stadtportal.kernel.people.queries import delegation as queries
from stadtportal.kernel.people.rules import clean_email, clean_name
from stadtportal.kernel.people.rules import delegation as rules
from stadtportal.kernel.people.rules.delegation import Ending, Kind, PersonKind, Scope

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from stadtportal.kernel.contracts import Actor

SEND_INVITATION: Final = jobs.JobName("people.send_invitation")


def oneself(actor: Actor) -> UUID:
    """Return who is signed in. Raises ``NotAllowed`` for visitors, and for those who act for somebody else."""
    if actor.person_id is None:
        raise NotAllowed("Bitte melden Sie sich an.")
    if actor.mandate is not None:
        raise rules.BeyondMandate("Vertretungen regeln Sie nur für sich selbst, nicht im Namen anderer.")
    return actor.person_id


def lock_principal(person_id: UUID, *, now: datetime) -> Person:
    """Hold a principal's row until the transaction ends, and note which of their delegations have run out."""
    principal = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    for row in Delegation.objects.filter(principal=principal, ended_at=None, expires_at__lte=now).order_by("-pk"):
        Delegation.objects.filter(pk=row.pk, ended_at=None).update(
            ended_at=row.expires_at, ended_how=Ending.EXPIRED.value
        )
    return principal


def known_areas() -> list[str]:
    """Return the slugs of the areas a delegation can be limited to: those that deal with people.

    What is mounted at the root holds the pages every scope needs.
    """
    return [area.slug for area in registry.areas() if area.case_kinds and "" not in area.mounts]


@transaction.atomic
def invite(*, actor: Actor, email: str, scope: Scope, last_day: date, today: date, now: datetime) -> int:
    """Let the holder of an address act for oneself, once they accept; return the delegation's number.

    Whether the address has an account shows nowhere. Raises ``DelegationRefused``.
    """
    principal = lock_principal(oneself(actor), now=now)
    rules.check_areas(scope.areas, known=known_areas())
    rules.check_last_day(last_day, today=today)
    return _invite(
        principal,
        actor_id=principal.pk,
        email=email,
        kind=Kind.ADULT,
        scope=scope,
        expires_at=rules.end_of(last_day),
        now=now,
    )


@transaction.atomic
def add_child(
    *, actor: Actor, given_name: str, family_name: str, birth_date: date, today: date, now: datetime, example: bool
) -> int:
    """Write down a child one has custody of, as declared; return the number of the delegation, which holds at once."""
    person_id = oneself(actor)
    _check_number(person_id, now=now)
    expires_at = rules.end_of(rules.custody_ends(birth_date, today=today))
    child = _create(
        PersonKind.DEPENDENT,
        given_name=given_name,
        family_name=family_name,
        birth_date=birth_date,
        created_by=person_id,
        example=example,
    )
    return _propose(
        child,
        agent_id=person_id,
        agent_accepted_at=now,
        principal_accepted_by_id=person_id,
        principal_accepted_at=now,
        kind=Kind.CHILD.value,
        expires_at=expires_at,
        proposed_by_id=person_id,
        now=now,
    )


@transaction.atomic
def share_child(*, actor: Actor, delegation_id: int, email: str, now: datetime) -> int:
    """Invite the other parent of a child; raises ``DelegationRefused`` for anything but custody that holds."""
    person_id = oneself(actor)
    held = _held(delegation_id, agent_id=person_id, now=now)
    custodians = queries.count_custodians(held.principal_id, now=now)
    rules.check_shared(queries.as_held(held, now=now), custodians=custodians)
    return _invite(
        held.principal,
        actor_id=person_id,
        email=email,
        kind=Kind.CHILD,
        scope=Scope(),
        expires_at=held.expires_at,
        now=now,
    )


@transaction.atomic
def request_care(
    *,
    actor: Actor,
    given_name: str,
    family_name: str,
    birth_date: date,
    register_entry: str,
    today: date,
    now: datetime,
) -> int:
    """Ask the city to check that one is somebody's legal carer; nothing can be done for that person until then."""
    if birth_date > today:
        raise rules.DelegationRefused("Das Geburtsdatum liegt in der Zukunft.", field="birth_date")
    return _request(
        actor,
        Kind.CARE,
        given_name=given_name,
        family_name=family_name,
        birth_date=birth_date,
        register_entry=register_entry,
        today=today,
        now=now,
    )


@transaction.atomic
def request_organisation(*, actor: Actor, name: str, register_entry: str, today: date, now: datetime) -> int:
    """Ask the city to check that one represents an association or a company."""
    return _request(
        actor,
        Kind.ORGANISATION,
        given_name="",
        family_name=name,
        birth_date=None,
        register_entry=register_entry,
        today=today,
        now=now,
    )


@transaction.atomic
def pass_on(
    *, actor: Actor, delegation_id: int, email: str, scope: Scope, last_day: date, today: date, now: datetime
) -> int:
    """Let somebody else act for an organisation one represents, no further and no longer than one may oneself."""
    person_id = oneself(actor)
    held = _held(delegation_id, agent_id=person_id, now=now)
    expires_at = rules.end_of(last_day)
    rules.check_areas(scope.areas, known=known_areas())
    rules.check_last_day(last_day, today=today)
    rules.check_passed_on(queries.as_held(held, now=now), scope=scope, expires_at=expires_at)
    return _invite(
        held.principal,
        actor_id=person_id,
        email=email,
        kind=Kind.ORGANISATION,
        scope=scope,
        expires_at=expires_at,
        now=now,
        granted_under=held,
    )


@transaction.atomic
def purge_invitations(*, now: datetime) -> int:
    """Forget the addresses of those who did not accept within the time for it; return how many."""
    past = Delegation.objects.filter(agent=None, proposed_at__lte=now - timedelta(days=rules.INVITATION_DAYS))
    gone, _rows = past.delete()
    return gone


def _held(delegation_id: int, *, agent_id: UUID, now: datetime) -> Delegation:
    """Return a delegation of this agent, with its principal's row held. Raises ``NotFound``."""
    mine = Delegation.objects.select_related("principal").filter(pk=delegation_id, agent_id=agent_id)
    seen = mine.first()
    if seen is None:
        raise rules.not_found()
    lock_principal(seen.principal_id, now=now)
    return mine.get()


def _check_number(person_id: UUID, *, now: datetime) -> None:
    lock_principal(person_id, now=now)
    if queries.count_held(person_id) >= rules.MOST_PRINCIPALS:
        raise rules.DelegationRefused("Mehr Personen lassen sich mit einem Konto nicht vertreten.")


def _create(
    kind: PersonKind,
    *,
    given_name: str,
    family_name: str,
    birth_date: date | None,
    created_by: UUID,
    register_entry: str = "",
    example: bool = False,
) -> Person:
    person = Person(
        kind=kind.value,
        email=None,
        given_name=clean_name(given_name),
        family_name=clean_name(family_name),
        example=example,
    )
    if kind is PersonKind.DEPENDENT:
        rules.check_name(person.given_name, field="given_name")
    rules.check_name(person.family_name, field="family_name" if kind is PersonKind.DEPENDENT else "name")
    person.set_unusable_password()
    person.save(force_insert=True)
    Represented.objects.create(
        person=person, birth_date=birth_date, register_entry=clean_name(register_entry), created_by_id=created_by
    )
    return person


def _propose(principal: Person, *, now: datetime, **facts: Any) -> int:  # noqa: ANN401 -- fields of a delegation.
    row = Delegation.objects.create(principal=principal, proposed_at=now, starts_at=now, **facts)
    return int(row.pk)


def _request(
    actor: Actor,
    kind: Kind,
    *,
    given_name: str,
    family_name: str,
    birth_date: date | None,
    register_entry: str,
    today: date,
    now: datetime,
) -> int:
    person_id = oneself(actor)
    _check_number(person_id, now=now)
    principal = _create(
        rules.PRINCIPAL_KIND[kind],
        given_name=given_name,
        family_name=family_name,
        birth_date=birth_date,
        register_entry=register_entry,
        created_by=person_id,
    )
    return _propose(
        principal,
        agent_id=person_id,
        agent_accepted_at=now,
        kind=kind.value,
        expires_at=rules.end_of(rules.birthday(today, rules.MOST_YEARS)),
        proposed_by_id=person_id,
        now=now,
    )


def _invite(
    principal: Person,
    *,
    actor_id: UUID,
    email: str,
    kind: Kind,
    scope: Scope,
    expires_at: datetime,
    now: datetime,
    granted_under: Delegation | None = None,
) -> int:
    address = clean_email(email)
    if address in queries.list_emails(actor_id):
        raise rules.DelegationRefused(
            "Das ist Ihre eigene Adresse. Bitte geben Sie die der anderen Person ein.", field="email"
        )
    there = Delegation.objects.filter(principal=principal, ended_at=None)
    agents = EmailAddress.objects.filter(email=address, verified=True, user__in=there.values("agent"))
    if queries.open_invitations(now).filter(principal=principal, invited_email=address).exists() or agents.exists():
        raise rules.DelegationRefused("Diese Adresse ist schon eingeladen oder handelt schon.", field="email")
    there.filter(agent=None, invited_email=address).update(ended_at=now, ended_how=Ending.EXPIRED.value)
    number = _propose(
        principal,
        invited_email=address,
        kind=kind.value,
        areas=sorted(scope.areas),
        may_act=scope.may_act,
        expires_at=expires_at,
        granted_under=granted_under,
        proposed_by_id=actor_id,
        principal_accepted_by_id=actor_id,
        principal_accepted_at=now,
        now=now,
    )
    jobs.defer(SEND_INVITATION, delegation_id=number)
    return number
