"""By what name an organisation knows a person. The key lies outside the database: a copy of it links nobody."""

import os
import secrets
from pathlib import Path
from uuid import UUID

from django.conf import settings

from stadtportal.kernel.trust.engine.pseudonym import pairwise

_KEY_BYTES = 32


def pseudonym(*, person_id: UUID, organisation_id: int) -> str:
    """Return the pairwise identifier of one person at one organisation: 26 letters and digits."""
    return pairwise(_key(Path(settings.PSEUDONYM_KEY_FILE)), organisation_id=organisation_id, person_id=person_id)


def _key(path: Path) -> bytes:
    """Return the key, made once with access for its owner only. Who loses it gives everybody new names."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(made, path)  # Unlike a rename this never replaces a key that another process made meanwhile.
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_bytes()
