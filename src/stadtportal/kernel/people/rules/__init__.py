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
                "kind",
                "created_at",
            ),
            "account.EmailAddress": ("user", "email", "verified", "primary"),
        },
    ),
    PersonalData(
        title="Anmeldemittel",
        purpose="Ihr Konto mit Passkey, Einmalcode-App oder Wiederherstellungscodes schützen",
        legal_basis=SECURITY,
        retention=None,
        retention_words="bis Sie das Anmeldemittel oder Ihr Konto löschen",
        models={"mfa.Authenticator": ("user", "type", "data", "created_at", "last_used_at")},
    ),
    PersonalData(
        title="Sitzungen",
        purpose="Ihnen zeigen, wo Sie angemeldet sind, und Sie dort abmelden können",
        legal_basis=SECURITY,
        retention=None,
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
    ),
    PersonalData(
        title="Rollen",
        purpose="Beschäftigten zeigen, was sie für ihre Arbeit brauchen, und nur das",
        legal_basis="Art. 6 Abs. 1 Buchst. e DSGVO (Aufgabe der Stadt), § 15 LDSG BW",
        retention=None,
        retention_words="bis die Rolle entzogen oder das Konto gelöscht wird",
        models={"people.StaffRole": ("person", "role", "organisation", "created_at")},
    ),
    PersonalData(
        title="Vertretungen",
        purpose="Andere für Sie und Sie für andere handeln lassen, und zeigen, wer das darf und durfte",
        legal_basis=CONTRACT,
        retention=timedelta(days=3 * 365),
        retention_words="3 Jahre nach dem Ende; nicht angenommene Einladungen 30, nicht geprüfte Anträge 180 Tage",
        models={
            "people.Delegation": (
                "principal",
                "agent",
                "invited_email",
                "kind",
                "areas",
                "may_act",
                "starts_at",
                "expires_at",
                "granted_under",
                "proposed_by",
                "proposed_at",
                "principal_accepted_by",
                "principal_accepted_at",
                "agent_accepted_at",
                "ended_by",
                "ended_at",
                "ended_how",
                "evidence",
            ),
            "people.Represented": ("person", "birth_date", "register_entry", "created_by"),
        },
    ),
    PersonalData(
        title="Bestätigte Angaben",
        purpose="Ihnen Leistungen öffnen, für die feststehen muss, wer Sie sind",
        legal_basis="Art. 6 Abs. 1 Buchst. e DSGVO (Aufgabe der Stadt), § 3 Abs. 4 OZG",
        retention=None,
        retention_words="bis Sie die Angaben oder Ihr Konto löschen",
        models={"people.ConfirmedAttribute": ("person", "name", "value", "level", "source", "confirmed_at")},
    ),
    PersonalData(
        title="Verbindung mit BundID",
        purpose="Sie mit Ihrer BundID anmelden; gespeichert ist nur ein verschlüsselter Abdruck Ihrer Kennung",
        legal_basis=CONTRACT,
        retention=None,
        retention_words="bis Sie die Verbindung trennen oder Ihr Konto löschen; eine Antwort von BundID 20 Minuten",
        models={
            "people.BundIdLink": ("person", "fingerprint", "connected_at", "used_at"),
            "people.BundIdRequest": ("outcome",),
        },
    ),
    PersonalData(
        title="Ausweisprüfung am Schalter",
        purpose="Nachweis, wer wann Ihren Ausweis geprüft hat, und das Schreiben mit Ihrem Code",
        legal_basis="Art. 6 Abs. 1 Buchst. e DSGVO (Aufgabe der Stadt), § 3 Abs. 4 OZG",
        retention=timedelta(days=30),
        retention_words="bis Sie Ihr Konto löschen; ein Schreiben, das niemand einlöst, 30 Tage nach seinem Ablauf",
        models={
            "people.CounterCheck": (
                "person",
                "clerk",
                "clerk_name",
                "key",
                "number",
                "code_hash",
                "details",
                "document_kind",
                "document_end",
                "checked_at",
                "expires_at",
                "tries",
                "used_at",
                "withdrawn_at",
            ),
        },
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
