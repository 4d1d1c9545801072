"""The mail backend of the demonstration: nothing leaves this device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail.backends.base import BaseEmailBackend

from stadtportal.areas.demo import actions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class OutboxBackend(BaseEmailBackend):
    """Keeps mails in the database instead of sending them; they are read at ``/demo/postausgang/``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails and return how many."""
        for message in email_messages:
            actions.keep_mail(
                sender=message.from_email,
                recipients=message.recipients(),
                subject=str(message.subject),
                text=str(message.body),
                source=message.message().as_bytes(),
            )
        return len(email_messages)
