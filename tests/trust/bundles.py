"""A log in memory that gives bundles like the portal, and lets a test forge whatever it likes."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stadtportal.kernel.trust.engine import checkpoint as notes
from stadtportal.kernel.trust.engine import merkle
from stadtportal.kernel.trust.engine.commitment import commitment_of
from stadtportal.kernel.trust.engine.tiles import extended, nodes_of

ORIGIN = "stadt.example/transparenz/log"
LENA = "0b0d8f0e-6a4c-4f5e-9a53-0c0f6f1f2a01"
OMAR = "7c0d8f0e-6a4c-4f5e-9a53-0c0f6f1f2a02"
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def text(raw: bytes) -> str:
    """Write bytes as the bundle does."""
    return base64.b64encode(raw).decode()


@dataclass
class MemoryLog:
    """Events in the order of their leaves; ``tiles`` is their tree."""

    events: list[dict[str, Any]] = field(default_factory=list)
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    signer: Ed25519PrivateKey = SIGNER

    @property
    def size(self) -> int:
        return len(self.events)

    def node(self, level: int, number: int) -> bytes:
        return nodes_of(self._read)(level, number)

    def _read(self, level: int, number: int) -> bytes:
        return self.tiles.get((level, number), b"")

    def add(
        self, subject: str, *, actor: str = "Alex Amt (Bürgerbüro)", at: str = "2026-11-23T12:00:00.000000Z"
    ) -> None:
        """Write one more look at somebody's data and give it its leaf."""
        held = [one for one in self.events if one["event"]["subject"] == subject]
        event = {
            "actor": actor,
            "at": at,
            "case": "ST-1",
            "fields": ["Name", "Anschrift"],
            "legal_basis": "Art. 6 Abs. 1 b DSGVO",
            "purpose": "Anruf „beantworten“ \u2028 \\ / \t €",
            "reason": "",
            "subj_prev": held[-1]["commitment"].hex() if held else "",
            "subj_seq": len(held) + 1,
            "subject": subject,
        }
        salt = self.size.to_bytes(32)
        commitment = commitment_of(event, salt)
        self.tiles |= extended(self.size, [merkle.hash_leaf(commitment)], self._read)
        self.events.append({"event": event, "salt": salt, "commitment": commitment, "leaf": self.size})

    def checkpoint(self) -> str:
        """Return the signed checkpoint of everything."""
        return notes.sign(notes.Checkpoint(ORIGIN, self.size, merkle.root(self.size, self.node)), self.signer)

    def bundle(self, subject: str = LENA, *, known: int = 0, after: int = 0, most: int = 500) -> dict[str, Any]:
        """Return what the portal would give this person."""
        own = [one for one in self.events if one["event"]["subject"] == subject]
        return {
            "checkpoint": self.checkpoint(),
            "key": str(notes.Verifier(ORIGIN, self.signer.public_key())),
            "subject": subject,
            "events": [
                {
                    "id": one["leaf"] + 1,
                    "event": dict(one["event"]),
                    "salt": text(one["salt"]),
                    "leaf": one["leaf"],
                    "proof": texts(merkle.prove_inclusion(one["leaf"], self.size, self.node)),
                }
                for one in own[after : after + most]
            ],
            "head": {"seq": len(own), "commitment": text(own[-1]["commitment"]) if own else ""},
            "consistency": texts(merkle.prove_consistency(known, self.size, self.node))
            if 0 < known <= self.size
            else [],
        }


def texts(hashes: Sequence[bytes]) -> list[str]:
    """Write hashes as the bundle does."""
    return [text(one) for one in hashes]


def busy_log(others_after: int = 3) -> MemoryLog:
    """Return a log with five looks at Lena's data between looks at Omar's."""
    log = MemoryLog()
    for _ in range(5):
        log.add(OMAR)
        log.add(LENA)
        log.add(OMAR)
    for _ in range(others_after):
        log.add(OMAR)
    return log
