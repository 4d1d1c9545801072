"""The Django app of people: accounts, roles, and who is acting."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.apps import AppConfig
from django.utils import timezone


def _agents_of(person_id: UUID) -> Sequence[str]:
    """Tell the inbox who gets the mail of somebody who does not sign in."""
    from stadtportal.kernel.people.queries.delegation import list_agent_emails  # noqa: PLC0415 -- models load later.

    return list_agent_emails(person_id, now=timezone.now())


class PeopleConfig(AppConfig):
    """People have accounts; staff have roles."""

    name = "stadtportal.kernel.people"
    label = "people"
    verbose_name = "Personen"

    def ready(self) -> None:
        """Declare what is kept about people and put the account into the frame."""
        from stadtportal.kernel.contracts import FrameSlot, registry  # noqa: PLC0415 -- only once all apps are loaded.
        from stadtportal.kernel.people import actions, queries  # noqa: PLC0415 -- likewise.
        from stadtportal.kernel.people.rules import PERSONAL_DATA  # noqa: PLC0415 -- likewise.
        from stadtportal.kernel.trust import api as trust  # noqa: PLC0415 -- likewise.

        registry.declare_personal_data("people", *PERSONAL_DATA)
        trust.register_sealed_place(
            trust.SealedPlace("Zweite Schritte", queries.list_second_step_keys, actions.reseal_second_steps)
        )
        registry.add_frame_slot(
            FrameSlot(
                "banner",
                "people/acting.html",
                lambda actor: {"mandate": actor.mandate} if actor.mandate else None,
            )
        )
        registry.set_mail_to(_agents_of)
        registry.add_frame_slot(
            FrameSlot("account", "people/slot_account.html", lambda actor: {} if actor.signed_in else None)
        )
