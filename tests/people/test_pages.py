"""Every account page is ours, in formal German, and keeps to the portal's security policy."""

import html
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.template.base import Template
from django.test import Client
from django.test.signals import template_rendered
from django.utils import timezone

from stadtportal.kernel.contracts import Role
from stadtportal.kernel.people import actions, urls
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.adapters import link_to
from stadtportal.kernel.people.models import Person

from .conftest import PASSWORD, mailed_code

PASSKEY = {"type": "webauthn", "data": {"name": "Telefon", "credential": {"clientExtensionResults": {}}}}
INFORMAL = re.compile(r"\b(Du|du|Dein\w*|dein\w*|Dir|dir|Dich|dich|Euch|euch|Euer\w*|euer\w*)\b")
# Words that no German sentence of ours holds, so that a text nobody translated is found.
ENGLISH = re.compile(
    r"\b(the|your|you|please|password|email|account|sign(?:ed)? (?:in|up|out)|login|logout|security key|key|code has|"
    r"this|field|required|invalid|must|enter|confirm|cancel|with|and|or|not|again|current|new|name of|remember|"
    r"session|sessions|recovery|authenticator|verification|successfully|changed)\b",
    re.IGNORECASE,
)
# The same letters, but German.
GERMAN_TOO = re.compile(r"\b(Code|Name|Passkey|Demo)\b")


