"""What the log serves: to everybody the tree, to each person what proves their own events."""

import base64
import hashlib
import io
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from pathlib import Path

import pytest
from django.test import Client

from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.engine import merkle
from stadtportal.kernel.trust.engine.checkpoint import Verifier, open_note
from stadtportal.kernel.trust.engine.commitment import commitment_of
from stadtportal.kernel.trust.models import Checkpoint
from stadtportal.project import cli
from stadtportal.project.terminal import Refused

from .conftest import NOW, look

pytestmark = pytest.mark.django_db
People = Callable[[], Actor]


def signed_in(actor: Actor) -> Client:
    client = Client()
    assert actor.person_id is not None
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


@pytest.fixture
def lena(make_person: People, clerk: Actor) -> Actor:
    """Somebody looked at three times among three hundred others."""
    person, other = make_person(), make_person()
    for number in range(300):
        look(clerk, *([person, other] if number % 100 == 0 else [other]))
    trust.sequence(now=NOW)
    return person


def test_anybody_can_follow_the_tree_from_the_published_files_alone(lena: Actor, client: Client) -> None:
    assert lena.person_id
    verifier = Verifier.parse(client.get("/transparenz/log/key").content.decode())
    checkpoint = open_note(client.get("/transparenz/log/checkpoint").content.decode(), verifier)
    assert checkpoint.size == 303
    full = client.get("/transparenz/log/tile/0/000")
    part = client.get("/transparenz/log/tile/0/001.p/47")
    above = client.get("/transparenz/log/tile/1/000.p/1")
    assert [len(one.content) for one in (full, part, above)] == [256 * 32, 47 * 32, 32]
    assert "immutable" in full["Cache-Control"]
    hashes = [(full.content + part.content)[at : at + 32] for at in range(0, 303 * 32, 32)]
    assert merkle.root(303, lambda level, number: fold(hashes, level, number)) == checkpoint.root
    entries = client.get("/transparenz/log/tile/entries/001.p/47").content
    assert [merkle.hash_leaf(entries[at + 2 : at + 34]) for at in range(0, len(entries), 34)] == hashes[256:]


def fold(hashes: list[bytes], level: int, number: int) -> bytes:
    row = hashes[number << level : (number + 1) << level]
    while len(row) > 1:
        row = [merkle.hash_children(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002",
        "tile/0/001",
        "tile/0/001.p/48",
        "tile/0/000.p/0",
        "tile/0/000.p/257",
        "tile/1/000",
        "tile/64/000",
        "tile/00/000",
        "tile/0/x000/000",
        "tile/0/x999/x999/x999/x999/999",
        "tile/entries/001",
        "tile/entries/005.p/1",
    ],
)
def test_tiles_the_tree_does_not_have_are_not_found(lena: Actor, client: Client, path: str) -> None:
    assert lena.person_id
    assert client.get(f"/transparenz/log/{path}").status_code == 404


def test_the_page_of_the_log_says_what_it_proves(lena: Actor, client: Client) -> None:
    assert lena.person_id
    page = client.get("/transparenz/log/").content.decode()
    assert "<dd>303</dd>" in page
    assert "Was das beweist und was nicht" in page


def test_before_anything_was_logged_there_is_a_page_and_no_checkpoint(client: Client) -> None:
    assert "Es wurde noch nichts protokolliert." in client.get("/transparenz/log/").content.decode()
    assert client.get("/transparenz/log/checkpoint").status_code == 404


def test_each_person_gets_the_proof_of_their_own_events(lena: Actor) -> None:
    bundle = signed_in(lena).get("/mein/daten/pruefen/beweis.json?bekannt=100").json()
    row = Checkpoint.objects.latest("size")
    root = open_note(row.note, Verifier.parse(row.key)).root
    assert [one["event"]["subj_seq"] for one in bundle["events"]] == [1, 2, 3]
    assert {one["event"]["subject"] for one in bundle["events"]} == {str(lena.person_id)}
    for one in bundle["events"]:
        commitment = commitment_of(one["event"], base64.b64decode(one["salt"]))
        proof = [base64.b64decode(text) for text in one["proof"]]
        assert merkle.includes(merkle.hash_leaf(commitment), one["leaf"], 303, proof, root)
    assert bundle["consistency"]
    assert bundle["head"]["seq"] == 3


