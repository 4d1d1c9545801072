"""What comes of a delegation: accepted, declined, checked by the city, ended; each side is told by message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from stadtportal.kernel.contracts import NotAllowed, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people.actions.proposing import lock_principal, oneself
from stadtportal.kernel.people.models import Delegation
from stadtportal.kernel.people.queries import delegation as queries
from stadtportal.kernel.people.rules import delegation as rules
from stadtportal.kernel.people.rules.delegation import Ending, Kind, State
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from stadtportal.kernel.contracts import Actor

CHECKING = "Vertretung prüfen"
REVOKING = "Vertretung beenden"
CHECKING_BASIS = "Art. 6 Abs. 1 Buchst. e DSGVO mit § 4 LDSG BW"
CHECKED_FIELDS = ("Name", "Geburtsdatum", "Aktenzeichen oder Registereintrag", "vertretende Person")


@transaction.atomic
def accept(*, actor: Actor, delegation_id: int, now: datetime) -> None:
    """Accept an invitation to one of one's confirmed addresses; one may act from now on.

    Raises ``NotFound`` for any other, and for one that was withdrawn meanwhile; ``DelegationRefused`` for one that
    would let somebody act for themselves, twice, or by a delegation that has ended.
    """
    person_id = oneself(actor)
    row = _invitation(delegation_id, person_id=person_id, now=now)
    if row.principal_id == person_id:
        raise rules.DelegationRefused("Für sich selbst handeln Sie ohnehin.")
    if Delegation.objects.filter(principal_id=row.principal_id, agent_id=person_id, ended_at=None).exists():
        raise rules.DelegationRefused(f"Sie handeln schon für {row.principal.get_full_name()}.")
    if row.granted_under is not None:
        # Held until the end, so that it cannot end meanwhile.
        above = Delegation.objects.select_for_update(no_key=True).get(pk=row.granted_under.pk)
        if queries.state_of(above, now=now) is not State.ACTIVE:
            raise rules.DelegationRefused("Wer Sie eingeladen hat, darf das inzwischen nicht mehr.")
    row.agent_id, row.invited_email = person_id, ""
    row.agent_accepted_at = row.starts_at = now
    row.save()
    name, principal = row.agent.get_full_name() if row.agent else "", row.principal.get_full_name()
    inviter = row.proposed_by_id or row.principal_id
    _tell(inviter, f"{name} kann jetzt für {principal} handeln", _END_ANYTIME, now=now)
    _tell(person_id, f"Sie können jetzt für {principal} handeln", _END_ANYTIME, now=now)


@transaction.atomic
def decline(*, actor: Actor, delegation_id: int, now: datetime) -> None:
    """Decline an invitation to one of one's confirmed addresses. Raises ``NotFound`` for any other."""
    person_id = oneself(actor)
    row = _invitation(delegation_id, person_id=person_id, now=now)
    row.agent_id, row.invited_email = person_id, ""
    row.ended_at, row.ended_by_id, row.ended_how = now, person_id, Ending.DECLINED.value
    row.save()
    inviter = row.proposed_by_id or row.principal_id
    name = row.agent.get_full_name() if row.agent else ""
    _tell(inviter, f"{name} hat abgelehnt, für {row.principal.get_full_name()} zu handeln", _NOTHING_OPEN, now=now)


@transaction.atomic
def end(*, actor: Actor, delegation_id: int, now: datetime) -> bool:
    """End a delegation one gave or holds, or take back an invitation or a request; return whether anything changed.

    Whoever acts by it at this moment acts no more with the next page. What was passed on under it ends with it.
    Raises ``NotFound`` for a delegation one has no part in.
    """
    person_id = oneself(actor)
    seen = Delegation.objects.select_related("granted_under").filter(pk=delegation_id).first()
    if seen is None or not _is_party(seen, person_id):
        raise rules.not_found()
    lock_principal(seen.principal_id, now=now)
    row = Delegation.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if row.ended_at is not None:
        return False
    if row.principal_accepted_at is None:
        _drop(row)  # Nobody checked it: the person it was for was never anything but a line of this request.
        return True
    how = Ending.WITHDRAWN if row.agent_id is None else Ending.ENDED
    _end(row, by=person_id, how=how, also_told=_giver(seen), reason="", now=now)
    return True


