"""At the counter: a clerk checks an identity card, a letter is printed, and its code raises the account."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from stadtportal.kernel.contracts import AssuranceLevel, Role
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.actions import counter
from stadtportal.kernel.people.actions.confirming import confirm_attributes
from stadtportal.kernel.people.actions.forgetting import forget_past
from stadtportal.kernel.people.models import ConfirmedAttribute, CounterCheck, Person
from stadtportal.kernel.people.rules.assurance import IdentitiesDiffer
from stadtportal.kernel.people.rules.counter import Checked, CodeRefused, clean_code, document_end
from stadtportal.kernel.trust import api as trust
from tests.staff import give_second_step

from .conftest import mailed_code, signed_in_as
from .test_bundid import attributes_of, level_in
from .test_pages import check_policy, check_words

pytestmark = pytest.mark.django_db
DESK = "/arbeitsplatz/identitaet/"
BORN = date(1992, 5, 14)
CARD = {
    "given_name": "Lena",
    "family_name": "Muster",
    "birth_name": "",
    "birth_date": "14.05.1992",
    "place_of_birth": "Esslingen",
    "street": "Beispielweg 7",
    "postal_code": "70178",
    "locality": "Stuttgart",
    "document_kind": "id_card",
    "document_end": "7x4k",
    "email": "",
}
CHECKED = Checked(
    {
        "given_name": "Lena",
        "family_name": "Muster",
        "birth_date": "1992-05-14",
        "street": "Beispielweg 7",
        "postal_code": "70178",
        "locality": "Stuttgart",
    },
    "id_card",
    "7X4K",
)


@pytest.fixture
def alex() -> Person:
    """A clerk."""
    made = people.create_person(email="amt@example.org", given_name="Alex", family_name="Amt", email_verified=True)
    people.grant_role(person_id=made.id, role=Role.CASE_WORKER)
    give_second_step(made.id)
    return Person.objects.get(pk=made.id)


@pytest.fixture
def at_desk(alex: Person) -> Client:
    browser = Client()
    browser.force_login(alex)
    return browser


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the letters printed in this test; outside of tests they are on paper only."""
    printed: list[str] = []
    letter = counter._letter

    def noting(checked: Checked, code: str, *, with_account: bool, now: object) -> bytes:
        printed.append(code)
        return letter(checked, code, with_account=with_account, now=now)  # type: ignore[arg-type]  # handed on as it came.

    monkeypatch.setattr(counter, "_letter", noting)
    return printed


def printed_letter(alex: Person, codes: list[str], *, email: str = "", key: str = "k" * 20) -> str:
    """Print a letter and return its code."""
    actor = people.actor_for(alex.pk)
    counter.print_letter(actor=actor, checked=CHECKED, email=email, key=key, now=timezone.now())
    return codes[-1]


def try_code(person: Person, code: str, born: date = BORN, *, after: timedelta = timedelta()) -> str:
    """Return the refusal, or nothing."""
    actor = people.actor_for(person.pk)
    try:
        counter.redeem(actor=actor, code=code, birth_date=born, now=timezone.now() + after)
    except (CodeRefused, IdentitiesDiffer) as refused:
        return refused.sentence
    return ""


