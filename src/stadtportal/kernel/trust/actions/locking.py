"""One change of a person's facts and consents at a time."""

from uuid import UUID

from django.contrib.auth import get_user_model

from stadtportal.kernel.contracts import Actor, NotAllowed


def own_id(actor: Actor) -> UUID:
    """Return who is acting. Raises ``NotAllowed`` for visitors, and for who acts for somebody else.

    What people keep, agree to and who looked at it stays with themselves, however far a mandate goes.
    """
    if actor.person_id is None:
        raise NotAllowed("Bitte melden Sie sich an.")
    if actor.mandate is not None:
        raise NotAllowed("Angaben und Einwilligungen gehören allein der Person selbst, nicht der Vertretung.")
    return actor.person_id


def lock_person(person_id: UUID) -> None:
    """Wait until nobody else changes this person's facts and consents, and hold them until the transaction ends.

    So a form that is being sent and a switch that is being turned come one after the other, never halfway.
    """
    people = get_user_model()._default_manager.filter(pk=person_id)  # noqa: SLF001 -- Django's public name for it.
    people.select_for_update(no_key=True).values_list("pk").first()
