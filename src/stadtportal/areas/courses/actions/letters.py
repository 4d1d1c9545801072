"""What the portal writes to people about their courses: one subject, one text, one line for the case's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stadtportal.areas.courses import rules
from stadtportal.kernel.web.api import berlin_datetime, cents, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from stadtportal.areas.courses.models import Course, Session


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and the line that goes into the case's history; ``next_step`` says what happens next."""

    subject: str
    body: str
    event: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """What a letter needs to know about one booking."""

    course: Course
    sessions: Sequence[Session]
    seats: int
    price_cents: int
    deadline: datetime

    @property
    def first(self) -> datetime:
        """Return when the first of its dates starts."""
        return min(session.starts_at for session in self.sessions)


def _seats(seats: int) -> str:
    return plural(seats, "Platz", "Plätze")


def _facts(party: Party) -> list[str]:
    course, place = party.course, party.course.place
    lines = [f"Kurs: {course.title}", f"Anbieter: {course.organisation.name}"]
    if len(party.sessions) == 1:
        lines.append(f"Termin: {berlin_datetime(party.first)}")
    else:
        lines.append(f"{len(party.sessions)} Termine, der erste: {berlin_datetime(party.first)}")
    if place is not None:
        street = f"{place.street} {place.house_number}".strip()
        lines.append(f"Ort: {place.name}{f', {street}' if street else ''}")
    lines.append(f"Personen: {party.seats}")
    if party.price_cents:
        lines.append(f"Preis: {cents(party.price_cents)}. Sie zahlen vor Ort beim Anbieter.")
    else:
        lines.append("Preis: kostenlos")
    if course.bring:
        lines.append(f"Bitte mitbringen: {course.bring}")
    return lines


def _until(party: Party, now: datetime) -> str:
    if party.deadline > now:
        return f"Stornieren können Sie bis {berlin_datetime(party.deadline)}, kostenlos und ohne Angabe von Gründen."
    return "Die Frist zum Stornieren ist schon vorbei. Wenn Sie nicht kommen können, rufen Sie bitte den Anbieter an."


def booked(party: Party, *, now: datetime) -> Letter:
    """Confirm seats."""
    text = "\n".join(_facts(party))
    return Letter(
        subject=f"Gebucht: {party.course.title}",
        body=f"Ihre Buchung ist verbindlich.\n\n{text}\n\n{_until(party, now)}",
        event=f"Sie haben {_seats(party.seats)} gebucht.",
        next_step=f"Der Kurs beginnt am {berlin_datetime(party.first)}.",
    )


def waiting(party: Party) -> Letter:
    """Confirm a place on the waiting list."""
    text = "\n".join(_facts(party))
    return Letter(
        subject=f"Auf der Warteliste: {party.course.title}",
        body=(
            f"Der Kurs ist ausgebucht. Sie stehen auf der Warteliste.\n\n{text}\n\n"
            f"Sobald {_seats(party.seats)} frei {'wird' if party.seats == 1 else 'werden'}, bucht das Portal für Sie "
            "und schreibt Ihnen. Sie müssen nichts tun. Den Platz auf der Warteliste können Sie jederzeit aufgeben."
        ),
        event=f"Sie stehen mit {plural(party.seats, 'Person', 'Personen')} auf der Warteliste.",
        next_step="Wir schreiben Ihnen, sobald Sie nachrücken.",
    )


def promoted(party: Party, *, now: datetime) -> Letter:
    """Tell a waiting party that it has its seats."""
    text = "\n".join(_facts(party))
    return Letter(
        subject=f"Sie sind nachgerückt: {party.course.title}",
        body=f"Für Sie ist Platz frei geworden. Ihre Buchung ist jetzt verbindlich.\n\n{text}\n\n{_until(party, now)}",
        event=f"Sie sind von der Warteliste nachgerückt und haben {_seats(party.seats)}.",
        next_step=f"Der Kurs beginnt am {berlin_datetime(party.first)}.",
    )


def cancelled(course: Course, *, state: rules.State) -> Letter:
    """Confirm that a booking or a waiting place was given up."""
    if state is rules.State.WAITING:
        return Letter(
            subject=f"Warteliste verlassen: {course.title}",
            body=f"Sie stehen nicht mehr auf der Warteliste für „{course.title}“.",
            event="Sie haben die Warteliste verlassen.",
        )
    return Letter(
        subject=f"Storniert: {course.title}",
        body=f"Ihre Buchung für „{course.title}“ ist storniert. Für Sie entstehen keine Kosten.",
        event="Sie haben die Buchung storniert.",
    )


def called_off(course: Course, *, starts_at: datetime, reason: str, rest: Sequence[Session]) -> Letter:
    """Tell somebody that a date does not take place; ``rest`` are the dates that still do."""
    when = berlin_datetime(starts_at)
    because = f"\n\nDer Anbieter schreibt dazu: {reason}" if reason else ""
    if rest:
        following = min(session.starts_at for session in rest)
        return Letter(
            subject=f"Ein Termin fällt aus: {course.title}",
            body=(
                f"Der Termin am {when} im Kurs „{course.title}“ fällt aus.{because}\n\n"
                f"Ihre Buchung für die übrigen Termine gilt weiter. Der nächste ist am {berlin_datetime(following)}."
            ),
            event=f"Der Termin am {when} fällt aus.",
            next_step=f"Der nächste Termin ist am {berlin_datetime(following)}.",
        )
    return Letter(
        subject=f"Abgesagt: {course.title}",
        body=(
            f"Der Anbieter hat den Termin am {when} im Kurs „{course.title}“ abgesagt.{because}\n\n"
            "Ihre Buchung ist damit beendet. Für Sie entstehen keine Kosten. Unter Kurse finden Sie weitere Angebote."
        ),
        event=f"Der Anbieter hat den Termin am {when} abgesagt.",
    )


def lapsed(course: Course) -> Letter:
    """Tell somebody who waited that no seat became free in time."""
    return Letter(
        subject=f"Kein Platz frei geworden: {course.title}",
        body=(
            f"Für „{course.title}“ ist leider kein Platz frei geworden. Der Kurs hat begonnen, Ihr Platz auf der "
            "Warteliste ist damit beendet. Für Sie entstehen keine Kosten."
        ),
        event="Der Kurs hat begonnen, ohne dass ein Platz frei wurde.",
    )


def erased(references: Sequence[str]) -> Letter:
    """Tell a provider that somebody's bookings were erased; names nobody."""
    listed = ", ".join(references)
    return Letter(
        subject=f"{plural(len(references), 'Buchung', 'Buchungen')} nach Löschung eines Kontos entfernt",
        body=(
            f"Jemand hat sein Konto gelöscht. Damit sind diese Buchungen entfernt: {listed}\n\n"
            "Freie Plätze sind schon weitergegeben. Haben Sie Teilnahmelisten gedruckt oder gespeichert, löschen Sie "
            "die Angaben zu diesen Buchungen bitte auch dort (Art. 17 und Art. 19 DSGVO), soweit kein Gesetz Sie zum "
            "Aufbewahren verpflichtet."
        ),
        event="",
    )
