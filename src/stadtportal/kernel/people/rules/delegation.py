"""Who may act for whom, how far and how long. Pure: times and days come in as arguments.

Those acted for are *principals*; those who act are *agents*. Acting is one step and no more: whoever acts for somebody
has none of that person's own mandates, and only a representative whom the city has checked may let others act.
"""

from __future__ import annotations

import calendar
import enum
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from stadtportal.kernel.contracts import AssuranceLevel, NotAllowed, NotFound, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Collection

BERLIN: Final = ZoneInfo("Europe/Berlin")
ADULT_AT: Final = 18
MOST_CUSTODIANS: Final = 2
MOST_PRINCIPALS: Final = 20
MOST_YEARS: Final = 5
INVITATION_DAYS: Final = 30
REQUEST_DAYS: Final = 180
MIN_EVIDENCE: Final = 10
#: Under this name a session keeps the number of the delegation by which it acts.
ACTING: Final = "acting_by"
#: Pages that belong to whoever is signed in and to nobody they act for.
OWN_PAGES: Final = ("/mein/daten/", "/mein/vertretung/", "/arbeitsplatz/")
#: The account pages by the beginnings of their names, and those of them that stay open.
ACCOUNT_PAGES: Final = ("account_", "mfa_", "usersessions_")
STAYS_OPEN: Final = frozenset({"account_stop_acting", "account_logout"})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class PersonKind(enum.StrEnum):
    """Who can be acted for: somebody with an account, or a person or body that does not sign in."""

    ACCOUNT = "account"
    DEPENDENT = "dependent"
    ORGANISATION = "organisation"


class Kind(enum.StrEnum):
    """By what right somebody acts."""

    ADULT = "adult"
    CHILD = "child"
    CARE = "care"
    ORGANISATION = "organisation"


class State(enum.StrEnum):
    """How things stand with a delegation."""

    INVITED = "invited"
    CHECKING = "checking"
    ACTIVE = "active"
    EXPIRED = "expired"
    ENDED = "ended"


class Ending(enum.StrEnum):
    """How a delegation came to its end."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    ENDED = "ended"
    EXPIRED = "expired"
    REVOKED = "revoked"


#: Which sort of person each kind of delegation is for.
PRINCIPAL_KIND: Final = {
    Kind.ADULT: PersonKind.ACCOUNT,
    Kind.CHILD: PersonKind.DEPENDENT,
    Kind.CARE: PersonKind.DEPENDENT,
    Kind.ORGANISATION: PersonKind.ORGANISATION,
}
TITLE: Final = {
    Kind.ADULT: "Vollmacht",
    Kind.CHILD: "Elterliche Sorge",
    Kind.CARE: "Betreuung",
    Kind.ORGANISATION: "Vertretung einer Organisation",
}
BASIS: Final = {
    Kind.ADULT: "Vollmacht, § 167 BGB",
    Kind.CHILD: "Elterliche Sorge, § 1629 BGB",
    Kind.CARE: "Rechtliche Betreuung, § 1823 BGB",
    Kind.ORGANISATION: "Vertretung der Organisation, § 26 oder § 164 BGB",
}
#: Whoever acts is known no better than the delegation: what nobody checked is worth a declaration.
LEVEL: Final = {
    Kind.ADULT: AssuranceLevel.BASIC,
    Kind.CHILD: AssuranceLevel.BASIC,
    Kind.CARE: AssuranceLevel.SUBSTANTIAL,
    Kind.ORGANISATION: AssuranceLevel.SUBSTANTIAL,
}


class DelegationRefused(RuleBroken):
    """A delegation cannot be made, passed on or accepted in this way."""


class MandateEnded(NotAllowed):
    """Somebody acted on when the delegation had ended."""

    remedy = "Sie handeln jetzt wieder für sich selbst. Es wurde nichts gespeichert."


class BeyondMandate(NotAllowed):
    """A page or a deed that the delegation is not for."""

    remedy = "Beenden Sie die Vertretung oben auf der Seite, wenn Sie für sich selbst weitermachen möchten."


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a delegation goes: ``areas`` are slugs, empty for all; without ``may_act`` its holder may only look."""

    areas: frozenset[str] = frozenset()
    may_act: bool = True

    def within(self, outer: Scope) -> bool:
        """Tell whether this scope allows nothing that ``outer`` does not."""
        areas = not outer.areas or (bool(self.areas) and self.areas <= outer.areas)
        return areas and (outer.may_act or not self.may_act)


@dataclass(frozen=True, slots=True)
class Held:
    """A delegation as the rules see it; ``passed_on`` tells that its agent has it from another agent."""

    kind: Kind
    scope: Scope
    expires_at: datetime
    state: State
    passed_on: bool = False


def not_found() -> NotFound:
    """Return the one refusal for what does not exist and for what is somebody else's."""
    return NotFound("Diese Vertretung gibt es nicht, oder sie gehört zu einem anderen Konto.")


def state_of(
    *,
    both_agreed: bool,
    checking: bool,
    ended: bool,
    expires_at: datetime,
    proposed_at: datetime,
    now: datetime,
) -> State:
    """Return how things stand; ``checking`` tells that it waits for the city and not for the agent."""
    if ended:
        return State.ENDED
    if expires_at <= now:
        return State.EXPIRED
    if both_agreed:
        return State.ACTIVE
    if checking:
        return State.CHECKING
    return State.EXPIRED if now >= invitation_ends(proposed_at) else State.INVITED


def invitation_ends(proposed_at: datetime) -> datetime:
    """Return until when an invitation can be accepted."""
    return proposed_at + timedelta(days=INVITATION_DAYS)


