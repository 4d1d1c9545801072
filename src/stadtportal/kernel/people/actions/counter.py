"""At the counter: a clerk checks an identity card and prints a letter; its code raises the account."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import Actor, AssuranceLevel, NotAllowed
from stadtportal.kernel.documents import api as documents
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people.actions import create_person
from stadtportal.kernel.people.actions.confirming import confirm_attributes
from stadtportal.kernel.people.models import ConfirmedAttribute, CounterCheck, Person
from stadtportal.kernel.people.queries import find_person_by_email
from stadtportal.kernel.people.queries.assurance import keyed
from stadtportal.kernel.people.rules.assurance import ATTRIBUTE_TITLES, IdentitiesDiffer
from stadtportal.kernel.people.rules.counter import (
    ALPHABET,
    DOCUMENT_KINDS,
    LEGAL_BASIS,
    MAX_TRIES,
    NUMBER_LENGTH,
    PURPOSE,
    SECRET_LENGTH,
    VALID_FOR,
    AlreadyPrinted,
    Checked,
    CodeRefused,
    LetterState,
    check_holder,
    check_usable,
    clean_code,
    document_end,
    grouped,
    is_code,
    split_code,
)
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import berlin_date

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from stadtportal.kernel.contracts import RuleBroken

_COUNTER: Final = ConfirmedAttribute.Source.COUNTER


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the clerk sees it: enough to tell whether it is the one of the person at the counter."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter, ready to print, and the number that stands on it."""

    number: str
    pdf: bytes


def find_account(*, actor: Actor, email: str) -> Account | None:
    """Return the account with that address, if there is one; its owner sees that the clerk looked."""
    person = find_person_by_email(email) if email else None
    if person is None:
        return None
    _account_for(actor, person.pk, PURPOSE, (_("Name"), _("E-Mail-Adresse")))
    return Account(person.pk, person.get_full_name())


def _account_for(actor: Actor, person_id: UUID, purpose: str, fields: tuple[str, ...]) -> None:
    """Write that the actor saw these fields of that person."""
    with trust.reading(
        actor=actor,
        purpose=purpose,
        legal_basis=LEGAL_BASIS,
        fields=fields,
        on_behalf_of=_("Stadt %(city)s") % {"city": city.city().name},
    ) as look:
        look.saw(person_id)


@transaction.atomic
def print_letter(*, actor: Actor, checked: Checked, email: str, key: str, now: datetime) -> Printed:
    """Keep the check and set the letter. The code exists on the letter only; here is its keyed hash.

    With an address the letter is for that account, which is opened if there is none, and replaces an earlier letter.
    Raises ``AlreadyPrinted`` when the form of ``key`` was sent before.
    """
    if actor.person_id is None:
        raise NotAllowed(_("Bitte melden Sie sich an."))
    person_id = _account(actor, checked, email) if email else None
    if person_id == actor.person_id:
        raise NotAllowed(_("Den eigenen Ausweis muss jemand anderes prüfen."))
    if person_id is not None:
        with trust.system("Früheres Schreiben ersetzen"):
            CounterCheck.objects.filter(person_id=person_id, used_at=None, withdrawn_at=None).update(
                withdrawn_at=now, details={}
            )
    code = _new_code()
    number, secret = split_code(code)
    try:
        with transaction.atomic():
            CounterCheck.objects.create(
                person_id=person_id,
                clerk_id=actor.person_id,
                clerk_name=actor.shown_as,
                key=key,
                number=number,
                code_hash=keyed(secret, purpose=f"letter {number}"),
                details=dict(checked.details),
                document_kind=checked.document_kind,
                document_end=document_end(checked.document_end),
                checked_at=now,
                expires_at=now + VALID_FOR,
            )
    except IntegrityError as error:
        raise AlreadyPrinted(
            _("Dieses Schreiben ist schon gedruckt, und sein Code steht nur darauf. Für ein neues beginnen Sie neu.")
        ) from error
    return Printed(number, _letter(checked, code, with_account=bool(email), now=now))


def _account(actor: Actor, checked: Checked, email: str) -> UUID:
    person = find_person_by_email(email)
    if person is None:
        names = checked.details
        made = create_person(email=email, given_name=names["given_name"], family_name=names["family_name"])
        return made.pk
    _account_for(actor, person.pk, PURPOSE, (_("Name"), _("E-Mail-Adresse")))
    return person.pk


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(NUMBER_LENGTH + SECRET_LENGTH))


