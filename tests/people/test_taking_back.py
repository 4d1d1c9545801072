"""A stolen address is taken back from the old one."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.utils import timezone

from stadtportal.kernel.people import actions
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import AddressChange, KnownDevice, Person

from .conftest import FIREFOX, PASSWORD, link_in, mailed_code, notices, sign_in, signed_in_as
from .test_pages import PASSKEY


def steal_address(lena: Person) -> tuple[Client, str]:
    """Change Lena's address from a browser she left open, and add a passkey; return that browser and the undo link."""
    thief = Client(headers=FIREFOX)
    sign_in(thief, lena)
    thief.post("/konto/bestaetigen/", {"password": PASSWORD})
    thief.post("/konto/e-mail/", {"email": "dieb@example.org", "action_add": "1"})
    thief.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    told = mail.outbox[-1]
    assert (told.to, told.subject) == (["lena.muster@example.org"], "Ihre E-Mail-Adresse ist geändert")
    Authenticator.objects.create(user=lena, **PASSKEY)
    return thief, link_in(str(told.body))


def test_the_old_address_takes_a_stolen_account_back(lena: Person) -> None:
    thief, link = steal_address(lena)
    lena.refresh_from_db()
    assert lena.email == "dieb@example.org"
    anywhere = Client()
    assert anywhere.get(link).status_code == 200
    lena.refresh_from_db()
    assert lena.email == "dieb@example.org"  # Opening the link alone changes nothing.
    assert "Ihre alte Adresse gilt wieder" in anywhere.post(link).content.decode()
    lena.refresh_from_db()
    assert (lena.email, lena.has_usable_password()) == ("lena.muster@example.org", False)
    assert [(a.email, a.primary, a.verified) for a in EmailAddress.objects.filter(user=lena)] == [
        ("lena.muster@example.org", True, True)
    ]
    assert not Authenticator.objects.filter(user=lena).exists()
    assert thief.get("/konto/sicherheit/").status_code == 302
    assert notices(lena)[-1].subject == "Ihre alte E-Mail-Adresse gilt wieder"
    assert anywhere.post(link).status_code == 404  # Once only.
    own = Client()
    own.post("/konto/anmelden/code/", {"email": "lena.muster@example.org"})
    own.post("/konto/anmelden/code/eingeben/", {"code": mailed_code()})
    assert signed_in_as(own) == "lena.muster@example.org"


def test_what_was_there_before_the_change_stays(lena: Person) -> None:
    totp.TOTP.activate(lena, totp.generate_totp_secret())
    change = actions.note_address_change(
        person_id=lena.pk, old_email=lena.email, new_email="x@example.org", now=timezone.now()
    )
    actions.undo_address_change(change_id=change, now=timezone.now())
    assert Authenticator.objects.filter(user=lena, type="totp").exists()


def test_a_second_theft_does_not_shut_out_the_first_address(lena: Person) -> None:
    thief, link = steal_address(lena)
    thief.post("/konto/e-mail/", {"email": "dieb2@example.org", "action_add": "1"})
    thief.post("/konto/e-mail/bestaetigen/", {"code": mailed_code()})
    later = link_in(str(mail.outbox[-1].body))
    Client().post(link)
    lena.refresh_from_db()
    assert lena.email == "lena.muster@example.org"
    assert Client().post(later).status_code == 404  # The thief's own undo link went with it.


def test_after_seven_days_the_change_stands(lena: Person) -> None:
    _thief, link = steal_address(lena)
    AddressChange.objects.update(changed_at=timezone.now() - timedelta(days=7, seconds=1))
    assert Client().get(link).status_code == 404
    assert Client().post(link).status_code == 404
    lena.refresh_from_db()
    assert lena.email == "dieb@example.org"


def test_an_old_address_that_has_another_account_by_now_is_refused_and_nothing_changes(lena: Person) -> None:
    thief, link = steal_address(lena)
    people.create_person(email="lena.muster@example.org", given_name="Neu", family_name="Neu")
    answer = Client().post(link)
    assert answer.status_code == 409
    assert "inzwischen ein anderes Konto" in answer.content.decode()
    lena.refresh_from_db()
    assert (lena.email, lena.has_usable_password()) == ("dieb@example.org", True)
    assert thief.get("/konto/sicherheit/").status_code == 200


def test_devices_and_changes_are_forgotten_in_time(lena: Person) -> None:
    now = timezone.now()
    actions.remember_device(person_id=lena.pk, mark="a" * 64, browser="X", now=now - timedelta(days=366))
    actions.remember_device(person_id=lena.pk, mark="b" * 64, browser="X", now=now - timedelta(days=364))
    for days in (6, 8):
        actions.note_address_change(
            person_id=lena.pk, old_email="a@example.org", new_email="b@example.org", now=now - timedelta(days=days)
        )
    assert actions.forget_expired(now=now) == 2
    assert [device.mark for device in KnownDevice.objects.all()] == ["b" * 64]
    assert AddressChange.objects.count() == 1
