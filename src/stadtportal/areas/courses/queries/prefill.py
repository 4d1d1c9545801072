"""What booking may take over from what people keep about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stadtportal.kernel.trust import api as trust

if TYPE_CHECKING:
    from stadtportal.areas.courses.queries.shapes import CourseView
    from stadtportal.kernel.contracts import Actor

CONTACT = trust.Purpose(
    "course_contact",
    "Sie erreichen, wenn sich am Kurs kurzfristig etwas ändert",
    "3 Jahre nach dem letzten Termin (§ 195 BGB)",
)


def offer_phone(*, actor: Actor, course: CourseView) -> trust.Offer | None:
    """Return the number that the actor keeps and could leave with the provider; nothing is passed on by asking."""
    if not course.asks_phone:
        return None
    receiver = trust.Receiver(id=course.provider.id, name=course.provider.name)
    offers = trust.offer_prefill(actor=actor, fields=("phone",), purpose=CONTACT, receiver=receiver)
    return offers[0] if offers else None
