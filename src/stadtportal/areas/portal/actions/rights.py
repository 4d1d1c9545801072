"""Asking for a right under Art. 16, 18 or 21 GDPR, and answering: case, request and message commit together."""

from datetime import datetime, timedelta

from django.db import transaction

from stadtportal.areas.portal.rules import ANSWER_WITHIN_DAYS, DATA_RIGHT
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import Actor, NotAllowed, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import berlin_date


@transaction.atomic
def ask_right(*, actor: Actor, article: int, statement: str, now: datetime) -> str:
    """Open the case of a request and return its reference. Raises ``NotAllowed`` for a visitor."""
    if actor.person_id is None:
        sentence = "Bitte melden Sie sich an."
        raise NotAllowed(sentence)
    title = trust.ARTICLE_TITLES[trust.Article(article)]
    answer_by = now + timedelta(days=ANSWER_WITHIN_DAYS)
    reference = cases.open_case(
        person_id=actor.person_id,
        area="portal",
        kind=DATA_RIGHT,
        title=title,
        status="open",
        event="Ihr Antrag ist eingegangen.",
        next_step=f"Wir antworten bis zum {berlin_date(answer_by)} (Art. 12 Abs. 3 DSGVO).",
        next_at=answer_by,
        now=now,
    )
    trust.add_right(person_id=actor.person_id, case_reference=reference, article=article, statement=statement, now=now)
    inbox.send(
        person_id=actor.person_id,
        subject=f"Ihr Antrag ist eingegangen: {title}",
        body=f"Wir haben Ihren Antrag erhalten und antworten bis zum {berlin_date(answer_by)}.",
        case_reference=reference,
        now=now,
    )
    return reference


@transaction.atomic
def answer_right(*, actor: Actor, reference: str, granted: bool, answer: str, now: datetime) -> None:
    """Answer a request; its person reads the answer in the case and in the inbox, and sees who read the request.

    Raises ``NotAllowed`` for anybody but case workers, ``NotFound``, ``AlreadyAnswered``.
    """
    if not actor.has_role(Role.CASE_WORKER):
        sentence = "Das darf nur die Sachbearbeitung."
        raise NotAllowed(sentence)
    with trust.reading(
        actor=actor,
        purpose="Antrag zu Ihren Daten beantworten",
        legal_basis="Art. 12 DSGVO",
        fields=("Antrag",),
        case=reference,
    ):
        person_id = trust.answer_right(
            case_reference=reference, answer=answer, granted=granted, answered_by=actor.shown_as, now=now
        )
        said = "Ihrem Antrag wurde stattgegeben." if granted else "Ihr Antrag wurde abgelehnt."
        cases.move_case(
            reference=reference,
            status="granted" if granted else "refused",
            event=said,
            actor_name=actor.shown_as,
            now=now,
        )
        inbox.send(
            person_id=person_id,
            subject="Antwort auf Ihren Antrag zu Ihren Daten",
            body=f"{said}\n\n{answer}",
            case_reference=reference,
            now=now,
        )
