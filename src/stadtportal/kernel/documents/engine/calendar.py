"""Calendar files (RFC 5545), written by icalendar."""

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event, Timezone

from stadtportal.kernel.contracts import CalendarEvent
from stadtportal.kernel.web.api import BERLIN


def calendar_file(events: Sequence[CalendarEvent], *, now: datetime) -> bytes:
    """Return an iCalendar file with these events in Berlin time; ``now`` becomes their DTSTAMP."""
    calendar = Calendar()
    calendar.add("prodid", "-//Stadtportal//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if events:
        calendar.add_component(Timezone.from_tzid(BERLIN.key))
    for event in events:
        calendar.add_component(_event(event, now=now))
    return bytes(calendar.to_ical())


def _event(event: CalendarEvent, *, now: datetime) -> Event:
    component = Event()
    component.add("uid", event.uid)
    component.add("dtstamp", now.astimezone(UTC))
    component.add("summary", _text(event.title))
    component.add("dtstart", event.starts_at.astimezone(BERLIN))
    component.add("dtend", event.ends_at.astimezone(BERLIN))
    component.add("sequence", event.sequence)
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.location:
        component.add("location", _text(event.location))
    if event.description:
        component.add("description", _text(event.description))
    if event.url:
        component.add("url", event.url)
    if event.point is not None:
        component.add("geo", event.point)
    return component


def _text(text: str) -> str:
    """Return text whose line breaks are all of the one kind that icalendar escapes.

    Some calendars end a line at others too (U+2028, vertical tab) and would take what follows for a property.
    """
    return "\n".join(text.splitlines())
