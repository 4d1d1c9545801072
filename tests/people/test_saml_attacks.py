"""What a forged or weakly protected answer gets: nothing. Built with the simulator's parts, read by the adapter."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import padding as blocks
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stadtportal.areas.demo.rules import identity_provider as provider
from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.people.engine.saml.answers import read_answer
from stadtportal.kernel.people.engine.saml.refusals import Reason

from .saml_parties import (
    NOW,
    attributes,
    claims,
    expectation,
    good,
    pair,
    refused,
    response,
    sealed,
    signed_assertion,
    their_key,
)

Forge = Callable[[], str]


def test_what_bundid_sends_is_believed_with_each_attribute_at_its_own_level() -> None:
    told = read_answer(good(attributes=attributes(trust="NORMAL")), expected=expectation(), now=NOW)
    assert (told.level, told.identifier) == (AssuranceLevel.SUBSTANTIAL, "pairwise-of-lena")
    assert {one.name: (one.value, one.level) for one in told.stated} == {
        "given_name": ("Lena", AssuranceLevel.BASIC),
        "family_name": ("Beispiel", AssuranceLevel.BASIC),
        # Stated as high, but no attribute is surer than the sign-in that brought it.
        "birth_date": ("1992-05-14", AssuranceLevel.SUBSTANTIAL),
    }


@pytest.mark.parametrize(("sign_assertion", "sign_response"), [(True, False), (False, True), (True, True)])
def test_one_signature_over_what_is_read_suffices(sign_assertion: bool, sign_response: bool) -> None:  # noqa: FBT001 -- a table.
    text = signed_assertion() if sign_assertion else provider.assertion_text(claims())
    told = read_answer(response(sealed(text), sign=sign_response), expected=expectation(), now=NOW)
    assert told.identifier == "pairwise-of-lena"


def test_unsigned_is_refused() -> None:
    assert refused(response(sealed(provider.assertion_text(claims())), sign=False)) is Reason.UNSIGNED


def test_an_assertion_in_clear_is_refused_even_if_signed() -> None:
    assert refused(response(signed_assertion())) is Reason.NOT_ENCRYPTED


# --- wrapping: a true signature somewhere, and a forged assertion where it is read ---


def evil(text: str | None = None) -> str:
    """Return an unsigned assertion about somebody else."""
    forged = provider.assertion_text(claims(assertion_id="_evil"))
    return (text or forged).replace("pairwise-of-lena", "pairwise-of-ben")


def inside_evil(signed: str, *, where: str) -> str:
    """Return a forged assertion that carries the signed one, and its signature, at ``where``."""
    signature = signed[signed.index("<d:Signature") : signed.index("</d:Signature>") + len("</d:Signature>")]
    bare = signed.replace(signature, "")
    match where:
        case "object of the signature":
            holder = signature.replace("</d:Signature>", f"<d:Object>{bare}</d:Object></d:Signature>")
            return evil().replace("</a:Issuer>", f"</a:Issuer>{holder}", 1)
        case "advice":
            return evil().replace(
                "<a:AuthnStatement", f"<a:Advice>{bare}</a:Advice><a:AuthnStatement", 1
            ).replace("</a:Issuer>", f"</a:Issuer>{signature}", 1)  # fmt: skip
        case "advice, signature with it":
            return evil().replace("<a:AuthnStatement", f"<a:Advice>{signed}</a:Advice><a:AuthnStatement", 1)
        case "attribute value":
            return evil().replace(
                "</a:AttributeStatement>",
                f'<a:Attribute Name="x"><a:AttributeValue>{signed}</a:AttributeValue></a:Attribute>'
                "</a:AttributeStatement>",
                1,
            )
        case "subject":
            return evil().replace("</a:Subject>", f"{signed}</a:Subject>", 1)
        case _:
            return signed.replace("</a:Assertion>", f"{evil()}</a:Assertion>", 1)


@pytest.mark.parametrize(
    "where",
    [
        "object of the signature",
        "advice",
        "advice, signature with it",
        "attribute value",
        "subject",
        "end of the true one",
    ],
)
@pytest.mark.parametrize("sign_response", [True, False])
def test_a_wrapped_assertion_is_refused(where: str, sign_response: bool) -> None:  # noqa: FBT001 -- a table.
    """Also where the response around it is signed: then somebody has the key, and still nothing ambiguous is read."""
    forged = inside_evil(signed_assertion(), where=where)
    reason = refused(response(sealed(forged), sign=sign_response))
    assert reason in {Reason.WRAPPED, Reason.BAD_SIGNATURE, Reason.MALFORMED}


def test_two_assertions_in_one_response_are_refused_in_both_orders() -> None:
    true, false = sealed(signed_assertion()), sealed(evil())
    assert refused(response(true + false, sign=False)) is Reason.WRAPPED
    assert refused(response(false + true, sign=False)) is Reason.WRAPPED
    assert refused(response(true + evil(), sign=False)) is Reason.NOT_ENCRYPTED


def test_a_signed_response_wrapped_in_another_is_refused() -> None:
    true = base64.b64decode(good()).decode()
    for place in (f"<p:Extensions>{true}</p:Extensions>", true):
        wrapped = response(place + sealed(evil()), sign=False)
        assert refused(wrapped) is Reason.WRAPPED


def test_two_elements_of_one_id_are_refused() -> None:
    twice = signed_assertion(assertion_id="_one").replace(
        "<a:AuthnStatement", '<a:AuthnStatement ID="_one"', 1
    )  # fmt: skip
    assert refused(response(sealed(twice), sign=False)) is Reason.WRAPPED


def test_a_signature_over_another_element_is_refused() -> None:
    lent = signed_assertion(assertion_id="_other").replace('ID="_other"', 'ID="_evil"')
    assert refused(response(sealed(lent), sign=False)) is Reason.WRAPPED
    whole = provider.sign(provider.assertion_text(claims()), their_key())
    everything = whole.replace('URI="#', 'URI="" x="#')
    assert refused(response(sealed(everything), sign=False)) is Reason.WRAPPED


def test_a_changed_character_is_refused() -> None:
    changed = signed_assertion().replace("pairwise-of-lena", "pairwise-of-lenb")
    assert refused(response(sealed(changed), sign=False)) is Reason.BAD_SIGNATURE
    outer = base64.b64decode(good()).decode().replace("status:Success", "status:Success ")
    assert refused(provider.encoded(outer)) is Reason.BAD_SIGNATURE


def test_a_bad_signature_of_the_response_is_not_made_good_by_the_assertion() -> None:
    text = provider.sign(provider.response_text(claims(), inside=sealed(signed_assertion())), their_key("stranger"))
    assert refused(provider.encoded(text)) is Reason.BAD_SIGNATURE


def test_somebody_elses_key_is_refused_even_with_its_certificate_enclosed() -> None:
    text = provider.sign(provider.assertion_text(claims()), their_key("stranger"))
    enclosed = "".join(pair("stranger")[1].decode().splitlines()[1:-1])
    info = f"<d:KeyInfo><d:X509Data><d:X509Certificate>{enclosed}</d:X509Certificate></d:X509Data></d:KeyInfo>"
    for forged in (text, text.replace("</d:Signature>", f"{info}</d:Signature>")):
        assert refused(response(sealed(forged), sign=False)) is Reason.BAD_SIGNATURE


def test_a_key_value_enclosed_in_the_signature_is_not_believed() -> None:
    numbers = their_key("stranger").public_key().public_numbers()
    modulus, exponent = (
        base64.b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode()
        for value in (numbers.n, numbers.e)
    )
    value = f"<d:RSAKeyValue><d:Modulus>{modulus}</d:Modulus><d:Exponent>{exponent}</d:Exponent></d:RSAKeyValue>"
    text = provider.sign(provider.assertion_text(claims()), their_key("stranger"))
    forged = text.replace("</d:Signature>", f"<d:KeyInfo><d:KeyValue>{value}</d:KeyValue></d:KeyInfo></d:Signature>")
    assert refused(response(sealed(forged), sign=False)) is Reason.BAD_SIGNATURE


def test_old_and_new_certificate_count_while_keys_are_changed_and_an_expired_one_does_not() -> None:
    both = [x509.load_pem_x509_certificate(pair(name)[1]) for name in ("stranger", "bundid")]
    assert read_answer(good(), expected=expectation(certificates=both), now=NOW).identifier == "pairwise-of-lena"
    later = datetime(2050, 6, 1, tzinfo=UTC)
    assert refused(good(now=later), now=later, asked_at=later) is Reason.BAD_SIGNATURE


# --- weaker algorithms ---

PKCS1, PSS = padding.PKCS1v15(), padding.PSS(padding.MGF1(hashes.SHA256()), 32)
PSS_SHA1 = padding.PSS(padding.MGF1(hashes.SHA1()), 20)  # noqa: S303 -- weak on purpose.
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
OLD = "http://www.w3.org/2000/09/xmldsig#"


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(
            lambda text, key: provider.sign(text, key, method=f"{MORE}rsa-sha256", pad=PKCS1), id="PKCS1 SHA-256"
        ),
        pytest.param(
            lambda text, key: provider.sign(text, key, method=f"{OLD}rsa-sha1", pad=PKCS1, hash_=hashes.SHA1()),  # noqa: S303 -- weak on purpose.
            id="PKCS1 SHA-1",
        ),
        pytest.param(
            lambda text, key: provider.sign(
                text,
                key,
                method="http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
                pad=PSS_SHA1,
                hash_=hashes.SHA1(),  # noqa: S303 -- weak on purpose.
            ),
            id="PSS SHA-1",
        ),
        pytest.param(
            lambda text, key: provider.sign(text, key, digest_method=f"{OLD}sha1", digest="sha1"), id="digest SHA-1"
        ),
        pytest.param(
            lambda text, key: provider.sign(text, key).replace(
                f'<d:CanonicalizationMethod Algorithm="{provider.EXCLUSIVE}"',
                '<d:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"',
            ),
            id="other canonical form",
        ),
    ],
)
def test_a_weaker_signature_is_refused(forge: Callable[[str, rsa.RSAPrivateKey], str]) -> None:
    text = forge(provider.assertion_text(claims()), their_key())
    assert refused(response(sealed(text), sign=False)) is Reason.WEAK


def test_pkcs1_passed_off_as_pss_is_refused() -> None:
    text = provider.sign(provider.assertion_text(claims()), their_key(), pad=PKCS1)
    assert refused(response(sealed(text), sign=False)) is Reason.BAD_SIGNATURE


@pytest.mark.parametrize(
    "transform",
    ["http://www.w3.org/TR/1999/REC-xslt-19991116", "http://www.w3.org/TR/1999/REC-xpath-19991116"],
)
def test_a_transform_that_computes_is_refused(transform: str) -> None:
    text = signed_assertion().replace(
        f'<d:Transform Algorithm="{provider.EXCLUSIVE}"', f'<d:Transform Algorithm="{transform}"'
    )
    assert refused(response(sealed(text), sign=False)) is Reason.WRAPPED


def cbc_encrypted(text: str) -> str:
    public = x509.load_pem_x509_certificate(pair("portal")[1]).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    key, iv = os.urandom(32), os.urandom(16)
    padder = blocks.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    body = encryptor.update(padder.update(text.encode()) + padder.finalize()) + encryptor.finalize()
    wrapped = public.encrypt(key, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    return provider.encrypted_text(
        sealed=base64.b64encode(iv + body).decode(),
        wrapped=base64.b64encode(wrapped).decode(),
        method="http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    )


def pkcs1_encrypted(text: str) -> str:
    public = x509.load_pem_x509_certificate(pair("portal")[1]).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    key, nonce = AESGCM.generate_key(256), os.urandom(12)
    return provider.encrypted_text(
        sealed=base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None)).decode(),
        wrapped=base64.b64encode(public.encrypt(key, PKCS1)).decode(),
        key_method="http://www.w3.org/2001/04/xmlenc#rsa-1_5",
    )


@pytest.mark.parametrize("encrypt", [cbc_encrypted, pkcs1_encrypted])
def test_weaker_encryption_is_refused(encrypt: Callable[[str], str]) -> None:
    assert refused(response(encrypt(signed_assertion()))) is Reason.WEAK


def test_oaep_with_sha1_under_the_newer_name_is_refused() -> None:
    weak = sealed(signed_assertion()).replace(
        f'<d:DigestMethod Algorithm="{provider.DIGEST_SHA256}"', f'<d:DigestMethod Algorithm="{OLD}sha1"'
    )
    assert refused(response(weak)) is Reason.WEAK


def test_a_broken_or_foreign_ciphertext_is_refused() -> None:
    text = sealed(signed_assertion())
    place = text.rindex("<e:CipherValue>") + 40
    broken = f"{text[:place]}{'A' if text[place] != 'A' else 'B'}{text[place + 1 :]}"
    assert refused(response(broken)) is Reason.UNREADABLE
    assert refused(response(provider.encrypt(signed_assertion(), pair("stranger")[1]))) is Reason.UNREADABLE


def test_a_ciphertext_that_lies_elsewhere_is_not_fetched() -> None:
    away = '<e:CipherReference URI="file:///etc/hostname"/>'
    text = sealed(signed_assertion())
    start, end = text.rindex("<e:CipherValue>"), text.rindex("</e:CipherValue>") + len("</e:CipherValue>")
    assert refused(response(text[:start] + away + text[end:])) is Reason.MALFORMED


def test_something_else_than_an_assertion_inside_is_refused() -> None:
    assert refused(response(sealed("<a>kein XML der Welt</a>"))) is Reason.WRAPPED
    assert refused(response(sealed("kein XML"))) is Reason.MALFORMED