@transaction.atomic
def revoke(*, actor: Actor, delegation_id: int, reason: str, now: datetime) -> None:
    """End, for the city, a delegation for a child, a person in care or an organisation: a court has ended it, say.

    Raises ``NotAllowed`` for all but case workers, ``NotFound`` for what does not hold, ``DelegationRefused`` for what
    two adults agreed on.
    """
    person_id = oneself(actor)
    if not actor.has_role(Role.CASE_WORKER):
        raise NotAllowed("Vertretungen beendet für die Stadt nur die Sachbearbeitung.")
    why = rules.check_evidence(reason)
    holding = Delegation.objects.filter(
        pk=delegation_id, ended_at=None, principal_accepted_at__isnull=False, agent_accepted_at__isnull=False
    )
    with trust.reading(
        actor=actor, purpose=REVOKING, legal_basis=CHECKING_BASIS, fields=("Name", "vertretende Person")
    ) as opened:
        seen = holding.select_related("granted_under").first()
        if seen is None:
            raise rules.not_found()
        rules.check_revocable(Kind(seen.kind))
        lock_principal(seen.principal_id, now=now)
        row = holding.select_related("principal", "agent").select_for_update(of=("self",), no_key=True).first()
        if row is None:
            raise rules.not_found()
        opened.saw(row.principal_id)
        if row.agent_id is not None:
            opened.saw(row.agent_id)
        row.evidence = f"{row.evidence} Beendet: {why}".strip()
        _end(row, by=person_id, how=Ending.REVOKED, also_told=_giver(seen), reason=why, now=now)


def _end(row: Delegation, *, by: UUID, how: Ending, also_told: set[UUID], reason: str, now: datetime) -> None:
    """End a delegation whose principal's row is held, with what was passed on under it, and tell everybody."""
    below = list(Delegation.objects.filter(granted_under=row, ended_at=None).exclude(agent=None))
    row.ended_at, row.ended_by_id, row.ended_how = now, by, how.value
    row.save()
    if row.agent_id is not None:
        _tell_end(row, told={row.agent_id, row.principal_id, *also_told}, reason=reason, now=now)
    for one in below:
        if one.agent_id is not None:
            _tell_end(one, told={one.agent_id}, reason="", now=now)


@transaction.atomic
def confirm(*, actor: Actor, delegation_id: int, evidence: str, last_day: date, today: date, now: datetime) -> None:
    """Let a requested delegation hold, on what a case worker saw. Raises ``NotAllowed``, ``NotFound``.

    Nobody confirms what they asked for themselves.
    """
    row = _requested(actor, delegation_id=delegation_id, now=now)
    seen = rules.check_evidence(evidence)
    rules.check_last_day(last_day, today=today)
    row.evidence = seen
    row.principal_accepted_by_id = actor.person_id
    row.principal_accepted_at = row.starts_at = now
    row.expires_at = rules.end_of(last_day)
    row.save()
    if row.agent_id is not None:
        _tell(
            row.agent_id, f"Sie können jetzt für {row.principal.get_full_name()} handeln", _CHECKED + _END_ANYTIME,
            now=now,
        )  # fmt: skip


@transaction.atomic
def refuse(*, actor: Actor, delegation_id: int, reason: str, now: datetime) -> None:
    """Refuse a requested delegation with a reason; who was to be acted for is forgotten."""
    row = _requested(actor, delegation_id=delegation_id, now=now)
    why = rules.check_evidence(reason)
    if row.agent_id is not None:
        _tell(
            row.agent_id, f"Ihre Vertretung für {row.principal.get_full_name()} wurde nicht bestätigt",
            f"Der Grund: {why}\n\nSie können die Vertretung mit anderen Unterlagen neu beantragen.", now=now,
        )  # fmt: skip
    _drop(row)


@transaction.atomic
def send_invitation(*, delegation_id: int, now: datetime) -> bool:
    """Tell the invited address; return whether somebody was told. A child is not named to an unconfirmed address."""
    row = queries.open_invitations(now).select_related("principal", "proposed_by").filter(pk=delegation_id).first()
    if row is None or row.proposed_by is None:
        return False
    inviter = row.proposed_by.get_full_name()
    whom = {Kind.ADULT: "sich", Kind.CHILD: "ein Kind"}.get(Kind(row.kind), row.principal.get_full_name())
    subject = "Einladung: für jemanden handeln"
    page = f"{settings.PUBLIC_URL}/mein/vertretung/"
    body = (
        f"{inviter} möchte, dass Sie im Stadtportal für {whom} handeln können.\n\nBis zum "
        f"{rules.last_day_of(rules.invitation_ends(row.proposed_at)):%d.%m.%Y} können Sie das annehmen oder ablehnen:\n"
        f"{page}\n\nSagt Ihnen der Name nichts? Dann tun Sie einfach nichts."
    )
    account = EmailAddress.objects.filter(email=row.invited_email, verified=True).first()
    if account is not None:
        inbox.send(person_id=account.user_id, subject=subject, body=body, now=now)
    else:
        hint = "\n\nSie brauchen dafür ein Konto mit dieser E-Mail-Adresse.\n\nIhr Stadtportal\n"
        EmailMessage(subject=subject, body=f"Guten Tag,\n\n{body}{hint}", to=[row.invited_email]).send()
    return True


