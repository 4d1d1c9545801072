"""What an examination finds."""

from dataclasses import dataclass
from enum import Enum


class Weight(Enum):
    """How much a finding matters, as the sign and the colour it is shown with."""

    GOOD = ("✓", "green")
    NOTE = ("!", "yellow")
    BAD = ("✗", "red")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its name, how it is, and what helps; all three for people."""

    weight: Weight
    title: str
    state: str
    remedy: str = ""


def good(title: str, state: str) -> Finding:
    """All is well."""
    return Finding(Weight.GOOD, title, state)


def note(title: str, state: str, remedy: str) -> Finding:
    """The portal runs, but somebody should know."""
    return Finding(Weight.NOTE, title, state, remedy)


def bad(title: str, state: str, remedy: str) -> Finding:
    """The portal does not run, or not safely."""
    return Finding(Weight.BAD, title, state, remedy)
