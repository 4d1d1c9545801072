"""The refusals every rule raises. No Django."""

from __future__ import annotations

from typing import ClassVar


class RuleBroken(Exception):  # noqa: N818 -- reads as a sentence where it is raised; it is a refusal, not a fault.
    """A refusal with a sentence for people.

    ``sentence`` is shown as it is; ``field`` names the form field it belongs to, if any; ``status`` is the HTTP
    status of the page or API answer.
    """

    status: ClassVar[int] = 409
    remedy: ClassVar[str] = ""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotFound(RuleBroken):
    """The thing asked for does not exist, or is not for this person; the two look alike on purpose."""

    status = 404


class NotAllowed(RuleBroken):
    """The actor lacks the role, the level or the relation that this needs."""

    status = 403
