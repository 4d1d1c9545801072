"""Questions about looks, for the person who asked and for the desk that answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model

from stadtportal.areas.portal.models import Question
from stadtportal.kernel.contracts import Actor, CasePanel, NotFound
from stadtportal.kernel.people import api as people
from stadtportal.kernel.trust import api as trust

PURPOSE = "Fragen zu Zugriffen beantworten"
LEGAL_BASIS = "Art. 12 Abs. 2, Art. 15 DSGVO"
LISTED = ("Vorgangsnummer", "Zeitpunkt der Frage")
FIELDS = ("Name", "Frage", "Zugriff, um den es geht")


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One line of the desk's list."""

    reference: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as the desk sees it."""

    reference: str
    name: str
    about: str
    text: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@contextmanager
def opened(actor: Actor, *, reference: str) -> Iterator[None]:
    """Open one question for the desk; the person who asked sees the look in their access log."""
    with trust.reading(actor=actor, purpose=PURPOSE, legal_basis=LEGAL_BASIS, fields=FIELDS, case=reference):
        yield


def list_open(*, actor: Actor) -> list[OpenQuestion]:
    """Return the questions that nobody has answered, oldest first; each person listed gets an access event."""
    with trust.reading(actor=actor, purpose=PURPOSE, legal_basis=LEGAL_BASIS, fields=LISTED):
        rows = list(Question.objects.filter(answered_at=None).order_by("asked_at", "pk"))
    return [OpenQuestion(reference=row.case_reference, asked_at=row.asked_at) for row in rows]


def get_question(*, actor: Actor, reference: str) -> QuestionView:
    """Return one question with the name of who asked. Raises ``NotFound``."""
    with opened(actor, reference=reference):
        row = Question.objects.filter(case_reference=reference).first()
        if row is None:
            raise NotFound("Diese Frage gibt es nicht.")
        name = people.get_person(row.person_id).name
    return QuestionView(
        reference=row.case_reference,
        name=name,
        about=row.about,
        text=row.text,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
    )


def get_panel(*, reference: str, now: datetime) -> CasePanel:  # noqa: ARG001 -- the kernel's signature.
    """Return what the page of a question's case shows; needs an open reading of one's own data."""
    row = Question.objects.filter(case_reference=reference).first()
    if row is None:
        return CasePanel()
    facts = [("Zugriff", row.about), ("Ihre Frage", row.text)]
    if row.answer:
        facts.append(("Antwort", row.answer))
    return CasePanel(facts=tuple(facts))


def find_asked(*, actor: Actor, look_ids: list[int]) -> dict[int, str]:
    """Return the cases of the actor's questions about these looks, by the look's number."""
    if actor.person_id is None:
        return {}
    with trust.own(actor):
        rows = Question.objects.filter(person_id=actor.person_id, look_id__in=look_ids)
        return {row.look_id: row.case_reference for row in rows}


def take_turn(*, person_id: UUID) -> None:
    """Wait until no other form of this person about the same is being sent, until the transaction ends."""
    rows = get_user_model()._default_manager.filter(pk=person_id)  # noqa: SLF001 -- Django's public name for it.
    rows.select_for_update(no_key=True).values_list("pk").first()
