"""The keys of sealed fields: which there are, one more, one less."""

from dataclasses import dataclass
from datetime import datetime

from stadtportal.kernel.trust.engine import keyring
from stadtportal.kernel.trust.engine.places import keys_in_use
from stadtportal.kernel.trust.engine.sealing import ring, ring_path


@dataclass(frozen=True, slots=True)
class KeyView:
    """One key of the ring, without its secret. ``until`` is when it was replaced, ``None`` for the current one."""

    id: str
    made: datetime
    until: datetime | None
    in_use: bool


def list_keys() -> list[KeyView]:
    """Return the keys of sealed fields, oldest first. Raises ``SealingError``."""
    used = keys_in_use()
    return [KeyView(id=key.id, made=key.made, until=key.until, in_use=key.id in used) for key in ring().keys]


def add_key(*, now: datetime) -> str:
    """Add a key that seals from now on, and return its id; ``reseal_everything`` does the rest."""
    ring()
    return keyring.add_key(ring_path(), now=now).current.id


def retire_key(key_id: str, *, now: datetime) -> None:
    """Take a key away for good. Raises ``SealingError`` while anything in the database needs it."""
    keyring.retire_key(ring_path(), key_id, in_use=keys_in_use(), now=now)
