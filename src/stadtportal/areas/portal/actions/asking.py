"""Asking about a look, and answering: one transaction each."""

from datetime import datetime

from django.db import transaction

from stadtportal.areas.portal import rules
from stadtportal.areas.portal.models import Question
from stadtportal.areas.portal.queries import questions
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import Actor, NotAllowed, NotFound, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web


def ask(*, actor: Actor, look_id: int, text: str, now: datetime) -> str:
    """Open a case that asks about one look at the actor's own data; return its reference.

    Asking again about the same look returns the case there is. Raises ``NotFound`` for a look at somebody else's data.
    """
    look = trust.get_look(actor=actor, look_id=look_id)
    if actor.person_id is None:
        raise NotAllowed("Bitte melden Sie sich an.")
    with trust.own(actor), transaction.atomic():
        questions.take_turn(person_id=actor.person_id)
        asked = Question.objects.filter(person_id=actor.person_id, look_id=look_id).first()
        if asked is not None:
            return asked.case_reference
        reference = cases.open_case(
            person_id=actor.person_id,
            area="portal",
            kind="question",
            title=f"Frage zum Zugriff von {look.actor_name}",
            status="open",
            event="Sie haben gefragt, warum jemand Ihre Daten gesehen hat.",
            next_step="Eine Sachbearbeiterin oder ein Sachbearbeiter antwortet Ihnen per Nachricht.",
            now=now,
        )
        Question.objects.create(
            case_reference=reference,
            person_id=actor.person_id,
            look_id=look_id,
            about=rules.look_words(look.actor_name, web.berlin_datetime(look.at), look.purpose, look.fields),
            text=text,
            asked_at=now,
        )
        return reference


def answer(*, actor: Actor, reference: str, text: str, now: datetime) -> None:
    """Answer a question: the person gets a message, the case is over.

    Raises ``NotAllowed`` for anybody but a case worker and for one's own question, ``NotFound``, ``AlreadyAnswered``.
    """
    if not actor.has_role(Role.CASE_WORKER):
        raise NotAllowed("Fragen beantwortet die Sachbearbeitung.")
    with questions.opened(actor, reference=reference):
        question = Question.objects.select_for_update().filter(case_reference=reference).first()
        if question is None:
            raise NotFound("Diese Frage gibt es nicht.")
        if question.person_id == actor.person_id:
            raise NotAllowed("Ihre eigene Frage beantwortet jemand anderes.")
        if question.answered_at is not None:
            raise rules.AlreadyAnswered("Diese Frage ist schon beantwortet.")
        question.answer, question.answered_by, question.answered_at = text, actor.shown_as, now
        question.save()
        cases.move_case(
            reference=reference,
            status="answered",
            event="Ihre Frage ist beantwortet. Die Antwort liegt in Ihrem Postfach.",
            actor_name=actor.shown_as,
            now=now,
        )
        inbox.send(
            person_id=question.person_id,
            subject="Antwort auf Ihre Frage zu einem Zugriff",
            body=f"Sie haben gefragt: {question.text}\n\n{text}\n\n{actor.shown_as}",
            case_reference=reference,
            now=now,
        )