def end_of(last_day: date) -> datetime:
    """Return the moment at which a last day is over in Stuttgart."""
    return datetime.combine(last_day + timedelta(days=1), time(), BERLIN)


def last_day_of(expires_at: datetime) -> date:
    """Return the last day before a delegation's end."""
    return (expires_at - timedelta(microseconds=1)).astimezone(BERLIN).date()


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody reaches an age; those born on 29 February do so on 1 March (§ 188 BGB)."""
    year = born.year + age
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def age_on(born: date, day: date) -> int:
    """Return somebody's age in whole years."""
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1


def check_last_day(last_day: date, *, today: date) -> None:
    """Refuse a last day that is past, or further ahead than a delegation may last."""
    if last_day < today:
        raise DelegationRefused("Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.", field="last_day")
    if last_day > birthday(today, MOST_YEARS):
        raise DelegationRefused(
            f"Eine Vertretung gilt höchstens {MOST_YEARS} Jahre. Danach können Sie sie erneuern.", field="last_day"
        )


def custody_ends(born: date, *, today: date) -> date:
    """Return the last day of custody: the day before somebody comes of age."""
    if born > today:
        raise DelegationRefused("Das Geburtsdatum liegt in der Zukunft.", field="birth_date")
    last = birthday(born, ADULT_AT) - timedelta(days=1)
    if last < today:
        raise DelegationRefused(
            f"Wer {ADULT_AT} Jahre alt ist, handelt selbst. Lassen Sie sich von der Person bevollmächtigen: Sie lädt "
            "Sie mit einem eigenen Konto ein.",
            field="birth_date",
        )
    return last


def check_name(name: str, *, field: str) -> None:
    """Refuse a name that is empty once signs that nobody sees are gone."""
    if not name:
        raise DelegationRefused("Bitte geben Sie den Namen ein.", field=field)


def check_areas(areas: Collection[str], *, known: Collection[str]) -> None:
    """Refuse a scope with areas that this portal does not have."""
    if not set(areas) <= set(known):
        raise DelegationRefused("Bitte wählen Sie nur Bereiche, die es hier gibt.", field="areas")


def check_passed_on(held: Held, *, scope: Scope, expires_at: datetime) -> None:
    """Refuse to let somebody else act unless ``held`` allows it, and never further or longer than it goes itself.

    Raises ``DelegationRefused``. Only a representative of an organisation whom the city has checked may do it: who
    acts for a person must not pass that person on, and who has it from a representative not either.
    """
    if held.state is not State.ACTIVE:
        raise DelegationRefused("Ihre eigene Vertretung gilt nicht oder nicht mehr. Deshalb geht das nicht.")
    if held.kind is not Kind.ORGANISATION:
        raise DelegationRefused("Wer eine Person vertritt, kann die Vertretung nicht weitergeben.")
    if held.passed_on:
        raise DelegationRefused(
            "Sie haben die Vertretung selbst von einer vertretenden Person. Weitergeben kann sie nur, wen die Stadt "
            "geprüft hat."
        )
    if not scope.within(held.scope):
        raise DelegationRefused("So weit reicht Ihre eigene Vertretung nicht.", field="areas")
    if expires_at > held.expires_at:
        raise DelegationRefused("So lange gilt Ihre eigene Vertretung nicht.", field="last_day")


def check_shared(held: Held, *, custodians: int) -> None:
    """Refuse to share custody with somebody unless ``held`` is custody and the child has one custodian so far."""
    if held.kind is not Kind.CHILD or held.state is not State.ACTIVE:
        raise DelegationRefused("Teilen lässt sich nur die elterliche Sorge für ein Kind, die noch gilt.")
    if custodians >= MOST_CUSTODIANS:
        raise DelegationRefused("Für dieses Kind handeln schon zwei Elternteile, oder eines ist schon eingeladen.")


def check_revocable(kind: Kind) -> None:
    """Refuse to let the city end what two adults agreed on: that is theirs to end."""
    if kind is Kind.ADULT:
        raise DelegationRefused("Eine Vollmacht zwischen Erwachsenen beenden nur die beiden selbst.", field="number")


def check_evidence(evidence: str) -> str:
    """Return what was seen, in one line; refuse saying nothing."""
    text = " ".join(evidence.split())
    if len(text) < MIN_EVIDENCE:
        raise DelegationRefused(
            "Bitte schreiben Sie, was Sie gesehen haben: welches Dokument, von wem, von wann.", field="evidence"
        )
    return text


def check_request(  # the order decides which sentence people read.
    *, name: str, view_name: str, path: str, method: str, area: str, has_cases: bool, scope: Scope
) -> None:
    """Refuse what somebody who acts for ``name`` may not open or do. Raises ``BeyondMandate``.

    ``area`` is the slug of the area the page belongs to, empty for pages of the kernel; ``has_cases`` tells whether
    that area deals with people.
    """
    if view_name in STAYS_OPEN:
        return
    if view_name.startswith(ACCOUNT_PAGES) or path.startswith(OWN_PAGES):
        raise BeyondMandate(f"Sie handeln gerade für {name}. Diese Seite gehört zu Ihrem eigenen Konto.")
    outside = bool(scope.areas) and area not in scope.areas
    acts = method not in SAFE_METHODS
    if outside and (has_cases or acts):
        raise BeyondMandate(f"Für diesen Bereich dürfen Sie nicht für {name} handeln.")
    if acts and not scope.may_act:
        raise BeyondMandate(f"Sie dürfen für {name} nur ansehen und nichts ändern.")
