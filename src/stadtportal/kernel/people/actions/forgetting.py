"""Letting go of what has served: requests to BundID, assertions that have expired, letters that nobody used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from stadtportal.kernel.people.models import BundIdRequest, CounterCheck, UsedAssertion
from stadtportal.kernel.people.queries.assurance import ANSWER_WAITS, WAY_TAKES
from stadtportal.kernel.people.rules.counter import KEPT_AFTER_EXPIRY
from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def forget_past(*, now: datetime) -> None:
    """Forget what can serve no more; of an expired letter first the details, later the rest."""
    BundIdRequest.objects.filter(answered_at__lt=now - ANSWER_WAITS).delete()
    BundIdRequest.objects.filter(asked_at__lt=now - 2 * WAY_TAKES).delete()
    UsedAssertion.objects.filter(valid_until__lt=now).delete()
    with trust.system("Abgelaufene Schreiben löschen"):
        expired = CounterCheck.objects.filter(used_at=None, expires_at__lt=now)
        expired.filter(expires_at__lt=now - KEPT_AFTER_EXPIRY).delete()
        expired.exclude(details={}).update(details={})
