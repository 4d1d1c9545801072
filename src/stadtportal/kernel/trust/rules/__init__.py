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
    """One open, justified read. ``subjects`` collects whose data was fetched while it was open.

    ``seen`` names the models of those rows (``cases.Case``). Who acts for somebody else reads that person's data as
    another person: what is seen on "own" pages is accounted for too.
    """

    actor: Actor | None
    purpose: str
    legal_basis: str = ""
    fields: tuple[str, ...] = ()
    case: str = ""
    reason: str = ""
    own_only: bool = False
    subjects: set[UUID] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    @property
    def reader_id(self) -> UUID | None:
        """Whose eyes these are: who is signed in, whoever they act for."""
        return (self.actor.agent_id or self.actor.person_id) if self.actor else None

    def saw(self, subject: UUID, model: str = "") -> None:
        """Note that a row about ``subject`` was fetched. Raises ``ForeignRow`` on a page about oneself."""
        if self.actor is None:
            return
        if self.own_only and subject != self.actor.person_id:
            message = f"a page of {self.actor.person_id} was about to show a row of somebody else"
            raise ForeignRow(message)
        self.subjects.add(subject)
        if model:
            self.seen.add(model)

    def accountable(self) -> list[UUID]:
        """Return whose access log gets an event, in a fixed order; one's own looks are not logged."""
        if self.actor is None:
            return []
        return sorted(subject for subject in self.subjects if subject != self.reader_id)
