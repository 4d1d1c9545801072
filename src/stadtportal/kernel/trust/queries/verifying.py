"""Checking the whole log against its tree: what was changed, deleted, inserted or reordered is named."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from stadtportal.kernel.contracts import Progress, silent
from stadtportal.kernel.trust.engine import checkpoint as notes
from stadtportal.kernel.trust.engine.merkle import EMPTY, hash_children, hash_leaf
from stadtportal.kernel.trust.engine.tiles import HASH_BYTES, WIDTH, extended
from stadtportal.kernel.trust.models import AccessEvent, Checkpoint, Leaf, SubjectHead, Tile, Unsequenced

_CHUNK = 2_000
#: More findings than these say nothing new.
_MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check came to. ``findings`` are sentences; none means that the log is whole."""

    leaves: int
    events: int
    erased: int
    waiting: int
    checkpoints: int
    findings: tuple[str, ...]


@dataclass(slots=True)
class _Check:
    """What a check has come to so far."""

    waiting: int
    leaves: int = 0
    events: int = 0
    erased: int = 0
    checkpoints: int = 0
    findings: list[str] = field(default_factory=list)

    def found(self, sentence: str) -> None:
        """Note what is wrong, up to a hundred times."""
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(sentence)


class _Frontier:
    """The root of a tree that grows leaf by leaf, with as many hashes as its size has binary ones."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        self.size += 1
        width, made = 1, leaf
        while self._peaks and self._peaks[-1][0] == width:
            made = hash_children(self._peaks.pop()[1], made)
            width *= 2
        self._peaks.append((width, made))

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        *others, (_, made) = self._peaks
        for _, peak in reversed(others):
            made = hash_children(peak, made)
        return made


def verify_log(*, verifier: notes.Verifier, against: str = "", progress: Progress = silent) -> Verified:
    """Check every leaf, tile, checkpoint, event and chain; ``against`` is a checkpoint kept outside, as a signed note.

    ``verifier`` is the log's public key, kept outside the database. Raises ``CheckpointError`` for an ``against`` that
    this log never signed.
    """
    result = _Check(waiting=Unsequenced.objects.count())
    kept = notes.open_note(against, verifier) if against else None
    claims = _claims(verifier, result)
    if kept is not None:
        claims.setdefault(kept.size, []).append((kept.root, "der mitgebrachte Prüfpunkt"))
    erased = _check_tree(result, claims, progress)
    for size, said in claims.items():
        if size > result.leaves:
            names = " und ".join(name for _, name in said)
            result.found(f"{names} kennt {size} Einträge, das Protokoll hat nur noch {result.leaves}.")
    _check_events(result, erased, progress)
    return Verified(
        leaves=result.leaves,
        events=result.events,
        erased=result.erased,
        waiting=result.waiting,
        checkpoints=result.checkpoints,
        findings=tuple(result.findings),
    )


def _claims(verifier: notes.Verifier, result: _Check) -> dict[int, list[tuple[bytes, str]]]:
    """Return what the kept checkpoints say about the root at their sizes."""
    claims: dict[int, list[tuple[bytes, str]]] = {}
    for row in Checkpoint.objects.order_by("size").iterator():
        result.checkpoints += 1
        name = f"der Prüfpunkt mit {row.size} Einträgen"
        try:
            opened = notes.open_note(row.note, verifier)
        except notes.CheckpointError as error:
            result.found(f"{name} ist nicht echt: {error}.")
            continue
        claims.setdefault(opened.size, []).append((opened.root, name))
    return claims


def _check_tree(result: _Check, claims: dict[int, list[tuple[bytes, str]]], progress: Progress) -> set[bytes]:
    """Compare leaves with tiles and checkpoints; return the commitments of erased events."""
    frontier, made, erased = _Frontier(), dict[tuple[int, int], bytes](), set[bytes]()
    batch: list[bytes] = []
    for number, raw, event_id in Leaf.objects.order_by("number").values_list().iterator(chunk_size=_CHUNK):
        if number != frontier.size:
            result.found(f"Blatt {frontier.size} fehlt, auf Blatt {frontier.size - 1} folgt {number}.")
            break
        commitment = bytes(raw)
        if event_id is None:
            erased.add(commitment)
        leaf = hash_leaf(commitment)
        frontier.add(leaf)
        batch.append(leaf)
        _compare(result, claims, frontier)
        if len(batch) == WIDTH:
            _extend(made, frontier.size - WIDTH, batch)
            batch = []
            progress(frontier.size, None, "Blätter")
    _extend(made, frontier.size - len(batch), batch)
    result.leaves, result.erased = frontier.size, len(erased)
    _compare_tiles(result, made)
    if frontier.size and frontier.size not in claims:
        result.found(f"Für den Stand von {frontier.size} Einträgen fehlt der Prüfpunkt.")
    return erased


def _compare(result: _Check, claims: dict[int, list[tuple[bytes, str]]], frontier: _Frontier) -> None:
    for root, name in claims.get(frontier.size, ()):
        if root != frontier.root():
            result.found(f"Das Protokoll wurde umgeschrieben: {name} bezeugt einen anderen Inhalt.")


def _extend(made: dict[tuple[int, int], bytes], size: int, leaves: list[bytes]) -> None:
    made |= extended(size, leaves, lambda level, number: made.get((level, number), b""))


def _compare_tiles(result: _Check, made: dict[tuple[int, int], bytes]) -> None:
    for level, number, hashes in Tile.objects.values_list("level", "number", "hashes").iterator(chunk_size=_CHUNK):
        expected = made.pop((level, number), b"")
        if bytes(hashes) != expected:
            held = len(expected) // HASH_BYTES
            result.found(f"Die Kachel {level}/{number} passt nicht zu ihren {held} Blättern.")
    for level, number in made:
        result.found(f"Die Kachel {level}/{number} fehlt.")


_EVENTS_WITHOUT_LEAF = """
SELECT event.id FROM trust_accessevent AS event
WHERE NOT EXISTS (SELECT 1 FROM trust_leaf AS leaf WHERE leaf.event_id = event.id)
    AND NOT EXISTS (SELECT 1 FROM trust_unsequenced AS waiting WHERE waiting.event_id = event.id)
