"""Opening hours as sentences, computed once per change and not once per page."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from stadtportal.kernel.city import api as city
from stadtportal.kernel.web.api import BERLIN

_MOST_KEPT = 20_000
_kept: dict[str, tuple[datetime, datetime, city.HoursStatus]] = {}


def get_hours_status(hours: str, *, now: datetime) -> city.HoursStatus:
    """Return whether a house is open and the sentence for it.

    The answer holds until the next change, and no longer than the day, since it says "heute" and "morgen".
    """
    kept = _kept.get(hours)
    if kept is not None and kept[0] <= now < kept[1]:
        return kept[2]
    status = city.hours_status(hours, now)
    today = now.astimezone(BERLIN).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), BERLIN)
    until = min(status.next_change_at, midnight) if status.next_change_at else midnight
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[hours] = (now, until, status)
    return status