@transaction.atomic
def purge_requests(*, now: datetime) -> int:
    """Forget what nobody came to have checked, with the people named in it; return how many."""
    past = now - timedelta(days=rules.REQUEST_DAYS)
    rows = list(
        Delegation.objects.filter(principal_accepted_at=None, proposed_at__lte=past)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("principal")
    )
    for row in rows:
        _drop(row)
    return len(rows)


_END_ANYTIME = (
    "Beide Seiten können das jederzeit beenden: unter „Mein Stuttgart“, „Vertretung“. Jeder Blick in die Daten und "
    "jeder Schritt in Vertretung wird festgehalten."
)
_CHECKED = "Die Stadt hat Ihre Unterlagen gesehen. "
_NOTHING_OPEN = "Die Einladung ist damit erledigt."


def _invitation(delegation_id: int, *, person_id: UUID, now: datetime) -> Delegation:
    """Return an open invitation to this person, with its principal's row and its own held."""
    mine = queries.open_invitations(now).filter(pk=delegation_id, invited_email__in=queries.list_emails(person_id))
    seen = mine.first()
    if seen is None:
        raise rules.not_found()
    lock_principal(seen.principal_id, now=now)
    row = mine.select_related("principal", "granted_under").select_for_update(of=("self",)).first()
    if row is None:
        raise rules.not_found()
    return row


def _requested(actor: Actor, *, delegation_id: int, now: datetime) -> Delegation:
    """Return what waits for the city's check, with its principal's row held; both people get an access event."""
    person_id = oneself(actor)
    if not actor.has_role(Role.CASE_WORKER):
        raise NotAllowed("Vertretungen bestätigt die Sachbearbeitung.")
    waiting = Delegation.objects.filter(pk=delegation_id, principal_accepted_at=None, ended_at=None)
    with trust.reading(actor=actor, purpose=CHECKING, legal_basis=CHECKING_BASIS, fields=CHECKED_FIELDS) as opened:
        seen = waiting.first()
        if seen is None:
            raise rules.not_found()
        lock_principal(seen.principal_id, now=now)
        row = waiting.select_related("principal").select_for_update(of=("self",)).first()
        if row is None:
            raise rules.not_found()
        opened.saw(row.principal_id)
        if row.agent_id is not None:
            opened.saw(row.agent_id)
    if row.agent_id == person_id:
        raise NotAllowed("Den eigenen Antrag bestätigt jemand anderes.")
    return row


def _is_party(row: Delegation, person_id: UUID) -> bool:
    return person_id in {row.agent_id, row.principal_id, *_giver(row)} or (
        row.agent_id is None and row.proposed_by_id == person_id
    )


def _giver(row: Delegation) -> set[UUID]:
    """Return the representative under whose delegation this one is given."""
    above = row.granted_under
    return {above.agent_id} if above is not None and above.agent_id is not None else set()


def _drop(row: Delegation) -> None:
    with trust.system("Nicht bestätigte Vertretung löschen"):
        row.principal.delete()


def _tell(person_id: UUID, subject: str, body: str, *, now: datetime) -> None:
    inbox.send(person_id=person_id, subject=subject, body=body, now=now)


def _tell_end(row: Delegation, *, told: set[UUID], reason: str, now: datetime) -> None:
    agent = row.agent.get_full_name() if row.agent else ""
    subject = f"{agent} handelt nicht mehr für {row.principal.get_full_name()}"
    why = f"\n\nDie Stadt hat sie beendet. Der Grund: {reason}" if reason else ""
    for person_id in sorted(told):
        body = f"Die Vertretung ist beendet. Ab sofort ist kein Zugriff mehr möglich.{why}"
        _tell(person_id, subject, body, now=now)
