"""Turning events into leaves: one sequencer at a time extends the tree and signs a checkpoint."""

import base64
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from stadtportal.kernel.contracts import Progress, silent
from stadtportal.kernel.trust.engine import checkpoint as notes
from stadtportal.kernel.trust.engine.merkle import hash_leaf, root
from stadtportal.kernel.trust.engine.tiles import extended, nodes_of
from stadtportal.kernel.trust.models import Checkpoint
from stadtportal.kernel.trust.queries.log import tile_reader

_LOCK = 0x7255_5401
#: Events per transaction, so that those who read the log never wait long.
BATCH = 5_000
_KEPT_EACH = timedelta(days=1)

_TAKE = """
WITH taken AS MATERIALIZED (SELECT event_id FROM trust_unsequenced ORDER BY event_id LIMIT %s FOR UPDATE)
DELETE FROM trust_unsequenced WHERE event_id IN (SELECT event_id FROM taken) RETURNING event_id, commitment
"""
_LEAVES = """
INSERT INTO trust_leaf (number, commitment, event_id) SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bigint[])
"""
_TILES = """
INSERT INTO trust_tile (level, number, hashes) SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
"""
_THIN_OUT = """
DELETE FROM trust_checkpoint AS one WHERE one.at < %(before)s AND EXISTS (
    SELECT 1 FROM trust_checkpoint AS later
    WHERE later.at < %(before)s AND later.size > one.size AND later.at::date = one.at::date
)
"""


def sequence(*, now: datetime, progress: Progress = silent) -> int:
    """Give every waiting event its leaf and sign the new size; return how many there were."""
    done = 0
    while count := _sequence_batch(now):
        done += count
        progress(done, None, "Zugriffe")
    return done


def _sequence_batch(now: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_TAKE, [BATCH])
        waiting = sorted((event_id, bytes(commitment)) for event_id, commitment in cursor.fetchall())
        if not waiting:
            return 0
        cursor.execute("SELECT coalesce(max(number) + 1, 0) FROM trust_leaf")
        (size,) = cursor.fetchone()
        commitments = [commitment for _, commitment in waiting]
        cursor.execute(
            _LEAVES, [list(range(size, size + len(waiting))), commitments, [event_id for event_id, _ in waiting]]
        )
        _write_tiles(cursor, size, commitments)
        _sign(size + len(waiting), now)
    return len(waiting)


def _write_tiles(cursor: object, size: int, commitments: Sequence[bytes]) -> None:
    tiles = extended(size, [hash_leaf(one) for one in commitments], tile_reader())
    places = list(tiles)
    cursor.execute(  # type: ignore[attr-defined]  # Django types no cursor.
        _TILES, [[level for level, _ in places], [number for _, number in places], [tiles[place] for place in places]]
    )


def _sign(size: int, now: datetime) -> None:
    key = signing_key()
    signed = notes.Checkpoint(settings.LOG_ORIGIN, size, root(size, nodes_of(tile_reader())))
    verifier = notes.Verifier(settings.LOG_ORIGIN, key.public_key())
    Checkpoint.objects.create(size=size, note=notes.sign(signed, key), key=str(verifier), at=now)


def thin_out_checkpoints(*, now: datetime) -> int:
    """Keep only the last checkpoint of each day that is over; return how many went."""
    with connection.cursor() as cursor:
        cursor.execute(_THIN_OUT, {"before": now - _KEPT_EACH})
        return int(cursor.rowcount)


def signing_key() -> Ed25519PrivateKey:
    """Return the log's private key, made once and kept outside the database, readable for its owner only."""
    kept = Path(settings.LOG_KEY_FILE)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = kept.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_bytes(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
        try:
            os.link(made, kept)  # Unlike a rename this never replaces a key that another process made meanwhile.
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept.read_bytes()))
