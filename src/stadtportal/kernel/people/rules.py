"""What is kept about people, and how names and addresses are written."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Final

from stadtportal.kernel.contracts import PersonalData, RuleBroken

CONTRACT: Final = "Art. 6 Abs. 1 Buchst. b DSGVO (Nutzungsverhältnis)"
SECURITY: Final = "Art. 6 Abs. 1 Buchst. c DSGVO mit Art. 32 DSGVO (Sicherheit der Verarbeitung)"

PERSONAL_DATA: Final[tuple[PersonalData, ...]] = (
    PersonalData(
        title="Konto",
        purpose="Sie anmelden, ansprechen und Ihre Vorgänge Ihnen zuordnen",
        legal_basis=CONTRACT,
        retention=None,
        retention_words="bis Sie Ihr Konto löschen",
        models={
            "people.Person": (
                "email",
                "given_name",
                "family_name",
                "password",
                "last_login",
                "is_active",
                "created_at",
            ),
            "account.EmailAddress": ("user", "email", "verified", "primary"),
        },
        export="stadtportal.kernel.people.queries.export_account",
        erase="stadtportal.kernel.people.actions.erase_account",
        words={
            "id": "Kontonummer",
            "email": "E-Mail-Adresse",
            "given_name": "Vorname",
            "family_name": "Nachname",
            "has_password": "Passwort gesetzt",
            "last_login": "Letzte Anmeldung",
            "is_active": "Aktiv",
            "created_at": "Angelegt",
            "addresses": "Adressen",
            "verified": "Bestätigt",
            "primary": "Hauptadresse",
        },
    ),
    PersonalData(
        title="Anmeldemittel",
        purpose="Ihr Konto mit Passkey, Einmalcode-App oder Wiederherstellungscodes schützen",
        legal_basis=SECURITY,
        retention=None,
        retention_words="bis Sie das Anmeldemittel oder Ihr Konto löschen",
        models={"mfa.Authenticator": ("user", "type", "data", "created_at", "last_used_at")},
        export="stadtportal.kernel.people.queries.export_authenticators",
        erase="stadtportal.kernel.people.actions.erase_authenticators",
        words={"type": "Art", "name": "Name", "created_at": "Angelegt", "last_used_at": "Zuletzt benutzt"},
    ),
    PersonalData(
        title="Sitzungen",
        purpose="Ihnen zeigen, wo Sie angemeldet sind, und Sie dort abmelden können",
        legal_basis=SECURITY,
        retention=timedelta(days=14),
        retention_words="bis Sie sich abmelden oder die Sitzung nach 14 Tagen endet",
        models={
            "usersessions.UserSession": (
                "user",
                "created_at",
                "ip",
                "last_seen_at",
                "session_key",
                "user_agent",
                "data",
            ),
        },
        export="stadtportal.kernel.people.queries.export_sessions",
        erase="stadtportal.kernel.people.actions.erase_sessions",
        expire="stadtportal.kernel.people.actions.expire_sessions",
        oldest="stadtportal.kernel.people.queries.oldest_session",
        words={
            "created_at": "Angemeldet",
            "last_seen_at": "Zuletzt gesehen",
            "ip": "Netzadresse",
            "browser": "Browser",
        },
    ),
    PersonalData(
        title="Rollen",
        purpose="Beschäftigten zeigen, was sie für ihre Arbeit brauchen, und nur das",
        legal_basis="Art. 6 Abs. 1 Buchst. e DSGVO (Aufgabe der Stadt), § 15 LDSG BW",
        retention=None,
        retention_words="bis die Rolle entzogen oder das Konto gelöscht wird",
        models={"people.StaffRole": ("person", "role", "organisation", "created_at")},
        export="stadtportal.kernel.people.queries.export_roles",
        erase="stadtportal.kernel.people.actions.erase_roles",
        words={"role": "Rolle", "organisation": "Anbieter", "created_at": "Seit"},
    ),
)


class AddressTaken(RuleBroken):
    """Somebody already holds an account with this address."""


def clean_email(email: str) -> str:
    """Return the address as it is kept: without spaces around it, in lower case."""
    return email.strip().lower()


# Some scripts join letters with these two; every other sign that is not seen could only deceive.
_JOINERS: Final = "\u200c\u200d"


def clean_name(name: str) -> str:
    """Return a name with single spaces and none around it, without signs that reverse or hide text."""
    spaced = " ".join(name.split())
    return "".join(sign for sign in spaced if sign in _JOINERS or unicodedata.category(sign) not in {"Cc", "Cf"})


# What a browser says of itself; the first match counts, because later ones name themselves like earlier ones too.
_BROWSERS: Final = (
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Return browser and system in words (``Firefox auf Windows``), as far as the text tells."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Unbekannter Browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} auf {system}" if system else browser
