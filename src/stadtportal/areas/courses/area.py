"""Courses introduce themselves to the kernel."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from stadtportal.kernel.contracts import (
    Area,
    CaseKind,
    Fact,
    FrontBlock,
    Link,
    PersonalData,
    Role,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from stadtportal.kernel.contracts import EntryDraft


def _entries() -> Iterable[EntryDraft]:
    from django.utils import timezone  # noqa: PLC0415 -- as below.

    from stadtportal.areas.courses.queries.entries import list_entries  # noqa: PLC0415 -- models load later.

    return list_entries(now=timezone.now())


def _this_week(district: str) -> Mapping[str, Any]:
    from stadtportal.areas.courses.views.public import this_week  # noqa: PLC0415 -- as above.

    return this_week(district)


def _facts() -> Sequence[Fact]:
    from django.utils import timezone  # noqa: PLC0415 -- as above.

    from stadtportal.areas.courses.queries import desk  # noqa: PLC0415 -- as above.

    return (
        Fact(
            "Kurse",
            desk.count_coming_courses(now=timezone.now()),
            "veröffentlichte Kurse, die noch mindestens einen Termin haben",
        ),
        Fact("Gebuchte Kursplätze", desk.count_bookings(), "Buchungen laufender und kommender Kurse"),
    )


BOOKING = CaseKind(
    slug="booking",
    title="Kursbuchung",
    icon="calendar",
    statuses=(
        Status("booked", "Gebucht", "success"),
        Status("waiting", "Auf der Warteliste", "warning"),
        Status("cancelled", "Storniert", "neutral", final=True),
        Status("called_off", "Abgesagt", "danger", final=True),
        Status("lapsed", "Kein Platz frei geworden", "neutral", final=True),
        Status("done", "Beendet", "neutral", final=True),
    ),
    panel="stadtportal.areas.courses.queries.bookings.get_panel",
    calendar="stadtportal.areas.courses.queries.bookings.list_calendar",
    received="stadtportal.areas.courses.queries.bookings.list_received",
)

AREA = Area(
    slug="courses",
    title="Kurse",
    icon="calendar",
    mounts={
        "kurse/": "stadtportal.areas.courses.urls",
        "arbeitsplatz/kurse/": "stadtportal.areas.courses.urls.desk",
    },
    navigation=(Link("Kurse", "courses:list", "calendar"),),
    entries=_entries,
    case_kinds=(BOOKING,),
    personal_data=(
        PersonalData(
            title="Kursbuchungen",
            purpose="Plätze in Kursen buchen, Teilnehmende benachrichtigen, Teilnahmelisten führen",
            legal_basis="Art. 6 Abs. 1 b DSGVO",
            retention=timedelta(days=3 * 365),
            retention_words="3 Jahre nach dem Ende der Buchung (§ 195 BGB)",
            models={
                "courses.Booking": (
                    "case_reference",
                    "person",
                    "course",
                    "price_category",
                    "party_size",
                    "price_cents",
                    "state",
                    "queue_no",
                    "idempotency_key",
                    "contact_phone",
                    "created_at",
                    "ended_at",
                ),
                "courses.BookedSession": ("booking", "session", "seats", "released_at"),
            },
            export="stadtportal.areas.courses.queries.own_bookings.export",
            erase="stadtportal.areas.courses.actions.forgetting.erase",
            expire="stadtportal.areas.courses.actions.forgetting.expire",
            oldest="stadtportal.areas.courses.queries.own_bookings.oldest",
            words={
                "case": "Vorgang",
                "course": "Kurs",
                "provider": "Anbieter",
                "price_name": "Preis",
                "party_size": "Personen",
                "price_cents": "Gesamtpreis in Cent",
                "state": "Stand",
                "queue_no": "Nummer auf der Warteliste",
                "created_at": "Gebucht",
                "ended_at": "Beendet",
                "dates": "Termine",
                "starts_at": "Beginn",
                "ends_at": "Ende",
                "seats": "Plätze",
                "released_at": "Freigegeben",
                "phone": "Telefonnummer für den Anbieter",
                "request_key": "Kennung der Anfrage",
            },
            recipients="das Team des Anbieters, bei dem Sie buchen",
        ),
    ),
    workplace=(Link("Kurse und Termine", "courses_desk:list", "calendar", frozenset({Role.PROVIDER_STAFF})),),
    commands={"audit": "stadtportal.areas.courses.tasks.audit_command"},
    front_blocks=(FrontBlock("courses/front_block.html", _this_week, order=40),),
    facts=_facts,
)