def _letter(checked: Checked, code: str, *, with_account: bool, now: datetime) -> bytes:
    details = checked.details
    page = f"{settings.PUBLIC_URL}/konto/code/"
    sign_in = (
        _("Melden Sie sich mit der E-Mail-Adresse an, die Sie uns genannt haben. Sie brauchen kein Passwort.")
        if with_account
        else _("Melden Sie sich an. Wenn Sie noch kein Konto haben, legen Sie dort in einer Minute eines an.")
    )
    return documents.pdf_letter(
        title=_("Ihr Code für das Stadtportal"),
        reference="",
        recipient=[
            f"{details['given_name']} {details['family_name']}",
            details["street"],
            f"{details['postal_code']} {details['locality']}",
        ],
        paragraphs=[
            _("Guten Tag, wir haben Ihren Ausweis geprüft. Mit diesem Code bestätigen Sie Ihr Konto."),
            _("1. Öffnen Sie %(page)s oder scannen Sie das Bild.") % {"page": page},
            f"2. {sign_in}",
            _("3. Geben Sie den Code und Ihr Geburtsdatum ein."),
        ],
        facts=[
            (_("Code"), grouped(code)),
            (_("Gültig bis"), berlin_date(now + VALID_FOR)),
            (_("Geprüft"), DOCUMENT_KINDS[checked.document_kind]),
        ],
        closing=_(
            "Der Code gilt einmal und nur zusammen mit Ihrem Geburtsdatum. Geben Sie ihn niemandem. "
            "Fragen beantworten wir unter 115."
        ),
        sender=_("Stadt %(city)s") % {"city": city.city().name},
        picture=documents.qr_picture(f"{page}?code={code}", alt=_("QR-Code, der die Seite mit Ihrem Code öffnet")),
        now=now,
    )


def redeem(*, actor: Actor, code: str, birth_date: date, now: datetime) -> None:
    """Raise the actor's account with the code of a letter. Raises ``CodeRefused`` and ``IdentitiesDiffer``.

    A wrong try counts even though it is refused; so the refusal is raised once the count is kept.
    """
    if actor.person_id is None:
        raise NotAllowed(_("Bitte melden Sie sich an."))
    cleaned = clean_code(code)
    if not is_code(cleaned):
        raise CodeRefused(_("Ein Code hat 16 Zeichen, zum Beispiel K7M4-2QXP-9T3H-5WZ8."), field="code")
    refused = _try(actor.person_id, cleaned, birth_date, now)
    if refused is not None:
        raise refused


@transaction.atomic
def _try(person_id: UUID, code: str, birth_date: date, now: datetime) -> RuleBroken | None:
    number, secret = split_code(code)
    with trust.system("Code eines Schreibens prüfen"):
        letter = CounterCheck.objects.select_for_update().filter(number=number).first()
        if letter is None:
            return CodeRefused(
                _("Diesen Code gibt es nicht. Bitte vergleichen Sie ihn mit dem Schreiben."), field="code"
            )
        if not hmac.compare_digest(letter.code_hash, keyed(secret, purpose=f"letter {number}")):
            return _wrong(letter)
        try:
            check_usable(_state(letter), now=now)
            check_holder(letter.person_id, clerk_id=letter.clerk_id, redeemer_id=person_id)
            if letter.details["birth_date"] != birth_date.isoformat():
                return _wrong(letter)
            _use(letter, person_id, now)
        except (CodeRefused, IdentitiesDiffer) as refused:
            return refused
    return None


def _state(letter: CounterCheck) -> LetterState:
    return LetterState(letter.expires_at, letter.tries, letter.used_at, letter.withdrawn_at)


def _wrong(letter: CounterCheck) -> CodeRefused:
    """Count a wrong try. Code and date of birth are not told apart: neither can be guessed alone."""
    letter.tries = min(letter.tries + 1, MAX_TRIES)
    letter.save(update_fields=["tries"])
    if letter.tries >= MAX_TRIES:
        return CodeRefused(
            _("Das war zu oft falsch. Dieser Code gilt nicht mehr. Im Bürgerbüro erhalten Sie einen neuen."),
            field="code",
        )  # fmt: skip
    return CodeRefused(
        _("Code und Geburtsdatum passen nicht zusammen. Bitte vergleichen Sie beides mit dem Schreiben."),
        field="code",
    )


def _use(letter: CounterCheck, person_id: UUID, now: datetime) -> None:
    level = AssuranceLevel.SUBSTANTIAL
    stated = {name: (value, level) for name, value in letter.details.items() if value}
    confirm_attributes(person_id=person_id, stated=stated, source=_COUNTER, now=now)
    if letter.clerk_id is not None:
        # Only now is it known whose data the clerk saw; the purpose says when that was.
        _account_for(
            Actor(person_id=letter.clerk_id, shown_as=letter.clerk_name),
            person_id,
            _("Identität am Schalter geprüft am %(day)s") % {"day": berlin_date(letter.checked_at)},
            (*(ATTRIBUTE_TITLES[name] for name in stated), _("Art und letzte Zeichen des Ausweises")),
        )
    letter.person = Person.objects.get(pk=person_id)
    letter.used_at = now
    letter.details = {}
    letter.save(update_fields=["person", "used_at", "details"])
    inbox.send(
        person_id=person_id,
        subject=_("Ihr Konto ist bestätigt"),
        body=_(
            "Sie haben den Code aus dem Bürgerbüro eingelöst. Was nun bestätigt ist, steht unter Konto, Nachweis. "
            "Wenn Sie das nicht waren, rufen Sie uns bitte unter 115 an."
        ),
        now=now,
    )
