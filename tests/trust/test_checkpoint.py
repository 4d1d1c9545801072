"""Checkpoints are signed notes that other tools can read, and nothing else opens."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stadtportal.kernel.trust.engine.checkpoint import Checkpoint, CheckpointError, Verifier, open_note, sign
from stadtportal.kernel.trust.engine.commitment import Event, commitment_of, new_salt

ORIGIN = "stadt.example/zugriffe"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = Verifier(ORIGIN, KEY.public_key())
CHECKPOINT = Checkpoint(ORIGIN, 20852163, bytes(range(32)))
NOTE = sign(CHECKPOINT, KEY)


def test_a_checkpoint_is_written_as_the_standard_says() -> None:
    name, size, root, empty, signature, end = NOTE.split("\n")
    assert (name, size, root) == (ORIGIN, "20852163", base64.b64encode(bytes(range(32))).decode())
    assert (empty, end) == ("", "")
    dash, signer, encoded = signature.split(" ")
    assert (dash, signer) == ("—", ORIGIN)
    assert base64.b64decode(encoded)[:4] == VERIFIER.key_id
    assert open_note(NOTE, VERIFIER) == CHECKPOINT


def test_a_key_is_written_and_read_again() -> None:
    assert Verifier.parse(str(VERIFIER)) == VERIFIER
    assert open_note(NOTE, Verifier.parse(str(VERIFIER))) == CHECKPOINT


def test_a_witness_may_sign_as_well() -> None:
    assert open_note(NOTE + "— zeuge.example AAAAAAAA\n", VERIFIER) == CHECKPOINT


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("", "no signatures"),
        (NOTE.replace("20852163", "20852164"), "not signed"),
        (NOTE.replace("20852163", "020852163"), "malformed"),
        (NOTE.replace("20852163", "-1"), "malformed"),
        (NOTE.replace("20852163", "viele"), "lines name, size and root"),
        (NOTE.replace("AAEC", "AQEC"), "not signed"),
        (NOTE.replace(ORIGIN, "anderswo.example"), "of the log 'anderswo.example'"),
        (NOTE.replace("\n\n", "\nnoch eine Zeile\n\n"), "lines that this log does not write"),
        (NOTE.split("\n\n", maxsplit=1)[0] + "\n\n", "not signed"),
        (NOTE + "x" * 10_000, "too long"),
        (sign(CHECKPOINT, Ed25519PrivateKey.generate()), "not signed"),
    ],
)
def test_what_this_log_did_not_sign_is_not_opened(note: str, reason: str) -> None:
    with pytest.raises(CheckpointError, match=reason):
        open_note(note, VERIFIER)


@pytest.mark.parametrize("text", ["", "a+b", f"{ORIGIN}+00000000+{str(VERIFIER).split('+', 2)[2]}", "a+b+!"])
def test_other_texts_are_no_keys(text: str) -> None:
    with pytest.raises(CheckpointError):
        Verifier.parse(text)


def test_a_commitment_changes_with_every_field_and_with_the_salt() -> None:
    event: Event = {"actor": "Amt", "fields": ("Name", "Anschrift"), "seq": 1}
    salt = new_salt()
    assert commitment_of(event, salt) == commitment_of(
        {"seq": 1, "fields": ["Name", "Anschrift"], "actor": "Amt"}, salt
    )
    others: list[Event] = [
        dict(event) | {"actor": "amt"},
        dict(event) | {"fields": ("Name",)},
        dict(event) | {"seq": 2},
        dict(event) | {"new": ""},
    ]
    assert len({commitment_of(one, salt) for one in (event, *others)}) == len(others) + 1
    assert commitment_of(event, new_salt()) != commitment_of(event, salt)
    with pytest.raises(ValueError, match="32 bytes, not 3"):
        commitment_of(event, b"abc")
