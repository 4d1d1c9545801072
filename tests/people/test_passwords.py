"""Which passwords are taken, and that they are kept exactly as typed, though never readable."""

import pytest
from django.test import Client

from stadtportal.kernel.people.models import Person

from .conftest import PASSWORD


def change(browser: Client, new: str) -> None:
    browser.post("/konto/passwort/", {"oldpassword": PASSWORD, "password1": new, "password2": new})


@pytest.mark.parametrize("new", ["kurz", "neunlang9", "1234567890", "qwertyuiop", "lena.muster@example.org", "9" * 30])
def test_short_common_and_obvious_passwords_are_refused(as_lena: Client, lena: Person, new: str) -> None:
    change(as_lena, new)
    lena.refresh_from_db()
    assert lena.check_password(PASSWORD)


@pytest.mark.parametrize(
    "new", ["nur kleine buchstaben", "ÄÖÜ-ß-🙂-Neckar", "x" * 63 + "Y" + "z" * 64, "UND GROSSE GEHEN"]
)
def test_any_signs_and_at_least_64_of_them_are_taken(as_lena: Client, lena: Person, new: str) -> None:
    change(as_lena, new)
    lena.refresh_from_db()
    assert lena.check_password(new)
    assert not lena.check_password(new[:-1])
    assert not lena.check_password(new.swapcase())
    assert lena.password.startswith("scrypt$")


def test_the_old_password_is_asked_for(as_lena: Client, lena: Person) -> None:
    new = "Killesberg-im-Regen-9"
    as_lena.post("/konto/passwort/", {"oldpassword": "falsch", "password1": new, "password2": new})
    lena.refresh_from_db()
    assert lena.check_password(PASSWORD)
