"""Inbox: what the portal writes to a person."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.apps import AppConfig

from stadtportal.kernel.contracts import Actor, FrameSlot, PersonalData, registry


def _unread(actor: Actor) -> Mapping[str, Any] | None:
    """Give the frame the number of unread messages of whoever is signed in."""
    from stadtportal.kernel.inbox import api  # noqa: PLC0415 -- models are not ready when this module loads.

    if actor.person_id is None or actor.areas:
        return None
    return {"unread": api.count_unread(actor.person_id)}


class InboxConfig(AppConfig):
    """Put the unread count into the frame and declare what is kept."""

    name = "stadtportal.kernel.inbox"
    label = "inbox"
    verbose_name = "Postfach"

    def ready(self) -> None:
        """Register the frame slot and the declaration."""
        registry.add_frame_slot(FrameSlot(place="account", template="inbox/unread.html", context=_unread))
        registry.declare_personal_data(
            "inbox",
            PersonalData(
                title="Nachrichten",
                purpose="Ihnen mitteilen, was mit Ihren Vorgängen geschieht",
                legal_basis="Art. 6 Abs. 1 b DSGVO",
                retention=timedelta(days=3 * 365),
                retention_words="3 Jahre nach dem Versand; Nachrichten zu einem Vorgang so lange wie der Vorgang",
                models={
                    "inbox.Message": (
                        "person",
                        "subject",
                        "body",
                        "case_reference",
                        "sent_at",
                        "read_at",
                        "mailed_at",
                    ),
                },
                export="stadtportal.kernel.inbox.queries.export",
                erase="stadtportal.kernel.inbox.actions.erase",
                expire="stadtportal.kernel.inbox.actions.expire",
                oldest="stadtportal.kernel.inbox.queries.oldest",
                words={
                    "subject": "Betreff",
                    "body": "Text",
                    "case": "Vorgang",
                    "sent_at": "Gesendet",
                    "read_at": "Gelesen",
                    "mailed_at": "Als E-Mail zugestellt",
                },
            ),
        )
