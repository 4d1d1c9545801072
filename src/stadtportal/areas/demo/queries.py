"""Reads of the demonstration: its file, its mails, its people."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from stadtportal.areas.demo.models import CourseRun, OutgoingMail, Seeding
from stadtportal.areas.demo.rules import SIGN_INS, Attachment, read_mail
from stadtportal.areas.demo.rules import identity_provider as provider
from stadtportal.areas.demo.rules.citizens import CITIZENS, LEVELS
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import NotAllowed, NotFound
from stadtportal.kernel.people import api as people

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from stadtportal.areas.demo.rules import ReadMail


def demo_file() -> Path:
    """Return the city's file of invented people, providers and courses."""
    return city.pack_folder() / "demo.yaml"


def get_demo_data() -> Mapping[str, Sequence[dict[str, Any]]]:
    """Read the file: ``organisations``, ``places``, ``courses``, ``people``, ``children``; empty where missing."""
    return _parsed(demo_file(), demo_file().stat().st_mtime_ns)


@cache
def _parsed(path: Path, _changed_ns: int) -> Mapping[str, Sequence[dict[str, Any]]]:
    loaded = yaml.safe_load(path.read_bytes())
    return {part: loaded.get(part) or [] for part in ("organisations", "places", "courses", "people", "children")}


def get_checksum() -> str:
    """Return the SHA-256 of the file, in hexadecimal."""
    return hashlib.sha256(demo_file().read_bytes()).hexdigest()


def is_seeded(*, today: date) -> bool:
    """Tell whether the data of this very file is written, for this day."""
    return Seeding.objects.filter(checksum=get_checksum(), seeded_on=today).exists()


def is_known() -> bool:
    """Tell whether the data of this very file is written, for whatever day."""
    return Seeding.objects.filter(checksum=get_checksum()).exists()


def list_runs() -> dict[str, tuple[date, date]]:
    """Return first and last day of each course's present run, by slug."""
    return {run.slug: (run.first_on, run.last_on) for run in CourseRun.objects.all()}


def list_mails() -> QuerySet[OutgoingMail]:
    """Return all mails, newest first, without their source; evaluated by the page that shows a part of them."""
    return OutgoingMail.objects.defer("source")


def get_mail(pk: int) -> tuple[OutgoingMail, ReadMail]:
    """Return one mail and what it contains. Raises ``NotFound``."""
    mail = OutgoingMail.objects.filter(pk=pk).first()
    if mail is None:
        raise NotFound(_("Diese Nachricht gibt es nicht mehr. Der Postausgang behält die letzten 500."))
    return mail, read_mail(bytes(mail.source))


def get_attachment(pk: int, *, number: int) -> Attachment:
    """Return one attachment of one mail, counted from 1. Raises ``NotFound``."""
    _mail, content = get_mail(pk)
    if not 1 <= number <= len(content.attachments):
        raise NotFound(_("Diesen Anhang gibt es nicht."))
    return content.attachments[number - 1]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can be signed in by one click: ``title`` is the role in words, ``does`` what it is for."""

    email: str
    name: str
    title: str
    does: str


def list_sign_ins() -> tuple[SignIn, ...]:
    """Return the listed example people who exist."""
    found = (people.find_person(email) for email in SIGN_INS)
    return tuple(
        SignIn(person.email, person.name, *SIGN_INS[person.email]) for person in found if person and person.example
    )


def list_residents() -> list[UUID]:
    """Return the ids of the invented people who only fill courses, in the order of the file."""
    emails = [facts["email"] for facts in get_demo_data()["people"] if facts["email"] not in SIGN_INS]
    found = {person.email: person.id for person in map(people.find_person, emails) if person and person.example}
    return [found[email] for email in emails if email in found]


# The simulated BundID has one line for each attribute it can state: the OID, and the citizen's field.
_STATED = {
    "urn:oid:2.5.4.42": "given_name",
    "urn:oid:2.5.4.4": "family_name",
    "urn:oid:1.2.40.0.10.2.1.1.225566": "birth_name",
    "urn:oid:1.2.40.0.10.2.1.1.55": "born",
    "urn:oid:1.3.6.1.5.5.7.9.2": "born_in",
    "urn:oid:2.5.4.16": "street",
    "urn:oid:2.5.4.17": "postal_code",
    "urn:oid:2.5.4.7": "locality",
}


def _simulated() -> Mapping[str, Any]:
    """Return the connection to the simulator. Raises ``NotFound`` where the portal is connected to the real one."""
    connection: Mapping[str, Any] = settings.BUNDID or {}
    if "simulator_key" not in connection:
        raise NotFound(_("Dieses Portal ist nicht mit dem Simulator verbunden."))
    return connection


def read_bundid_request(text: str) -> provider.Asked:
    """Read a request to the simulated BundID. Raises ``NotAllowed``, ``NotFound``."""
    connection = _simulated()
    try:
        return provider.read_request(text, certificate=connection["certificate"], destination=connection["destination"])
    except provider.RequestRefused as refused:
        raise NotAllowed(_("Der Simulator nimmt diese Anfrage nicht an: %(why)s.") % {"why": refused}) from refused


def write_bundid_answer(asked: provider.Asked, *, citizen: str, level: str, now: datetime) -> str:
    """Return the simulated BundID's answer as base64; without a citizen, that somebody broke off."""
    connection = _simulated()
    class_ref, trust, _title = LEVELS[level or "1"]
    claims = provider.Claims(
        request_id=asked.request_id,
        issuer=connection["issuer"],
        audience=asked.issuer,
        answer_url=asked.answer_url,
        class_ref=class_ref,
        attributes=_attributes(citizen, asked, class_ref, trust),
        now=now,
    )
    if not citizen:
        return provider.refusal(claims, key=connection["simulator_key"])
    return provider.answer(claims, key=connection["simulator_key"], certificate=connection["certificate"])


def _attributes(citizen: str, asked: provider.Asked, class_ref: str, trust: str) -> list[provider.Attribute]:
    if not citizen:
        return []
    pairwise = hashlib.sha256(f"{citizen} {asked.issuer}".encode()).hexdigest()
    stated = [
        provider.Attribute("urn:oid:1.3.6.1.4.1.25484.494450.3", pairwise, trust),
        provider.Attribute("urn:oid:1.2.40.0.10.2.1.1.261.94", class_ref, trust),
    ]
    wanted = {*asked.required, *asked.optional}
    values = ((oid, getattr(CITIZENS[citizen], field)) for oid, field in _STATED.items() if oid in wanted)
    return [*stated, *(provider.Attribute(oid, value, trust) for oid, value in values if value)]


def mail_to(email: str) -> QuerySet[OutgoingMail]:
    """Return the mails that went to this address alone or among others."""
    candidates = OutgoingMail.objects.filter(recipients__icontains=email).values_list("pk", "recipients")
    return OutgoingMail.objects.filter(
        pk__in=[pk for pk, recipients in candidates if email.lower() in recipients.lower().split(", ")]
    )


def export_mail(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the mails the portal wrote to this person, oldest first."""
    for mail in mail_to(people.get_person(person_id).email).order_by("pk"):
        yield {"at": mail.created_at.isoformat(), "to": mail.recipients, "subject": mail.subject, "text": mail.text}
