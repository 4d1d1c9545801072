"""Reference numbers of cases. Pure: randomness comes in as an argument.

A reference such as ``ST-7K3M-9QXD-W`` has eight random characters and a check character after ISO 7064 (MOD 37,36),
so that a slip of the pen or a swap of two neighbours is noticed before anything is looked up.
"""

from collections.abc import Callable, Sequence

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

#: No 0/O, 1/I/L, U/V, 5/S or 8/B: a reference is also read from paper and over the telephone.
ALPHABET = "234679ACDEFGHJKMNPQRTWXYZ"
PREFIX = "ST"
RANDOM_CHARACTERS = 8


def new_reference(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a new reference; ``choose`` picks one item at random (``secrets.choice`` outside of tests)."""
    while True:
        body = "".join(choose(ALPHABET) for _ in range(RANDOM_CHARACTERS))
        check: str = mod_37_36.calc_check_digit(body)
        if check in ALPHABET:
            return f"{PREFIX}-{body[:4]}-{body[4:]}-{check}"


def normal_reference(typed: str) -> str | None:
    """Return the reference someone typed in its normal form, or ``None`` if it cannot be one.

    Case, spaces and dashes do not matter.
    """
    characters = "".join(character for character in typed.upper() if character.isalnum())
    body = characters.removeprefix(PREFIX)
    if len(body) != RANDOM_CHARACTERS + 1 or any(character not in ALPHABET for character in body):
        return None
    try:
        mod_37_36.validate(body)
    except ValidationError:
        return None
    return f"{PREFIX}-{body[:4]}-{body[4:8]}-{body[8]}"