def another(code: str) -> str:
    """Return a code of the same letter with another secret."""
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def test_from_the_counter_to_a_confirmed_account(
    at_desk: Client, as_lena: Client, lena: Person, codes: list[str]
) -> None:
    page = at_desk.get(DESK).content.decode()
    check_words(DESK, page)
    check_policy(DESK, page)
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]  # it is there.
    review = at_desk.post(f"{DESK}pruefen/", {**CARD, "key": key, "email": lena.email})
    text = review.content.decode()
    check_words("review", text)
    assert "Lena Muster" in text
    assert "endet auf 7X4K" in text
    assert "anderen Namen" not in text
    other = at_desk.post(f"{DESK}pruefen/", {**CARD, "key": key, "email": lena.email, "family_name": "Anders"})
    assert "Das Konto trägt einen anderen Namen als der Ausweis" in other.content.decode()
    letter = at_desk.post(f"{DESK}schreiben/", {**CARD, "key": key, "email": lena.email, "confirmed": "on"})
    assert letter["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF-")
    assert b"pdfuaid" in letter.content

    answer = as_lena.get("/konto/code/", {"code": codes[0]})
    assert f'value="{codes[0]}"' in answer.content.decode()
    # The address holds the code. Other hosts are not told it; without any referrer browsers would not send the form.
    assert answer["Referrer-Policy"] == "same-origin"
    answer = as_lena.post("/konto/code/", {"code": codes[0].lower(), "birth_date": "14.05.1992"})
    assert (answer.status_code, answer["Location"]) == (302, "/konto/nachweis/")
    assert attributes_of(lena) == {
        "given_name": ("Lena", 2, "counter"),
        "family_name": ("Muster", 2, "counter"),
        "birth_date": ("1992-05-14", 2, "counter"),
        "place_of_birth": ("Esslingen", 2, "counter"),
        "street": ("Beispielweg 7", 2, "counter"),
        "postal_code": ("70178", 2, "counter"),
        "locality": ("Stuttgart", 2, "counter"),
    }
    seen = trust.list_access(actor=people.actor_for(lena.pk))
    assert {look.actor_name.partition(" (")[0] for look in seen} == {"Alex Amt"}
    assert [look.purpose[:29] for look in seen] == [
        "Identität am Schalter geprüft",
        *["Identität am Schalter prüfen"] * 3,
    ]
    assert str(timezone.localdate().year) in seen[0].purpose
    assert "Geburtsdatum" in seen[0].fields


def test_a_letter_without_an_account_counts_for_whoever_redeems_it(
    alex: Person, lena: Person, codes: list[str]
) -> None:
    code = printed_letter(alex, codes)
    assert trust.count_access(lena.pk) == 0
    assert try_code(lena, code) == ""
    assert [look.purpose[:29] for look in trust.list_access(actor=people.actor_for(lena.pk))] == [
        "Identität am Schalter geprüft"
    ]


def test_who_has_no_account_gets_one_at_the_counter_and_signs_in_by_code(alex: Person, codes: list[str]) -> None:
    code = printed_letter(alex, codes, email="Neu@Example.org")
    browser = Client()
    browser.post("/konto/anmelden/code/", {"email": "neu@example.org", "next": "/konto/code/"})
    assert mail.outbox[-1].to == ["neu@example.org"]
    answer = browser.post("/konto/anmelden/code/eingeben/", {"code": mailed_code(), "next": "/konto/code/"})
    assert answer["Location"] == "/konto/code/"
    assert signed_in_as(browser) == "neu@example.org"
    assert browser.post("/konto/code/", {"code": code, "birth_date": "14.05.1992"}).status_code == 302
    assert Person.objects.get(email="neu@example.org").get_full_name() == "Lena Muster"