def words_of(page: str) -> str:
    """Return what people read: text and the attributes that are shown or spoken."""
    page = re.sub(r"<(script|style|svg|noscript)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|title|placeholder|aria-label|data-cancelled|data-known|data-unknown)="([^"]*)"', page)
    text = html.unescape(" ".join([re.sub(r"<[^>]+>", " ", page), *spoken]))
    return re.sub(r"[\w.+-]+@[\w.-]+", " ", text)


def check_words(where: str, page: str) -> None:
    words = words_of(page)
    assert not (found := INFORMAL.findall(words)), f"{where}: {found}"
    left = GERMAN_TOO.sub(" ", words)
    assert not (found := ENGLISH.findall(left)), f"{where}: {found}"


def check_policy(where: str, page: str) -> None:
    """No script in the page but data, no style in an attribute, no handler in an attribute, one heading."""
    for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", page, flags=re.DOTALL):
        assert "src=" in attributes or 'type="application/json"' in attributes, f"{where}: {body[:80]}"
    assert not re.search(r"<[^>]+\sstyle=", page), where
    assert not re.search(r"<[^>]+\son[a-z]+=", page), where
    assert len(re.findall(r"<h1\b", page)) == 1, where
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), f"{where}: {[one for one in ids if ids.count(one) > 1]}"


@pytest.fixture
def origins() -> Iterator[set[str]]:
    """The files of all templates rendered meanwhile."""
    seen: set[str] = set()

    def note(template: Template, **_signal: object) -> None:
        seen.add(str(template.origin.name))

    template_rendered.connect(note)
    yield seen
    template_rendered.disconnect(note)


def app_code(secret: str) -> str:
    """Return what an authenticator app with this secret shows now."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


class Walk:
    """Opens pages, sends what cannot be right, and checks what comes back."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def look(self, browser: Client, path: str, post: dict[str, str] | None = None, *, status: int = 200) -> str:
        answer = browser.get(path) if post is None else browser.post(path, post)
        where = f"{'GET' if post is None else 'POST'} {path}"
        assert answer.status_code == status, f"{where}: {answer.status_code} {answer.get('Location', '')}"
        self.seen.add(str(answer.resolver_match.url_name))
        page = answer.content.decode()
        check_words(where, page)
        if "<html" in page:
            check_policy(where, page)
        return page


def as_visitor(walk: Walk, browser: Client) -> None:
    for path in ("anmelden/", "anmelden/code/", "anlegen/", "anlegen/passkey/", "passwort/vergessen/"):
        walk.look(browser, f"/konto/{path}")
        walk.look(browser, f"/konto/{path}", {})
        walk.look(browser, f"/konto/{path}", {"email": "keine Adresse", "login": "keine Adresse", "password": "x"})
    walk.look(browser, "/konto/gesperrt/")
    walk.look(browser, "/konto/passwort/vergessen/fertig/")


def with_codes(walk: Walk, lena: Person) -> None:
    browser = Client()
    browser.post("/konto/anmelden/code/", {"email": lena.email})
    for code in (None, "", "falsch"):
        walk.look(browser, "/konto/anmelden/code/eingeben/", None if code is None else {"code": code})

    forgetful = Client()
    forgetful.post("/konto/passwort/vergessen/", {"email": lena.email})
    walk.look(forgetful, "/konto/passwort/vergessen/code/")
    walk.look(forgetful, "/konto/passwort/vergessen/code/", {"code": "falsch"})
    forgetful.post("/konto/passwort/vergessen/code/", {"code": mailed_code()})
    walk.look(forgetful, "/konto/passwort/vergessen/neu/")
    for first, second in (("kurz", "anders"), ("1234567890", "1234567890"), ("lena.muster", "lena.muster"), ("", "")):
        walk.look(forgetful, "/konto/passwort/vergessen/neu/", {"password1": first, "password2": second})


def as_newcomer(walk: Walk) -> None:
    browser = Client()
    browser.post("/konto/anlegen/passkey/", {"email": "neu@example.org", "given_name": "N", "family_name": "N"})
    walk.look(browser, "/konto/e-mail/bestaetigen/")
    walk.look(browser, "/konto/e-mail/bestaetigen/", {"code": "falsch"})
    browser.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    walk.look(browser, "/konto/anlegen/passkey/speichern/")
    walk.look(browser, "/konto/anlegen/passkey/speichern/", {"credential": "{}"})
    walk.look(browser, "/konto/anlegen/passkey/speichern/", {})


def signed_in(walk: Walk, browser: Client, lena: Person) -> None:
    for path in ("e-mail/", "name/", "passwort/", "sicherheit/", "sicherheit/passkeys/", "sitzungen/", "abmelden/"):
        walk.look(browser, f"/konto/{path}")
    walk.look(browser, "/konto/e-mail/", {"email": lena.email, "action_add": "1"})
    walk.look(browser, "/konto/e-mail/", {"email": "", "action_add": "1"})
    walk.look(browser, "/konto/name/", {}, status=422)
    walk.look(browser, "/konto/passwort/", {"oldpassword": "x", "password1": "kurz", "password2": "y"})
    walk.look(browser, "/konto/bestaetigen/?next=/konto/sicherheit/passkeys/neu/")
    walk.look(browser, "/konto/bestaetigen/", {"password": "falsch"})
    browser.post("/konto/bestaetigen/", {"password": PASSWORD})
    walk.look(browser, "/konto/sicherheit/passkeys/neu/")
    walk.look(browser, "/konto/sicherheit/passkeys/neu/", {"credential": "{}"})
    walk.look(browser, "/konto/sicherheit/app/einrichten/")
    walk.look(browser, "/konto/sicherheit/app/einrichten/", {"code": "000000"})
    walk.look(browser, "/konto/sicherheit/codes/neu/", {})


def with_a_passkey(walk: Walk, browser: Client, lena: Person) -> None:
    passkey = Authenticator.objects.create(user=lena, **PASSKEY)
    walk.look(browser, "/konto/sicherheit/passkeys/")
    walk.look(browser, f"/konto/sicherheit/passkeys/{passkey.pk}/name/")
    walk.look(browser, f"/konto/sicherheit/passkeys/{passkey.pk}/name/", {"name": ""})
    walk.look(browser, f"/konto/sicherheit/passkeys/{passkey.pk}/entfernen/")
    passkey.delete()


def with_a_second_step(walk: Walk, browser: Client, lena: Person) -> None:
    totp.TOTP.activate(lena, totp.generate_totp_secret())
    RecoveryCodes.activate(lena)
    for path in ("", "app/abschalten/", "codes/", "codes/neu/", "codes/herunterladen/"):
        walk.look(browser, f"/konto/sicherheit/{path}")
    walk.look(browser, "/konto/bestaetigen/code/")
    walk.look(browser, "/konto/bestaetigen/code/", {"code": "falsch"})

    guarded = Client()
    guarded.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD})
    walk.look(guarded, "/konto/anmelden/zweiter-schritt/")
    walk.look(guarded, "/konto/anmelden/zweiter-schritt/", {"code": "falsch"})
    walk.look(guarded, "/konto/anmelden/zweiter-schritt/", {"credential": "{}"})


def without_a_password(walk: Walk, lena: Person) -> None:
    lena.set_unusable_password()
    lena.save()
    browser = Client()
    browser.force_login(lena)
    walk.look(browser, "/konto/passwort/festlegen/")
    walk.look(browser, "/konto/passwort/festlegen/", {"password1": "kurz", "password2": "x"})


