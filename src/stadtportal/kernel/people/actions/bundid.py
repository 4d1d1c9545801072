"""Signing in with BundID: setting out, the answer, and what follows from it."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stadtportal.kernel.contracts import AssuranceLevel, NotAllowed
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people.actions.confirming import confirm_attributes, remove_attributes
from stadtportal.kernel.people.engine.saml.answers import Expectation, read_answer, request_named
from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused
from stadtportal.kernel.people.engine.saml.requests import write_request
from stadtportal.kernel.people.models import BundIdLink, BundIdRequest, ConfirmedAttribute, UsedAssertion
from stadtportal.kernel.people.queries.assurance import (
    WAY_TAKES,
    Outcome,
    get_connection,
    get_outcome,
    hash_of_handle,
    keyed,
)
from stadtportal.kernel.people.rules.assurance import AlreadyConnected, AnswerRefused, LevelTooLow
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from stadtportal.kernel.contracts import RuleBroken
    from stadtportal.kernel.people.engine.saml.answers import SignedIn

logger = logging.getLogger(__name__)
_BUNDID: Final = ConfirmedAttribute.Source.BUNDID


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that is to be carried to ``destination``; ``request`` is base64."""

    request_id: str
    destination: str
    request: str


@transaction.atomic
def begin(*, level: AssuranceLevel, now: datetime) -> Begun:
    """Write a signed request that asks for ``level`` at least, and remember it. Raises ``NotFound`` without BundID."""
    connection = get_connection()
    request_id = f"_{secrets.token_hex(20)}"
    BundIdRequest.objects.create(request_id=request_id, level=level.value, asked_at=now)
    request = write_request(
        connection.provider, request_id=request_id, destination=connection.destination, level=level, now=now
    )
    return Begun(request_id, connection.destination, request)


def receive(*, answer: str, now: datetime) -> str:
    """Believe an answer or not; what it says then waits under the handle that is returned.

    Raises ``AnswerRefused`` and ``LevelTooLow``; the log says more than people are told, and nothing about them.
    """
    try:
        return _receive(answer, now)
    except SamlRefused as refused:
        logger.warning("An answer of BundID was refused: %s", refused)
        raise _in_words(refused.reason) from refused


def _receive(answer: str, now: datetime) -> str:
    connection = get_connection()
    row = BundIdRequest.objects.filter(request_id=request_named(answer), asked_at__gt=now - WAY_TAKES).first()
    if row is None:
        raise SamlRefused(Reason.REQUEST, "unknown or begun too long ago")
    expected = Expectation(
        request_id=row.request_id,
        asked_at=row.asked_at,
        level=AssuranceLevel(row.level),
        issuer=connection.issuer,
        audience=connection.provider.entity_id,
        destination=connection.provider.answer_url,
        certificates=connection.certificates,
        key=connection.provider.key,
    )
    return _keep(row, read_answer(answer, expected=expected, now=now), now)


@transaction.atomic
def _keep(row: BundIdRequest, told: SignedIn, now: datetime) -> str:
    """Keep what an answer says. Raises ``AnswerRefused`` when the request or the assertion has served before."""
    handle = secrets.token_urlsafe(24)
    outcome = {
        "fingerprint": keyed(told.identifier, purpose="bundid"),
        "level": told.level.value,
        "stated": [[one.name, one.value, one.level.value] for one in told.stated],
    }
    fresh = BundIdRequest.objects.filter(pk=row.pk, answered_at=None).update(
        answered_at=now, handle_hash=hash_of_handle(handle), outcome=outcome
    )
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(
                fingerprint=keyed(told.assertion_id, purpose="assertion"), valid_until=told.valid_until
            )
    except IntegrityError:
        fresh = 0
    if not fresh:
        logger.warning("An answer of BundID was refused: replayed")
        raise AnswerRefused(_("Diese Antwort von BundID wurde schon einmal verwendet und gilt nicht noch einmal."))
    return handle


def _in_words(reason: Reason) -> RuleBroken:
    match reason:
        case Reason.DECLINED:
            return AnswerRefused(_("Die Anmeldung bei BundID wurde abgebrochen."))
        case Reason.LEVEL:
            return LevelTooLow(_("Die Anmeldung bei BundID reicht für diesen Zweck nicht aus."))
        case Reason.EXPIRED | Reason.NOT_YET_VALID | Reason.REQUEST:
            return AnswerRefused(_("Die Antwort von BundID ist abgelaufen oder gehört nicht zu dieser Anmeldung."))
        case Reason.INCOMPLETE:
            return AnswerRefused(_("BundID hat nicht alle nötigen Angaben übermittelt."))
        case _:
            return AnswerRefused(_("Die Antwort von BundID ließ sich nicht prüfen. Deshalb haben wir sie verworfen."))


@transaction.atomic
def conclude(*, person_id: UUID, handle: str, now: datetime) -> Outcome:
    """Take what waits under the handle over into the connected account, once. Raises ``NotFound``, ``NotAllowed``."""
    outcome = get_outcome(handle, now=now)
    with trust.system("Anmeldung mit BundID"):
        used = BundIdLink.objects.filter(person_id=person_id, fingerprint=outcome.fingerprint).update(used_at=now)
    if not used:
        raise NotAllowed(_("Diese BundID ist nicht mit diesem Konto verbunden."))
    confirm_attributes(person_id=person_id, stated=outcome.stated, source=_BUNDID, now=now)
    _spend(outcome)
    return outcome


@transaction.atomic
def connect(*, person_id: UUID, handle: str, now: datetime) -> Outcome:
    """Connect the BundID that waits under the handle to an account. Raises ``NotFound``, ``AlreadyConnected`` and
    ``IdentitiesDiffer``.
    """  # noqa: D205 -- one sentence that needs two lines.
    outcome = get_outcome(handle, now=now)
    confirm_attributes(person_id=person_id, stated=outcome.stated, source=_BUNDID, now=now)
    try:
        with transaction.atomic():
            BundIdLink.objects.create(
                person_id=person_id, fingerprint=outcome.fingerprint, connected_at=now, used_at=now
            )
    except IntegrityError as error:
        raise AlreadyConnected(
            _("Diese BundID oder dieses Konto ist schon anders verbunden. Bitte trennen Sie zuerst die alte.")
        ) from error
    _spend(outcome)
    inbox.send(
        person_id=person_id,
        subject=_("Ihre BundID ist verbunden"),
        body=_(
            "Sie können sich jetzt mit BundID anmelden. Wenn Sie das nicht waren: Trennen Sie die Verbindung unter "
            "Konto, Nachweis, und rufen Sie uns unter 115 an."
        ),
        now=now,
    )
    return outcome


def _spend(outcome: Outcome) -> None:
    """Forget what waited. Raises ``NotAllowed`` when another tab was faster."""
    gone, _rows = BundIdRequest.objects.filter(request_id=outcome.request_id).delete()
    if not gone:
        raise NotAllowed(_("Diese Anmeldung mit BundID ist schon abgeschlossen."))


@transaction.atomic
def disconnect(*, person_id: UUID, now: datetime) -> None:
    """Part a BundID from an account, with everything it stated. Doing it again changes nothing."""
    with trust.system("Verbindung mit BundID trennen"):
        gone, _rows = BundIdLink.objects.filter(person_id=person_id).delete()
    remove_attributes(person_id=person_id, source=_BUNDID)
    if gone:
        inbox.send(
            person_id=person_id,
            subject=_("Ihre BundID ist getrennt"),
            body=_("Mit BundID können Sie sich nicht mehr anmelden. Was BundID über Sie bestätigt hat, ist gelöscht."),
            now=now,
        )
