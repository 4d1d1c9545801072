"""Passkeys of elsewhere, of others, of yesterday: a device of our own signs what a thief could send."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

import pytest
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.cache import cache
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256

from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person

pytestmark = pytest.mark.django_db
OURS = "http://localhost"
HOST = "localhost"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


class Device:
    """A device with one passkey, which signs for whatever page it is told it is on."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)

    def _data(self, flags: int, host: str) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, 1)

    @staticmethod
    def _client(kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def registration(self, challenge: str, *, origin: str = OURS) -> str:
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]  # fido2 has none.
        key = cbor.encode(dict(public))
        data = self._data(PRESENT | VERIFIED | WITH_KEY, HOST) + attested + key
        return self._credential(
            clientDataJSON=b64(self._client("webauthn.create", challenge, origin)),
            attestationObject=b64(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
        )

    def assertion(
        self,
        challenge: str,
        person: Person,
        *,
        origin: str = OURS,
        host: str = HOST,
        flags: int = PRESENT | VERIFIED,
        kind: str = "webauthn.get",
    ) -> str:
        client, data = self._client(kind, challenge, origin), self._data(flags, host)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=b64(client),
            authenticatorData=b64(data),
            signature=b64(signature),
            userHandle=b64(user_id_to_str(person).encode()),
        )

    def _credential(self, **response: str) -> str:
        return json.dumps(
            {
                "id": b64(self.id),
                "rawId": b64(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {"credProps": {"rk": True}},
                "authenticatorAttachment": "platform",
            }
        )


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:  # noqa: ARG001 -- the cache is a table.
    cache.clear()


def browser() -> Client:
    return Client(HTTP_HOST=HOST)


def challenge_in(client: Client) -> str:
    answer = client.get("/konto/anmelden/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
    options: dict[str, Any] = answer.json()["request_options"]
    return str(options["publicKey"]["challenge"])


def send(client: Client, credential: str) -> str:
    """Send a credential and return whose account is open afterwards."""
    answer = client.post("/konto/anmelden/passkey/", {"credential": credential})
    assert answer.status_code == 302
    held = client.session.get("_auth_user_id")
    assert (answer["Location"] == "/konto/anmelden/") is (held is None)
    return str(held or "")


def make_person(email: str) -> Person:
    made = people.create_person(email=email, given_name="A", family_name="B", email_verified=True)
    return Person.objects.get(pk=made.id)


def register(person: Person, device: Device, *, origin: str = OURS) -> int:
    """Add the device's passkey to the account; return how many it has then."""
    client = browser()
    client.force_login(person)
    page = client.get("/konto/sicherheit/passkeys/neu/")
    assert page.status_code == 200
    challenge = client.session["mfa.webauthn.state"]["challenge"]
    answer = client.post(
        "/konto/sicherheit/passkeys/neu/",
        {"name": "Telefon", "credential": device.registration(challenge, origin=origin)},
    )
    assert answer.status_code in {200, 302}
    return Authenticator.objects.filter(user=person, type="webauthn").count()


@pytest.fixture
def lena() -> Person:
    return make_person("lena@example.org")


@pytest.fixture
def device(lena: Person) -> Device:
    made = Device()
    assert register(lena, made) == 1
    return made


def test_the_right_passkey_opens_the_account(lena: Person, device: Device) -> None:
    client = browser()
    assert send(client, device.assertion(challenge_in(client), lena)) == str(lena.pk)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://boese.example"},
        {"origin": "http://localhost.boese.example"},
        {"origin": "http://boese.example/localhost"},
        {"host": "boese.example"},
        {"flags": VERIFIED},
        {"flags": PRESENT},
        {"kind": "webauthn.create"},
    ],
    ids=["origin", "longer origin", "origin with path", "foreign site", "nobody there", "no finger", "other purpose"],
)
def test_what_was_signed_elsewhere_or_otherwise_is_refused(lena: Person, device: Device, wrong: dict[str, Any]) -> None:
    client = browser()
    assert send(client, device.assertion(challenge_in(client), lena, **wrong)) == ""


def test_a_replayed_passkey_is_refused(lena: Person, device: Device) -> None:
    client = browser()
    credential = device.assertion(challenge_in(client), lena)
    assert send(client, credential) == str(lena.pk)
    client.post("/konto/abmelden/")
    assert send(client, credential) == ""
    thief = browser()
    assert send(thief, credential) == ""  # Without a challenge of its own,
    challenge_in(thief)
    assert send(thief, credential) == ""  # and with another one.


def test_a_challenge_counts_once_even_in_the_same_session(lena: Person, device: Device) -> None:
    client = browser()
    challenge = challenge_in(client)
    assert send(client, device.assertion(challenge, lena)) == str(lena.pk)
    client.post("/konto/abmelden/")
    assert send(client, device.assertion(challenge, lena)) == ""


def test_a_passkey_opens_no_account_but_its_own(lena: Person, device: Device) -> None:
    omar, his = make_person("omar@example.org"), Device()
    assert register(omar, his) == 1
    client = browser()
    assert send(client, his.assertion(challenge_in(client), lena)) == ""
    assert send(client, device.assertion(challenge_in(client), omar)) == ""


def test_a_changed_signature_is_refused(lena: Person, device: Device) -> None:
    client = browser()
    credential = json.loads(device.assertion(challenge_in(client), lena))
    forger = Device()
    forger.id = device.id
    other = json.loads(forger.assertion(challenge_in(client), lena))
    assert send(client, json.dumps(other)) == ""
    credential["response"]["signature"] = b64(secrets.token_bytes(70))
    assert send(client, json.dumps(credential)) == ""


def test_a_removed_passkey_is_refused(lena: Person, device: Device) -> None:
    Authenticator.objects.filter(user=lena).delete()
    client = browser()
    assert send(client, device.assertion(challenge_in(client), lena)) == ""


def test_a_closed_account_does_not_open_by_passkey(lena: Person, device: Device) -> None:
    Person.objects.filter(pk=lena.pk).update(is_active=False)
    client = browser()
    client.post("/konto/anmelden/passkey/", {"credential": device.assertion(challenge_in(client), lena)})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("origin", ["https://boese.example", "http://localhost.boese.example"])
def test_a_passkey_made_on_another_site_is_not_taken(lena: Person, origin: str) -> None:
    assert register(lena, Device(), origin=origin) == 0


NO_CREDENTIAL = (
    "",
    "{}",
    "[]",
    "null",
    "1",
    '"x"',
    '{"id": 1, "response": 2}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}',
    "{" * 500,
)


@pytest.mark.parametrize("credential", NO_CREDENTIAL)
def test_what_is_no_credential_is_answered(credential: str) -> None:
    client = browser()
    challenge_in(client)
    answer = client.post("/konto/anmelden/passkey/", {"credential": credential})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_credential_with_a_part_missing_or_broken_is_answered(lena: Person, device: Device) -> None:
    client = browser()
    whole = json.loads(device.assertion(challenge_in(client), lena))
    registration = json.loads(device.registration("x"))
    broken: list[Any] = [registration]
    answers = whole["response"]
    values: tuple[Any, ...] = ("", "AA", "ä", None, 5, {})
    broken += [{**whole, "response": answers | {part: value}} for part in answers for value in values]
    broken += [{**whole, "response": {key: answers[key] for key in answers if key != part}} for part in answers]
    broken += [{key: held for key, held in whole.items() if key != part} for part in ("id", "rawId", "response")]
    for credential in broken:
        cache.clear()
        client.get("/konto/anmelden/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
        assert send(client, json.dumps(credential)) == "", credential
