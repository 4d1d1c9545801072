"""Signing in with BundID, from the sign-in page through the simulator and back."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from stadtportal.areas.demo.rules import identity_provider as provider
from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.inbox.models import Message
from stadtportal.kernel.people.actions.forgetting import forget_past
from stadtportal.kernel.people.models import BundIdLink, BundIdRequest, ConfirmedAttribute, Person, UsedAssertion
from stadtportal.kernel.people.queries.assurance import keyed
from stadtportal.kernel.trust import api as trust
from stadtportal.project.settings_bundid import bundid

from .conftest import PASSWORD, mailed_code, signed_in_as
from .test_pages import app_code, check_policy, check_words

pytestmark = pytest.mark.django_db
SET_OUT, ANSWER, BACK = "/konto/bundid/", "/konto/bundid/antwort/", "/konto/bundid/weiter/"
NEXT = "/mein/vorgaenge/?seite=2"
# In tests, as in the demo, the simulator stands on the other side.
CONNECTION: dict[str, Any] = settings.BUNDID or {}


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no {name} on the page"
    return unescape(found[1])


def asked(browser: Client, *, level: str = "1", next_: str = NEXT) -> str:
    """Set out for BundID and return the request."""
    page = browser.post(SET_OUT, {"next": next_, "level": level})
    assert page.status_code == 200
    check_words(SET_OUT, page.content.decode())
    return hidden(page.content.decode(), "SAMLRequest")


def answered(request: str, *, citizen: str = "lena", level: str = "3") -> str:
    """Sign in at the simulator, in a browser that knows nothing of the portal, and return its answer."""
    elsewhere = Client()
    page = elsewhere.post("/demo/bundid/", {"SAMLRequest": request})
    assert page.status_code == 200
    assert "Alle Personen sind erfunden" in page.content.decode()
    form = {"SAMLRequest": hidden(page.content.decode(), "SAMLRequest"), "citizen": citizen, "level": level}
    page = elsewhere.post("/demo/bundid/antwort/", {**form, "do": "sign-in"})
    return hidden(page.content.decode(), "SAMLResponse")


def carried(answer: str) -> str:
    """Bring an answer to the portal as another site's form does, without the session, and return where it leads."""
    response = Client().post(ANSWER, {"SAMLResponse": answer})
    assert response.status_code == 303, response.content.decode()
    assert "sitzung" not in response.cookies
    return str(response["Location"])


def through_bundid(browser: Client, *, citizen: str = "lena", level: str = "3", next_: str = NEXT) -> str:
    """Go the whole way and return the address at which the browser comes back."""
    return carried(answered(asked(browser, next_=next_), citizen=citizen, level=level))


def confirm_access(browser: Client) -> None:
    browser.post("/konto/bestaetigen/", {"password": PASSWORD})


def connect(browser: Client, *, citizen: str = "lena", level: str = "3") -> None:
    """Connect a BundID with the account the browser is signed in to."""
    confirm_access(browser)
    page = browser.get(through_bundid(browser, citizen=citizen, level=level))
    assert "Möchten Sie BundID mit diesem Konto verbinden?" in page.content.decode()
    response = browser.post("/konto/bundid/verbinden/", {"schluessel": hidden(page.content.decode(), "schluessel")})
    assert (response.status_code, response["Location"]) == (302, NEXT)


def attributes_of(person: Person) -> dict[str, tuple[str, int, str]]:
    with trust.system("Test"):
        rows = ConfirmedAttribute.objects.filter(person=person)
        return {row.name: (row.value, row.level, row.source) for row in rows}


def level_in(browser: Client) -> AssuranceLevel:
    return AssuranceLevel(browser.get("/konto/nachweis/").wsgi_request.actor.level)  # type: ignore[attr-defined]  # set by our middleware.


def test_the_way_there_says_what_is_asked_for_and_only_its_form_may_leave(client: Client) -> None:
    sign_in = client.get("/konto/anmelden/", {"next": NEXT}).content.decode()
    assert "Mit BundID anmelden" in sign_in
    page = client.post(SET_OUT, {"next": NEXT, "level": "3"})
    policy = dict(part.split(" ", 1) for part in page["Content-Security-Policy"].split("; "))
    assert policy["form-action"] == f"'self' {settings.PUBLIC_URL}"
    assert policy["script-src"] == "'self'"
    assert settings.PUBLIC_URL not in client.get("/konto/anmelden/")["Content-Security-Policy"]
    sent = base64.b64decode(hidden(page.content.decode(), "SAMLRequest")).decode()
    assert "STORK-QAA-Level-4" in sent
    assert 'Comparison="minimum"' in sent
    assert "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" in sent
    assert 'Name="urn:oid:1.3.6.1.4.1.25484.494450.3" RequiredAttribute="true"' in sent
    assert 'Name="urn:oid:2.5.4.16" RequiredAttribute="false"' in sent
    check_policy(SET_OUT, page.content.decode().replace(CONNECTION["destination"], "/"))