ORDER BY event.id LIMIT 100
"""
_LEAVES_WITHOUT_EVENT = """
SELECT leaf.number FROM trust_leaf AS leaf
WHERE leaf.event_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM trust_accessevent AS event WHERE event.id = leaf.event_id)
ORDER BY leaf.number LIMIT 100
"""


def _check_events(result: _Check, erased: set[bytes], progress: Progress) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS_WITHOUT_LEAF)
        for (event_id,) in cursor.fetchall():
            result.found(f"Der Zugriff {event_id} wurde nachträglich eingefügt: Er hat kein Blatt.")
        cursor.execute(_LEAVES_WITHOUT_EVENT)
        for (number,) in cursor.fetchall():
            result.found(f"Der Zugriff zu Blatt {number} wurde gelöscht.")
    heads = {
        subject: (seq, bytes(raw))
        for subject, seq, raw in SubjectHead.objects.values_list("subject", "seq", "commitment")
    }
    last: dict[UUID, tuple[int, bytes]] = {}
    for event, committed in _events():
        result.events += 1
        if result.events % _CHUNK == 0:
            progress(result.events, None, "Zugriffe")
        made = event.commitment()
        if committed and made != committed:
            result.found(f"Der Zugriff {event.pk} wurde verändert.")
        seq, previous = last.get(event.subject_id, (0, b""))
        # Before the first that is kept, events may lawfully be gone; their leaves say so.
        begins_later = not seq and event.subj_seq > 1 and bytes(event.subj_prev) in erased
        if not begins_later and (event.subj_seq, bytes(event.subj_prev)) != (seq + 1, previous):
            result.found(f"Vor dem Zugriff {event.pk} fehlt einer, oder die Reihenfolge wurde verändert.")
        last[event.subject_id] = (event.subj_seq, made)
    for subject, head in heads.items():
        if head != last.get(subject, head if head[1] in erased else (0, b"")):
            result.found(f"Am Ende der Kette von {subject} fehlt ein Zugriff.")
    for subject in last.keys() - heads.keys():
        result.found(f"Die Kette von {subject} hat kein Ende.")


def _events() -> Iterator[tuple[AccessEvent, bytes]]:
    """Yield every event by person and number, with the commitment of its leaf (or of its wait for one)."""
    rows = AccessEvent.objects.order_by("subject_id", "subj_seq").iterator(chunk_size=_CHUNK)
    batch: list[AccessEvent] = []
    for event in rows:
        batch.append(event)
        if len(batch) == _CHUNK:
            yield from _with_commitments(batch)
            batch = []
    yield from _with_commitments(batch)


def _with_commitments(batch: list[AccessEvent]) -> Iterator[tuple[AccessEvent, bytes]]:
    ids = [event.pk for event in batch]
    waiting = dict(Unsequenced.objects.filter(event_id__in=ids).values_list("event_id", "commitment"))
    leaves = dict(Leaf.objects.filter(event_id__in=ids).values_list("event_id", "commitment"))
    for event in batch:
        yield event, bytes(leaves.get(event.pk) or waiting.get(event.pk) or b"")
