"""Who acts in a request: by which level of trust, with which roles, and for whom."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID


class AssuranceLevel(enum.IntEnum):
    """How surely the portal knows who someone is (eIDAS); ordered, so levels can be compared."""

    NONE = 0
    BASIC = 1
    SUBSTANTIAL = 2
    HIGH = 3


class Role(enum.StrEnum):
    """What someone may do beyond their own affairs. Everybody signed in is a resident."""

    RESIDENT = "resident"
    PROVIDER_STAFF = "provider_staff"
    CASE_WORKER = "case_worker"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one person, for one organisation or (``None``) for the whole portal."""

    role: Role
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Mandate:
    """By what right somebody signed in acts for another person at this moment.

    ``title`` names the delegation and ``basis`` the law, as the access log shows them. ``level`` is how surely
    the portal knows of it. ``areas`` are the slugs of the
    areas it is for, empty for all of them; ``may_act`` is false for a mandate that only lets its holder look.
    """

    delegation_id: int
    principal_id: UUID
    principal_name: str
    agent_id: UUID
    agent_name: str
    title: str
    basis: str
    level: AssuranceLevel = AssuranceLevel.BASIC
    areas: frozenset[str] = frozenset()
    may_act: bool = True

    @property
    def shown_as(self) -> str:
        """Name both: ``Lena Muster für Tim Muster``."""
        return f"{self.agent_name} für {self.principal_name}"

    def covers(self, area: str) -> bool:
        """Tell whether the mandate is for this area."""
        return not self.areas or area in self.areas


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting in this request. ``people`` sets it as ``request.actor``; everybody else reads it.

    ``person_id`` is ``None`` for visitors who have not signed in. ``shown_as`` is the name that the subject of
    an access event will read. Somebody who acts for another person has a ``mandate``: ``person_id`` is then the person
    acted for, ``agent_id`` who is signed in, and there are no ``grants``.
    """

    person_id: UUID | None = None
    shown_as: str = ""
    level: AssuranceLevel = AssuranceLevel.NONE
    grants: frozenset[Grant] = frozenset()
    second_step_due: bool = False
    mandate: Mandate | None = None

    @property
    def agent_id(self) -> UUID | None:
        """Who is signed in and acts for somebody else; ``None`` for those who act for themselves."""
        return self.mandate.agent_id if self.mandate else None

    @property
    def areas(self) -> frozenset[str]:
        """The areas a mandate is for; empty for no limit."""
        return self.mandate.areas if self.mandate else frozenset()

    def covers(self, area: str) -> bool:
        """Tell whether the actor may see and do something in this area: everybody who acts for themselves may."""
        return self.mandate is None or self.mandate.covers(area)

    @property
    def signed_in(self) -> bool:
        """Tell whether somebody is signed in."""
        return self.person_id is not None

    @property
    def is_staff(self) -> bool:
        """Tell whether this person works here in any role."""
        return bool(self.grants)

    def has_role(self, role: Role, *, organisation_id: int | None = None) -> bool:
        """Tell whether the actor holds ``role``, for that organisation if one is given, or for all of them."""
        if role is Role.RESIDENT:
            return self.signed_in
        return any(
            grant.role is role and (organisation_id is None or grant.organisation_id in (None, organisation_id))
            for grant in self.grants
        )

    def organisation_ids(self, role: Role) -> frozenset[int]:
        """Return the organisations for which the actor holds ``role``."""
        return frozenset(
            grant.organisation_id for grant in self.grants if grant.role is role and grant.organisation_id is not None
        )


VISITOR = Actor()
