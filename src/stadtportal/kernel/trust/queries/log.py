"""Reading the log: its tiles, its newest checkpoint, and what proves one person's events."""

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadtportal.kernel.trust.engine.merkle import prove_consistency, prove_inclusion
from stadtportal.kernel.trust.engine.tiles import HASH_BYTES, ReadTile, nodes_of
from stadtportal.kernel.trust.models import AccessEvent, Checkpoint, Leaf, SubjectHead, Tile

#: So many events a proof is given for at once.
MOST_PROVED = 500


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it is kept: the note, the public key that opens it, its size and when it was signed (UTC)."""

    size: int
    note: str
    key: str
    at: datetime


def tile_reader() -> ReadTile:
    """Return the function that reads the tree's tiles out of the database."""
    return _read_tile


def _read_tile(level: int, number: int) -> bytes:
    body = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    return bytes(body) if body is not None else b""


def latest_checkpoint() -> SignedCheckpoint | None:
    """Return the newest checkpoint; ``None`` before the first event."""
    row = Checkpoint.objects.order_by("-size").first()
    return SignedCheckpoint(row.size, row.note, row.key, row.at) if row else None


def tile_as_of(*, level: int, number: int, width: int, size: int) -> bytes:
    """Return ``width`` hashes of a tile of the tree with ``size`` entries; nothing when it has no such tile."""
    held = (size >> 8 * level) - number * 256
    return _read_tile(level, number)[: width * HASH_BYTES] if 0 < width <= held else b""


def entries_of_tile(*, number: int, width: int, size: int) -> list[bytes]:
    """Return the entries (commitments) below a tile of level 0; nothing when the tree has no such tile."""
    first = number * 256
    if not 0 < width <= size - first:
        return []
    rows = Leaf.objects.filter(number__gte=first, number__lt=first + width).order_by("number")
    return [bytes(one) for one in rows.values_list("commitment", flat=True)]


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest event of a person: its number and its commitment; 0 and nothing before the first."""

    seq: int = 0
    commitment: bytes = b""


def chain_head(person_id: UUID) -> ChainHead:
    """Return the end of a person's chain."""
    head = SubjectHead.objects.filter(subject_id=person_id).first()
    return ChainHead(head.seq, bytes(head.commitment)) if head else ChainHead()


def proof_bundle(*, person_id: UUID, after: int = 0, known_size: int = 0, most: int = MOST_PROVED) -> dict[str, object]:
    """Return what it takes to check a person's events with ``subj_seq`` above ``after``, ``most`` of them.

    JSON-safe; bytes are base64. ``consistency`` proves that the tree of ``known_size`` entries, which somebody kept,
    is the beginning of this one. An event without ``leaf`` waits to be sequenced.
    """
    checkpoint = latest_checkpoint()
    size = checkpoint.size if checkpoint else 0
    node = nodes_of(_read_tile)
    head, events = _chain_part(person_id, after, most)
    proved = []
    for event, leaf in zip(events, _leaves_of(events, size), strict=True):
        path = prove_inclusion(leaf, size, node) if leaf is not None else []
        proved.append(
            {
                "id": event.pk,
                "event": event.as_event(),
                "salt": _text(bytes(event.salt)),
                "leaf": leaf,
                "proof": [_text(one) for one in path],
            }
        )
    known = 0 < known_size <= size
    return {
        "checkpoint": checkpoint.note if checkpoint else "",
        "key": checkpoint.key if checkpoint else "",
        "subject": str(person_id),
        "events": proved,
        "head": {"seq": head.seq, "commitment": _text(head.commitment)},
        "consistency": [_text(one) for one in prove_consistency(known_size, size, node)] if known else [],
    }


@dataclass(frozen=True, slots=True)
class EventProof:
    """Where an event stands in the tree of ``size`` entries, and the path from there to the root."""

    leaf: int | None
    size: int
    path: tuple[bytes, ...] = ()


def find_event(*, person_id: UUID, seq: int) -> AccessEvent | None:
    """Return one event of a person by its number."""
    return AccessEvent.objects.filter(subject_id=person_id, subj_seq=seq).first()


def prove_event(event: AccessEvent) -> EventProof:
    """Return the proof of one event in the newest signed tree; without a path while the event waits for its leaf."""
    checkpoint = latest_checkpoint()
    size = checkpoint.size if checkpoint else 0
    (leaf,) = _leaves_of([event], size)
    if leaf is None:
        return EventProof(None, size)
    return EventProof(leaf, size, tuple(prove_inclusion(leaf, size, nodes_of(_read_tile))))


def _leaves_of(events: list[AccessEvent], size: int) -> list[int | None]:
    """Return the number of each event's leaf, ``None`` for what is not in the tree of that size yet."""
    found = dict(Leaf.objects.filter(event_id__in=[one.pk for one in events]).values_list("event_id", "number"))
    return [leaf if (leaf := found.get(event.pk)) is not None and leaf < size else None for event in events]


def _chain_part(person_id: UUID, after: int, most: int) -> tuple[ChainHead, list[AccessEvent]]:
    """Return the end of a chain and a part of it, as of one moment: a look written in between must not seem missing."""
    head = chain_head(person_id)
    while True:
        events = list(AccessEvent.objects.filter(subject_id=person_id, subj_seq__gt=after).order_by("subj_seq")[:most])
        if (head_after := chain_head(person_id)) == head:
            return head, events
        head = head_after


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