def test_without_a_connection_bundid_is_shown_nowhere(as_lena: Client) -> None:
    with override_settings(BUNDID=None):
        assert "BundID" not in Client().get("/konto/anmelden/").content.decode()
        assert "BundID" not in as_lena.get("/konto/nachweis/").content.decode().replace("Ihre BundID", "")
        for path in ("metadata.xml",):
            assert as_lena.get(f"/konto/bundid/{path}").status_code == 404
        assert as_lena.post(SET_OUT).status_code == 404
        assert Client().post(ANSWER, {"SAMLResponse": "PGEvPg=="}).status_code == 404


def test_half_a_configuration_names_what_is_missing(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert bundid({}, public_url="https://x") is None
    with pytest.raises(SystemExit, match="BUNDID_IDP_ENTITY_ID, BUNDID_IDP_URL, BUNDID_SERVICE_ID, BUNDID_CERTIFICATE"):
        bundid({"BUNDID_KEY": "/schluessel.pem"}, public_url="https://x")
    absent = str(tmp_path_factory.mktemp("keys") / "fehlt.pem")
    names = ("KEY", "CERTIFICATE", "IDP_CERTIFICATE", "IDP_ENTITY_ID", "IDP_URL", "SERVICE_ID")
    with pytest.raises(SystemExit, match=r"BUNDID_KEY nennt eine Datei, die sich nicht lesen lässt: .*fehlt\.pem"):
        bundid({f"BUNDID_{name}": absent for name in names}, public_url="https://x")


def test_the_metadata_introduces_the_portal(client: Client) -> None:
    answer = client.get("/konto/bundid/metadata.xml")
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    text = answer.content.decode()
    assert f'Location="{settings.PUBLIC_URL}{ANSWER}"' in text
    assert text.count("<ds:X509Certificate>") == 2
    assert "aes256-gcm" in text
    assert "cbc" not in text


def test_who_has_an_account_connects_it_and_then_signs_in_with_bundid(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    assert level_in(as_lena) is AssuranceLevel.SUBSTANTIAL
    assert attributes_of(lena) == {
        "given_name": ("Lena", 2, "bundid"),
        "family_name": ("Beispiel", 2, "bundid"),
        "birth_name": ("Muster", 2, "bundid"),
        "birth_date": ("1992-05-14", 2, "bundid"),
        "place_of_birth": ("Esslingen am Neckar", 2, "bundid"),
        "street": ("Beispielweg 7", 2, "bundid"),
        "postal_code": ("70178", 2, "bundid"),
        "locality": ("Stuttgart", 2, "bundid"),
    }
    with trust.system("Test"):
        assert "Ihre BundID ist verbunden" in [message.subject for message in Message.objects.filter(person=lena)]

    other = Client()
    back = other.get(through_bundid(other, level="4"))
    assert (back.status_code, back["Location"]) == (302, NEXT)
    assert signed_in_as(other) == lena.email
    assert level_in(other) is AssuranceLevel.HIGH
    # A weaker sign-in is worth less, and takes nothing back that was confirmed more surely.
    weak = Client()
    weak.get(through_bundid(weak, level="1"))
    assert level_in(weak) is AssuranceLevel.BASIC
    assert attributes_of(lena)["birth_date"] == ("1992-05-14", 3, "bundid")


def test_of_the_identifier_only_a_keyed_hash_is_kept(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    with trust.system("Test"):
        [link] = BundIdLink.objects.filter(person=lena)
    import hashlib

    pairwise = hashlib.sha256(f"lena {CONNECTION['entity_id']}".encode()).hexdigest()
    assert link.fingerprint == keyed(pairwise, purpose="bundid")
    assert link.fingerprint != hashlib.sha256(pairwise.encode()).hexdigest()
    with override_settings(SECRET_KEY="ein anderer Schlüssel"):  # noqa: S106 -- shows that the hash hangs on it.
        assert keyed(pairwise, purpose="bundid") != link.fingerprint


def test_who_is_new_signs_up_and_connects_in_one_go(client: Client) -> None:
    where = through_bundid(client, citizen="emre")
    page = client.get(where).content.decode()
    assert "Guten Tag Emre Erfunden" in page
    sign_up = unescape(re.search(r'href="(/konto/anlegen/[^"]+)"', page)[1])  # type: ignore[index]  # it is there.
    form = {"email": "emre@example.org", "given_name": "Emre", "family_name": "Erfunden"}
    next_ = hidden(client.get(sign_up).content.decode(), "next")
    client.post(sign_up, {**form, "next": next_})
    answer = client.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    assert answer["Location"] == where
    page = client.get(where).content.decode()
    client.post("/konto/bundid/verbinden/", {"schluessel": hidden(page, "schluessel")})
    assert level_in(client) is AssuranceLevel.SUBSTANTIAL
    assert mail.outbox


def test_connecting_asks_again_who_somebody_is(as_lena: Client, lena: Person) -> None:
    where = through_bundid(as_lena)
    answer = as_lena.get(where)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/bestaetigen/?next=")
    handle = where.partition("schluessel=")[2]
    assert as_lena.post("/konto/bundid/verbinden/", {"schluessel": handle})["Location"] == where
    assert attributes_of(lena) == {}
    confirm_access(as_lena)
    assert "Möchten Sie BundID mit diesem Konto verbinden?" in as_lena.get(where).content.decode()


def test_bundid_does_not_go_past_the_second_step(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lena, secret)
    other = Client()
    assert other.get(through_bundid(other))["Location"] == "/konto/anmelden/zweiter-schritt/"
    assert signed_in_as(other) == ""
    answer = other.post("/konto/anmelden/zweiter-schritt/", {"code": app_code(secret)})
    assert (answer["Location"], signed_in_as(other)) == (NEXT, lena.email)
    assert level_in(other) is AssuranceLevel.SUBSTANTIAL


def test_a_closed_account_stays_closed(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    Person.objects.filter(pk=lena.pk).update(is_active=False)
    other = Client()
    assert other.get(through_bundid(other))["Location"] == "/konto/gesperrt/"
    assert signed_in_as(other) == ""


def test_one_bundid_belongs_to_one_account(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    ben = Person.objects.create(email="ben@example.org", given_name="Ben", family_name="Bei")
    as_ben = Client()
    as_ben.force_login(ben)
    answer = as_ben.get(through_bundid(as_ben))
    assert answer.status_code == 409
    assert "gehört zu einem anderen Konto" in answer.content.decode()
    # And one account to one BundID.
    confirm_access(as_lena)
    page = as_lena.get(through_bundid(as_lena, citizen="emre", level="1")).content.decode()
    answer = as_lena.post("/konto/bundid/verbinden/", {"schluessel": hidden(page, "schluessel")})
    assert answer.status_code == 409
    assert "schon anders verbunden" in answer.content.decode()
    assert attributes_of(lena)["given_name"][0] == "Lena"


def test_parting_forgets_what_bundid_stated(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    assert as_lena.post("/konto/bundid/trennen/").status_code == 302
    assert attributes_of(lena) == {}
    other = Client()
    assert "noch mit keinem Konto verbunden" in other.get(through_bundid(other)).content.decode()
    assert as_lena.post("/konto/bundid/trennen/").status_code == 302


# --- attacks on the way, rather than on the document ---


def test_the_same_answer_counts_once(client: Client) -> None:
    answer = answered(asked(client))
    carried(answer)
    again = Client().post(ANSWER, {"SAMLResponse": answer})
    assert again.status_code == 400
    assert "schon einmal verwendet" in again.content.decode()


def test_the_same_assertion_counts_once_even_in_another_answer(client: Client) -> None:
    """As if BundID had issued one id twice: what was believed once is remembered by that id."""
    for place, request in enumerate((asked(client), asked(client))):
        read = provider.read_request(
            request, certificate=CONNECTION["certificate"], destination=CONNECTION["destination"]
        )
        claims = provider.Claims(
            request_id=read.request_id,
            issuer=CONNECTION["issuer"],
            audience=CONNECTION["entity_id"],
            answer_url=read.answer_url,
            class_ref="STORK-QAA-Level-3",
            attributes=[
                provider.Attribute(oid, value)
                for oid, value in (
                    ("urn:oid:1.3.6.1.4.1.25484.494450.3", "jemand"),
                    ("urn:oid:1.2.40.0.10.2.1.1.261.94", "STORK-QAA-Level-3"),
                    ("urn:oid:2.5.4.42", "Lena"),
                    ("urn:oid:2.5.4.4", "Beispiel"),
                )
            ],
            now=timezone.now(),
            assertion_id="_the-same-twice",
        )
        answer = provider.answer(claims, key=CONNECTION["simulator_key"], certificate=CONNECTION["certificate"])
        response = Client().post(ANSWER, {"SAMLResponse": answer})
        assert response.status_code == (303, 400)[place]
    assert UsedAssertion.objects.count() == 1
    assert BundIdRequest.objects.exclude(answered_at=None).count() == 1


def test_an_answer_signs_in_only_the_browser_that_set_out(as_lena: Client, lena: Person) -> None:
    connect(as_lena)
    mallory = Client()
    where = through_bundid(mallory)
    victim = Client()
    answer = victim.get(where)
    assert answer.status_code == 403
    assert "nicht in diesem Browser begonnen" in answer.content.decode()
    assert signed_in_as(victim) == ""
    assert victim.post("/konto/bundid/verbinden/", {"schluessel": where.partition("=")[2]}).status_code == 302
    mallory.get(where)
    assert signed_in_as(mallory) == lena.email


def test_the_handle_counts_once_and_not_for_long(as_lena: Client) -> None:
    connect(as_lena)
    other = Client()
    where = through_bundid(other)
    assert other.get(where).status_code == 302
    assert other.get(where).status_code == 404
    late = Client()
    where = through_bundid(late)
    BundIdRequest.objects.update(answered_at=timezone.now() - timedelta(minutes=16))
    assert late.get(where).status_code == 404
    assert late.get(f"{BACK}?schluessel=").status_code == 404


def test_a_way_begun_too_long_ago_is_refused(client: Client) -> None:
    request = asked(client)
    BundIdRequest.objects.update(asked_at=timezone.now() - timedelta(minutes=31))
    assert Client().post(ANSWER, {"SAMLResponse": answered(request)}).status_code == 400


def test_breaking_off_and_too_weak_a_sign_in_are_said_plainly(client: Client) -> None:
    request = asked(client, level="3")
    weak = Client().post(ANSWER, {"SAMLResponse": answered(request, level="3")})
    assert weak.status_code == 403
    assert "reicht für diesen Zweck nicht aus" in weak.content.decode()
    page = Client().post("/demo/bundid/antwort/", {"SAMLRequest": request, "do": "cancel"}).content.decode()
    broken_off = Client().post(ANSWER, {"SAMLResponse": hidden(page, "SAMLResponse")})
    assert broken_off.status_code == 400
    assert "abgebrochen" in broken_off.content.decode()
    assert "Es wurde nichts geändert" in broken_off.content.decode()


@pytest.mark.parametrize("answer", ["", "PGEvPg==", "kein Base64!", "A" * 400_000])
def test_what_is_no_answer_gets_a_page_and_changes_nothing(answer: str) -> None:
    response = Client().post(ANSWER, {"SAMLResponse": answer})
    assert response.status_code == 400
    assert "verworfen" in response.content.decode() or "abgelaufen" in response.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://boese.example/", "//boese.example", "javascript:alert(1)"])
def test_bundid_leads_nobody_to_another_host(as_lena: Client, elsewhere: str) -> None:
    connect(as_lena)
    answer = as_lena.get(through_bundid(as_lena, next_=elsewhere))
    assert answer["Location"] == "/konto/nachweis/"
    other = Client()
    assert other.get(through_bundid(other, next_=elsewhere))["Location"] == "/mein/"


def test_the_simulator_takes_no_request_that_the_portal_did_not_sign(client: Client) -> None:
    sent = base64.b64decode(asked(client)).decode()
    for forged in (sent.replace("STORK-QAA-Level-1", "STORK-QAA-Level-4"), "<a/>", ""):
        answer = client.post("/demo/bundid/", {"SAMLRequest": base64.b64encode(forged.encode()).decode()})
        assert answer.status_code == 403
        assert "Der Simulator nimmt diese Anfrage nicht an" in answer.content.decode()


def test_what_has_served_is_forgotten(as_lena: Client) -> None:
    through_bundid(as_lena)
    forget_past(now=timezone.now())
    assert (BundIdRequest.objects.count(), UsedAssertion.objects.count()) == (1, 1)
    asked(as_lena)
    forget_past(now=timezone.now() + timedelta(minutes=16))
    assert [row.outcome for row in BundIdRequest.objects.all()] == [{}]
    assert UsedAssertion.objects.count() == 0
    forget_past(now=timezone.now() + timedelta(hours=2))
    assert (BundIdRequest.objects.count(), UsedAssertion.objects.count()) == (0, 0)