def with_links_from_mails(walk: Walk, lena: Person) -> None:
    now = timezone.now()
    device, _new = actions.remember_device(person_id=lena.pk, mark="0" * 64, browser="Firefox auf Windows", now=now)
    report = urlsplit(link_to("account_report_sign_in", device)).path
    walk.look(Client(), report)
    walk.look(Client(), report, {})
    change = actions.note_address_change(person_id=lena.pk, old_email=lena.email, new_email="x@example.org", now=now)
    undo = urlsplit(link_to("account_undo_address", change)).path
    walk.look(Client(), undo)
    walk.look(Client(), undo, {})
    walk.look(Client(), undo, status=404)


def as_new_staff(walk: Walk) -> None:
    made = people.create_person(email="amt-neu@example.org", given_name="A", family_name="N", email_verified=True)
    people.grant_role(person_id=made.id, role=Role.CASE_WORKER)
    browser = Client()
    browser.force_login(Person.objects.get(pk=made.id))
    walk.look(browser, "/konto/sicherheit/arbeitsplatz/?next=/arbeitsplatz/")


def test_every_account_page_speaks_formal_german(
    client: Client, as_lena: Client, lena: Person, origins: set[str]
) -> None:
    walk = Walk()
    as_visitor(walk, client)
    with_codes(walk, lena)
    as_newcomer(walk)
    signed_in(walk, as_lena, lena)
    with_a_passkey(walk, as_lena, lena)
    with_a_second_step(walk, as_lena, lena)
    without_a_password(walk, lena)
    with_links_from_mails(walk, lena)
    as_new_staff(walk)
    for message in mail.outbox:
        check_words(str(message.subject), f"{message.subject} {message.body}")

    theirs = {name for name in origins if "/allauth/" in name}
    assert not theirs, f"pages of the engine that are not ours: {sorted(theirs)}"
    # Confirming with a passkey needs a real one: the browser's journey looks at that page.
    not_pages = {
        "",
        "account_home",
        "account_end_session",
        "account_stop_acting",
        "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn",
    }
    named = {pattern.name or "" for pattern in urls.urlpatterns}
    assert named - not_pages <= walk.seen, f"pages nobody looked at: {sorted(named - not_pages - walk.seen)}"


@pytest.mark.django_db(transaction=True)
def test_every_notice_about_the_account_speaks_formal_german(as_lena: Client) -> None:
    mail.outbox.clear()
    new = "Killesberg-im-Regen-9"
    as_lena.post("/konto/passwort/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    as_lena.post("/konto/bestaetigen/", {"password": new})
    as_lena.post("/konto/e-mail/", {"email": "lena.neu@example.org", "action_add": "1"})
    as_lena.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    as_lena.get("/konto/sicherheit/app/einrichten/")
    as_lena.post("/konto/sicherheit/app/einrichten/", {"code": app_code(as_lena.session["mfa.totp.secret"])})
    as_lena.post("/konto/sicherheit/codes/neu/", {})
    as_lena.post("/konto/sicherheit/app/abschalten/", {})
    assert {str(message.subject) for message in mail.outbox} == {
        "Ihr Passwort ist geändert",
        "Bitte bestätigen Sie Ihre E-Mail-Adresse",
        "Ihre E-Mail-Adresse ist geändert",
        "Zweiter Schritt eingeschaltet",
        "Neue Wiederherstellungscodes",
        "Zweiter Schritt abgeschaltet",
    }
    for message in mail.outbox:
        check_words(str(message.subject), f"{message.subject} {message.body}")
        assert str(message.body).startswith("Guten Tag,")
        assert str(message.body).rstrip().endswith("Stadtportal Stuttgart")


def test_the_second_step_is_asked_with_an_app_but_not_with_a_passkey_alone(lena: Person) -> None:
    passkey = Authenticator.objects.create(user=lena, **PASSKEY)
    browser = Client()
    answer = browser.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD})
    assert answer["Location"] == "/mein/"
    passkey.delete()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lena, secret)
    guarded = Client()
    answer = guarded.post("/konto/anmelden/", {"login": lena.email, "password": PASSWORD, "next": "/mein/postfach/"})
    assert answer["Location"] == "/konto/anmelden/zweiter-schritt/"
    assert "_auth_user_id" not in guarded.session
    answer = guarded.post("/konto/anmelden/zweiter-schritt/", {"code": app_code(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/mein/postfach/")
