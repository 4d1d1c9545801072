"""How a read of personal data must be justified. Pure: no Django, no clock."""

from dataclasses import dataclass, field
from uuid import UUID

from stadtportal.kernel.contracts import Actor


class UnaccountedRead(Exception):  # noqa: N818 -- names what happened; it is a defect in code, not a user's error.
    """Personal data was about to be fetched outside ``trust.reading``, ``trust.own`` or ``trust.system``."""


class ForeignRow(Exception):  # noqa: N818 -- as above.
    """A page about oneself was about to show a row of another person."""


@dataclass(slots=True)
class Reading:
    """One open, justified read. ``subjects`` collects whose data was fetched while it was open."""

    actor: Actor | None
    purpose: str
    legal_basis: str = ""
    fields: tuple[str, ...] = ()
    case: str = ""
    own_only: bool = False
    subjects: set[UUID] = field(default_factory=set)

    def saw(self, subject: UUID) -> None:
        """Note that a row about ``subject`` was fetched. Raises ``ForeignRow`` on a page about oneself."""
        if self.actor is None:
            return
        if self.own_only and subject != self.actor.person_id:
            message = f"a page of {self.actor.person_id} was about to show a row of somebody else"
            raise ForeignRow(message)
        self.subjects.add(subject)

    def accountable(self) -> list[UUID]:
        """Return whose access log gets an event, in a fixed order; one's own looks are not logged."""
        if self.actor is None or self.own_only:
            return []
        return sorted(subject for subject in self.subjects if subject != self.actor.person_id)