def test_bundles_follow_one_another(lena: Actor) -> None:
    client = signed_in(lena)
    assert [
        one["event"]["subj_seq"] for one in client.get("/mein/daten/pruefen/beweis.json?nach=1").json()["events"]
    ] == [
        2,
        3,
    ]
    for wrong in ("x", "-1", "9" * 40, "٣"):
        assert (
            len(client.get("/mein/daten/pruefen/beweis.json", {"nach": wrong, "bekannt": wrong}).json()["events"]) == 3
        )


def test_what_waits_is_said_to_wait(make_person: People, clerk: Actor) -> None:
    person = make_person()
    look(clerk, person)
    bundle = signed_in(person).get("/mein/daten/pruefen/beweis.json").json()
    assert [(one["leaf"], one["proof"]) for one in bundle["events"]] == [(None, [])]


def test_the_page_to_check_offers_browser_receipt_and_command(lena: Actor) -> None:
    client = signed_in(lena)
    page = client.get("/mein/daten/pruefen/").content.decode()
    assert "Über Sie stehen 3 Zugriffe im Protokoll." in page
    assert "stadtportal log verify --against" in page
    receipt = client.get("/mein/daten/pruefen/beleg.pdf")
    assert receipt["Content-Type"] == "application/pdf"
    assert receipt.content.startswith(b"%PDF-")


def verify(*arguments: str) -> tuple[int, str]:
    """Run ``stadtportal log verify`` on this database."""
    said = io.StringIO()
    with redirect_stdout(said):
        code = cli.log(["verify", *arguments])
    return code, said.getvalue()


def test_the_command_checks_everything_and_against_what_was_kept(
    lena: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lena.person_id
    monkeypatch.setattr(cli, "django", nullcontext)  # The tests have their own.
    kept = tmp_path / "pruefpunkt.txt"
    kept.write_text(Checkpoint.objects.latest("size").note)
    code, said = verify("--against", str(kept))
    assert (code, said.splitlines()[-1]) == (0, "Das Protokoll ist unverändert.")
    Checkpoint.objects.all().delete()
    code, said = verify()
    assert (code, said.splitlines()[-1]) == (1, "Das Protokoll wurde verändert.")
    assert "- Für den Stand von 303 Einträgen fehlt der Prüfpunkt." in said
    kept.write_text("etwas anderes")
    with pytest.raises(Refused, match="kein Prüfpunkt dieses Protokolls"):
        verify("--against", str(kept))


def test_one_look_is_shown_with_a_proof_that_anybody_can_follow(lena: Actor) -> None:
    proof = trust.prove_look(actor=lena, seq=2)
    commitment = hashlib.sha256(
        b"stadtportal/access-event/v1\n" + bytes.fromhex(proof.salt) + proof.document.encode()
    ).digest()
    assert commitment.hex() == proof.commitment
    signed = trust.latest_checkpoint()
    assert signed is not None
    root = open_note(signed.note, Verifier.parse(signed.key)).root
    assert proof.leaf is not None
    path = [bytes.fromhex(one) for one in proof.path]
    assert merkle.includes(merkle.hash_leaf(commitment), proof.leaf, proof.size, path, root)
    page = signed_in(lena).get("/mein/daten/protokoll/2/").content.decode()
    assert "<h1>Zugriff 2</h1>" in page
    assert "Anruf beantworten" in page
    assert proof.commitment in page
    assert proof.path[-1] in page


def test_a_look_that_waits_says_that_nothing_proves_it_yet(lena: Actor, clerk: Actor) -> None:
    look(clerk, lena, reason="Rückruf zugesagt")
    page = signed_in(lena).get("/mein/daten/protokoll/4/").content.decode()
    assert "wartet noch auf seinen Eintrag" in page
    assert "Rückruf zugesagt" in page


@pytest.mark.parametrize("seq", ["0", "4", str(2**63), "9" * 30])
def test_a_look_that_does_not_exist_is_not_found(lena: Actor, seq: str) -> None:
    assert signed_in(lena).get(f"/mein/daten/protokoll/{seq}/").status_code == 404


def test_nobody_reads_the_looks_at_somebody_else(lena: Actor, make_person: People, client: Client) -> None:
    assert signed_in(make_person()).get("/mein/daten/protokoll/1/").status_code == 404
    assert client.get("/mein/daten/protokoll/1/").status_code == 302
    assert lena.person_id


def test_the_list_of_looks_leads_to_the_proof_of_each(lena: Actor) -> None:
    page = signed_in(lena).get("/mein/daten/").content.decode()
    assert [f"/mein/daten/protokoll/{seq}/" in page for seq in (1, 2, 3)] == [True] * 3
