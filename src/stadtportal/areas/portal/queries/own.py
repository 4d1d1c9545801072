"""One's own lists, a page at a time: counted and cut by the database, in the form Django's ``Paginator`` takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

from stadtportal.kernel.cases import api as cases
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.trust import api as trust

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window(Sequence[T]):
    """A list of which only the asked part is fetched; ``fetch`` takes limit and offset."""

    length: int
    fetch: Callable[[int, int], list[T]]

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, part: int) -> T: ...

    @overload
    def __getitem__(self, part: slice) -> list[T]: ...

    def __getitem__(self, part: int | slice) -> T | list[T]:
        if isinstance(part, int):
            return self.fetch(1, range(self.length)[part])[0]
        first, last, _step = part.indices(self.length)
        return self.fetch(last - first, first)


def list_own_cases(actor: Actor) -> Window[cases.CaseView]:
    """Return the actor's own cases, open ones first."""
    return Window(
        cases.count_cases(actor.person_id, areas=actor.areas) if actor.person_id else 0,
        lambda limit, offset: cases.list_cases(actor=actor, limit=limit, offset=offset),
    )


def list_own_messages(actor: Actor) -> Window[inbox.MessageView]:
    """Return the actor's own messages, newest first."""
    return Window(
        inbox.count_messages(actor.person_id) if actor.person_id else 0,
        lambda limit, offset: inbox.list_messages(actor=actor, limit=limit, offset=offset),
    )


def list_own_looks(actor: Actor, *, asked: trust.LookFilter) -> Window[trust.Look]:
    """Return who looked at the actor's own data, newest first."""
    return Window(
        trust.count_own_looks(actor=actor, asked=asked),
        lambda limit, offset: trust.list_own_looks(actor=actor, asked=asked, limit=limit, offset=offset),
    )