def test_neither_the_code_nor_the_whole_number_is_kept(alex: Person, codes: list[str]) -> None:
    code = printed_letter(alex, codes)
    with trust.system("Test"):
        row = CounterCheck.objects.get()
    kept = " ".join(str(value) for name, value in vars(row).items() if not name.startswith("_"))
    assert code[6:] not in kept
    assert code not in kept
    assert row.document_end == "7X4K"
    assert document_end("L01X00T47-7x4k") == "7X4K"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"document_end": "L01X00T47X4K"}, "Geben Sie genau die letzten vier Zeichen ein."),
        ({"birth_date": "31.02.1992"}, "Geben Sie das Datum mit Tag, Monat und Jahr ein"),
        ({"birth_date": "14.05.2199"}, "Dieses Geburtsdatum liegt in der Zukunft."),
        ({"birth_date": "14.05.1792"}, "Bitte prüfen Sie das Jahr der Geburt."),
        ({"postal_code": "7017"}, "Eine Postleitzahl hat fünf Ziffern."),
        ({"email": "keine Adresse"}, "E-Mail"),
    ],
)
def test_a_slip_of_the_clerk_is_named(at_desk: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = at_desk.post(f"{DESK}pruefen/", {**CARD, "key": "k" * 20, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_nothing_is_printed_before_the_clerk_says_that_card_and_person_belong_together(at_desk: Client) -> None:
    answer = at_desk.post(f"{DESK}schreiben/", {**CARD, "key": "k" * 20})
    assert answer.status_code == 422
    assert CounterCheck.objects.count() == 0


def test_a_form_sent_twice_prints_once(at_desk: Client) -> None:
    form = {**CARD, "key": "k" * 20, "confirmed": "on"}
    assert at_desk.post(f"{DESK}schreiben/", form).status_code == 200
    again = at_desk.post(f"{DESK}schreiben/", form)
    assert again.status_code == 409
    assert "schon gedruckt" in again.content.decode()
    assert CounterCheck.objects.count() == 1


def test_nobody_but_clerks_comes_to_the_desk(as_lena: Client) -> None:
    for path in (DESK, f"{DESK}pruefen/", f"{DESK}schreiben/"):
        assert as_lena.post(path, CARD).status_code in {403, 405}
    assert as_lena.get(DESK).status_code == 403


# --- codes that do not count ---


def test_a_used_code_does_not_count_again(alex: Person, lena: Person, codes: list[str]) -> None:
    code = printed_letter(alex, codes)
    assert try_code(lena, code) == ""
    assert try_code(lena, code) == "Dieser Code wurde schon verwendet. Jeder Code gilt einmal."


def test_an_expired_code_does_not_count(alex: Person, lena: Person, codes: list[str]) -> None:
    code = printed_letter(alex, codes)
    assert "Dieser Code ist abgelaufen" in try_code(lena, code, after=timedelta(days=14))
    assert try_code(lena, code, after=timedelta(days=13, hours=23)) == ""


def test_after_five_wrong_tries_the_code_is_void(alex: Person, lena: Person, codes: list[str]) -> None:
    code = printed_letter(alex, codes)
    for _attempt in range(2):
        assert "passen nicht zusammen" in try_code(lena, another(code))
        assert "passen nicht zusammen" in try_code(lena, code, date(1992, 5, 15))
    assert "zu oft falsch" in try_code(lena, another(code))
    assert "zu oft falsch" in try_code(lena, code)
    assert attributes_of(lena) == {}


def test_somebody_elses_code_does_not_count(alex: Person, lena: Person, codes: list[str]) -> None:
    made = people.create_person(email="ben@example.org", given_name="Ben", family_name="Bei", email_verified=True)
    ben = Person.objects.get(pk=made.id)
    code = printed_letter(alex, codes, email=lena.email)
    assert "gehört zu einem anderen Konto" in try_code(ben, code)
    assert attributes_of(ben) == {}
    assert try_code(lena, code) == ""


def test_a_newer_letter_replaces_the_older(alex: Person, lena: Person, codes: list[str]) -> None:
    old = printed_letter(alex, codes, email=lena.email)
    new = printed_letter(alex, codes, email=lena.email, key="n" * 20)
    assert "ein neueres Schreiben gedruckt" in try_code(lena, old)
    assert try_code(lena, new) == ""


def test_a_clerk_confirms_nobody_of_their_own(alex: Person, at_desk: Client, codes: list[str]) -> None:
    code = printed_letter(alex, codes)
    assert "muss die Person einlösen" in try_code(alex, code)
    own = {**CARD, "key": "o" * 20, "confirmed": "on", "email": alex.email}
    assert at_desk.post(f"{DESK}schreiben/", own).status_code == 403


@pytest.mark.parametrize("code", ["", "KURZ", "0" * 16, "K7M4-2QXP-9T3H-5WZU", "K7M4 2QXP 9T3H 5WZ8 9", "<script>"])
def test_what_is_no_code_is_answered_beside_the_field(as_lena: Client, code: str) -> None:
    answer = as_lena.post("/konto/code/", {"code": code, "birth_date": "14.05.1992"})
    assert answer.status_code == 422
    assert 'id="id_code-error"' in answer.content.decode() or "Code" in answer.content.decode()


def test_guessing_codes_is_slowed_down(as_lena: Client) -> None:
    cache.clear()
    form = {"code": "0" * 16, "birth_date": "14.05.1992"}
    assert {as_lena.post("/konto/code/", form).status_code for _guess in range(20)} == {422}
    assert as_lena.post("/konto/code/", form).status_code == 429


def test_letters_are_typed_as_they_are_read() -> None:
    assert clean_code(" k7m4-2qxp 9t3h–5wzo ") == "K7M42QXP9T3H5WZ0"
    assert clean_code("IL0O") == "1100"


def test_a_letter_about_somebody_born_on_another_day_is_refused(alex: Person, lena: Person, codes: list[str]) -> None:
    confirm_attributes(
        person_id=lena.pk,
        stated={"birth_date": ("1991-01-01", AssuranceLevel.SUBSTANTIAL)},
        source=ConfirmedAttribute.Source.BUNDID,
        now=timezone.now(),
    )
    code = printed_letter(alex, codes)
    assert "schon ein anderes Geburtsdatum bestätigt" in try_code(lena, code)
    with trust.system("Test"):
        assert CounterCheck.objects.get().used_at is None


def test_a_letter_nobody_used_is_forgotten_in_two_steps(alex: Person, lena: Person, codes: list[str]) -> None:
    code = printed_letter(alex, codes)
    forget_past(now=timezone.now() + timedelta(days=15))
    with trust.system("Test"):
        assert CounterCheck.objects.get().details == {}
    assert "Dieser Code ist abgelaufen" in try_code(lena, code, after=timedelta(days=15))
    forget_past(now=timezone.now() + timedelta(days=45))
    assert CounterCheck.objects.count() == 0


# --- what it is worth ---


def signed_in(person: Person, *proofs: dict[str, object]) -> Client:
    """Return a browser whose session notes these proofs, as the account engine writes them."""
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session["account_authentication_methods"] = [{"at": time.time(), **proof} for proof in proofs]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return browser


@pytest.mark.parametrize(
    ("proofs", "level"),
    [
        ([], AssuranceLevel.BASIC),
        ([{"method": "password"}], AssuranceLevel.BASIC),
        ([{"method": "code"}], AssuranceLevel.BASIC),
        ([{"method": "mfa", "type": "webauthn", "passwordless": True}], AssuranceLevel.SUBSTANTIAL),
        ([{"method": "password"}, {"method": "mfa", "type": "totp"}], AssuranceLevel.SUBSTANTIAL),
        ([{"method": "code"}, {"method": "mfa", "type": "totp"}], AssuranceLevel.BASIC),
        ([{"method": "password"}, {"method": "mfa", "type": "recovery_codes"}], AssuranceLevel.BASIC),
        ([{"method": "mfa", "type": "webauthn", "at": time.time() - 7300}], AssuranceLevel.BASIC),
        ([{"method": "mfa", "type": "webauthn", "at": time.time() + 7300}], AssuranceLevel.BASIC),
    ],
)
def test_a_checked_card_counts_with_two_factors_of_different_kinds(
    alex: Person, lena: Person, codes: list[str], proofs: list[dict[str, object]], level: AssuranceLevel
) -> None:
    assert try_code(lena, printed_letter(alex, codes)) == ""
    assert level_in(signed_in(lena, *proofs)) is level


def test_a_strong_sign_in_alone_is_basic(lena: Person) -> None:
    assert level_in(signed_in(lena, {"method": "mfa", "type": "webauthn"})) is AssuranceLevel.BASIC


def test_the_level_page_says_what_is_missing(alex: Person, lena: Person, as_lena: Client, codes: list[str]) -> None:
    page = as_lena.get("/konto/nachweis/").content.decode()
    check_words("/konto/nachweis/", page)
    check_policy("/konto/nachweis/", page)
    assert "<strong>Basis</strong>" in page
    assert "Ohne Online-Ausweis: im Bürgerbüro" in page
    try_code(lena, printed_letter(alex, codes))
    page = as_lena.get("/konto/nachweis/").content.decode()
    assert "Ihr Ausweis ist schon geprüft" in page
    assert "Passkey anlegen" in page
    assert "1992" not in page
    Authenticator.objects.create(user=lena, type=Authenticator.Type.TOTP, data={})
    assert "Mit der App bestätigen" in as_lena.get("/konto/nachweis/").content.decode()
