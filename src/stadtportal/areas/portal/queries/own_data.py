"""The pages about one's own data: what is kept where and why, the picture of looks, and who received what."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from stadtportal.areas.portal.rules import kept_words
from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import Actor, PersonalData, registry
from stadtportal.kernel.trust import api as trust

#: Where a square of the picture begins, and how far it is to the next one, in units of the drawing.
LEFT, TOP, PITCH = 4, 22, 14
_FIRST_WEEK = 7
_MONTHS = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data that is kept, with how much of it there is about the person."""

    owner: str
    kind: PersonalData
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Square:
    """One day with looks, with its place in the drawing."""

    day: date
    looks: int
    shade: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The last half year of looks.

    ``months`` are words with their place; ``whole`` is how wide the full weeks are, ``rest`` how high the last one is.
    """

    squares: tuple[Square, ...]
    months: tuple[tuple[int, str], ...]
    looks: int
    whole: int
    rest: int

    @property
    def newest_first(self) -> tuple[Square, ...]:
        """Return the days with looks for the table."""
        return tuple(reversed(self.squares))


@dataclass(frozen=True, slots=True)
class Got:
    """One thing that a provider received or saw; ``at`` is the last time of ``times``."""

    at: datetime
    what: str
    purpose: str
    case_reference: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Provider:
    """One organisation with what it received, newest first. ``pseudonym`` is empty where only its name is known."""

    name: str
    pseudonym: str
    got: tuple[Got, ...]


def list_kept(actor: Actor) -> list[Kept]:
    """Return every declared kind of data with the number of rows about the actor, the account first."""
    if actor.person_id is None:
        return []
    held = trust.count_held(person_id=actor.person_id)
    areas = {area.slug: area.title for area in registry.areas()}
    rows = []
    for owner, kinds in sorted(registry.personal_data().items(), key=lambda item: _nearness(item[0], areas)):
        for kind in kinds:
            counts = [held[label] for label in kind.models if label in held]
            words = kept_words(sum(counts)) if counts else "nicht je Person gezählt"
            rows.append(Kept(areas.get(owner, "Stadtportal"), kind, sum(counts), words))
    return rows


def _nearness(owner: str, areas: dict[str, str]) -> int:
    """Return how soon people look for what ``owner`` keeps: their account, what they did, then the machinery."""
    if owner == "people":
        return 0
    return 3 if owner in {"trust", "web", "demo"} else 1 if owner in areas else 2


def get_picture(*, actor: Actor, today: date) -> Picture:
    """Return the drawing of the last half year."""
    days = trust.looks_picture(actor=actor, today=today)
    last = days[-1]
    return Picture(
        squares=tuple(
            Square(day.day, day.looks, day.shade, LEFT + day.column * PITCH, TOP + day.row * PITCH)
            for day in days
            if day.looks
        ),
        # A month is named over the first week that begins in it.
        months=tuple(
            (LEFT + day.column * PITCH, _MONTHS[day.day.month - 1])
            for day in days
            if day.row == 0 and day.day.day <= _FIRST_WEEK
        ),
        looks=sum(day.looks for day in days),
        whole=last.column * PITCH,
        rest=(last.row + 1) * PITCH,
    )


def list_providers(actor: Actor) -> list[Provider]:
    """Return what each organisation received: by the actor's cases, from the vault, and by looking. In name order."""
    if actor.person_id is None:
        return []
    got: dict[str, list[Got]] = defaultdict(list)
    numbers: dict[str, int] = {}
    for one in cases.list_received(actor=actor):
        numbers[one.organisation_name] = one.organisation_id
        got[one.organisation_name].append(Got(one.at, ", ".join(one.what), one.purpose, one.case_reference))
    for handed in trust.list_own_handovers(actor):
        numbers[handed.organisation_name] = handed.organisation_id
        words = f"{handed.title} (aus Ihren Angaben)"
        got[handed.organisation_name].append(Got(handed.at, words, handed.purpose_words, handed.case_reference))
    looks = trust.list_own_looks(actor=actor, asked=trust.LookFilter(), limit=_MOST_LOOKS)
    # What was passed on has an event of its own, in the organisation's name; it is listed above.
    for body, seen in _seen([look for look in looks if look.actor_name not in numbers]).items():
        got[body].extend(seen)
    return [
        Provider(
            name=name,
            pseudonym=trust.pseudonym(person_id=actor.person_id, organisation_id=numbers[name])
            if name in numbers
            else "",
            got=tuple(sorted(got[name], key=lambda one: one.at, reverse=True)),
        )
        for name in sorted(got, key=str.casefold)
    ]


def _seen(looks: list[trust.Look]) -> dict[str, list[Got]]:
    """Return what each organisation looked at, the same things counted together; looks come newest first."""
    groups: dict[tuple[str, str, str, str], list[trust.Look]] = defaultdict(list)
    for look in looks:
        if body := trust.body_of(look.actor_name):
            groups[body, f"angesehen: {', '.join(look.fields)}", look.purpose, look.case_reference].append(look)
    seen: dict[str, list[Got]] = defaultdict(list)
    for (body, what, purpose, case), same in groups.items():
        seen[body].append(Got(same[0].at, what, purpose, case, len(same)))
    return seen


#: Of looks by providers the newest are listed here; all of them are on the page of looks.
_MOST_LOOKS = 200
