"""Opening hours as one plain week, so that two spellings of the same hours compare equal."""

import re
from datetime import datetime, timedelta

from opening_hours import OpeningHours, State

Week = dict[str, list[str]]

DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
# A Monday in November without a public holiday in the week after it.
MONDAY = datetime(2026, 11, 23)  # noqa: DTZ001 -- opening hours are local times without a zone.

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_SPAN = r"\d\d:\d\d-\d\d:\d\d"
_RULE = re.compile(rf"({_DAY}(?:\s*[,-]\s*{_DAY})*)\s+({_SPAN}(?:,\s*{_SPAN})*)\s*[;,]?\s*")


def _days(text: str) -> list[str]:
    days: list[str] = []
    for part in re.split(r"\s*,\s*", text):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first.strip()), DAYS.index((last or first).strip())
        days += DAYS[start : end + 1]
    return days


def week_as_written(text: str) -> Week:
    """Read lists of weekdays with spans the way a person does; raises ValueError at anything else."""
    week: Week = {}
    position = 0
    while position < len(text):
        rule = _RULE.match(text, position)
        if rule is None:
            raise ValueError(f"cannot read hours from {text[position:]!r}")
        for day in _days(rule[1]):
            week[day] = re.split(r",\s*", rule[2])
        position = rule.end()
    return week


def week_as_evaluated(hours: str) -> Week:
    """The same week as the portal's engine evaluates it."""
    week: Week = {}
    for start, end, state, _comment in OpeningHours(hours).intervals(MONDAY, MONDAY + timedelta(days=7)):
        if state == State.OPEN:
            week.setdefault(DAYS[start.weekday()], []).append(f"{start:%H:%M}-{end:%H:%M}")
    return week
