"""What is kept about people, and how names and addresses are written."""

from __future__ import annotations

import ipaddress
import unicodedata
from datetime import timedelta
from typing import Any, Final

from stadtportal.kernel.contracts import PersonalData, RuleBroken

CONTRACT: Final = "Art. 6 Abs. 1 Buchst. b DSGVO (Nutzungsverhältnis)"
SECURITY: Final = "Art. 6 Abs. 1 Buchst. c DSGVO mit Art. 32 DSGVO (Sicherheit der Verarbeitung)"

DEVICE_KEPT: Final = timedelta(days=365)
"""How long a browser counts as known after it was last used for signing in."""
UNDO_FOR: Final = timedelta(days=7)
"""How long the old address can undo a change."""
REPORT_FOR: Final = timedelta(days=30)
"""How long the link in the notice of a sign-in works."""

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
        title="Bekannte Geräte",
        purpose="Ihnen eine Anmeldung von einem fremden Gerät melden und Sie auf Ihrem eigenen nicht aussperren",
        legal_basis=SECURITY,
        retention=DEVICE_KEPT,
        retention_words="1 Jahr nach der letzten Anmeldung mit dem Gerät",
        models={"people.KnownDevice": ("person", "mark", "browser", "first_seen_at", "last_seen_at")},
        export="stadtportal.kernel.people.queries.own_kinds.export_devices",
        erase="stadtportal.kernel.people.actions.own_kinds.erase_devices",
        expire="stadtportal.kernel.people.actions.own_kinds.expire_devices",
        oldest="stadtportal.kernel.people.queries.own_kinds.oldest_device",
        words={"browser": "Browser", "first_seen_at": "Zuerst", "last_seen_at": "Zuletzt"},
    ),
    PersonalData(
        title="Geänderte E-Mail-Adressen",
        purpose="Eine fremde Änderung Ihrer E-Mail-Adresse rückgängig machen können",
        legal_basis=SECURITY,
        retention=UNDO_FOR,
        retention_words="7 Tage",
        models={"people.AddressChange": ("person", "old_email", "new_email", "changed_at", "undone_at")},
        export="stadtportal.kernel.people.queries.own_kinds.export_address_changes",
        erase="stadtportal.kernel.people.actions.own_kinds.erase_address_changes",
        expire="stadtportal.kernel.people.actions.own_kinds.expire_address_changes",
        oldest="stadtportal.kernel.people.queries.own_kinds.oldest_address_change",
        words={
            "old_email": "Alte Adresse",
            "new_email": "Neue Adresse",
            "changed_at": "Geändert",
            "undone_at": "Rückgängig gemacht",
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
        export="stadtportal.kernel.people.queries.own_kinds.export_delegations",
        erase="stadtportal.kernel.people.actions.own_kinds.erase_delegations",
        expire="stadtportal.kernel.people.actions.own_kinds.expire_delegations",
        oldest="stadtportal.kernel.people.queries.own_kinds.oldest_delegation",
        words={
            "birth_date": "Geburtsdatum",
            "register_entry": "Registereintrag",
            "kind": "Art",
            "acts": "Sie handeln",
            "invited_email": "Eingeladen",
            "areas": "Bereiche",
            "may_act": "Darf handeln",
            "starts_at": "Von",
            "expires_at": "Bis",
            "proposed_at": "Vorgeschlagen",
            "principal_accepted_at": "Zugestimmt für die vertretene Seite",
            "agent_accepted_at": "Zugestimmt für die handelnde Seite",
            "ended_at": "Beendet",
            "evidence": "Nachweis",
        },
    ),
    PersonalData(
        title="Bestätigte Angaben",
        purpose="Ihnen Leistungen öffnen, für die feststehen muss, wer Sie sind",
        legal_basis="Art. 6 Abs. 1 Buchst. e DSGVO (Aufgabe der Stadt), § 3 Abs. 4 OZG",
        retention=None,
        retention_words="bis Sie die Angaben oder Ihr Konto löschen",
        models={"people.ConfirmedAttribute": ("person", "name", "value", "level", "source", "confirmed_at")},
        export="stadtportal.kernel.people.queries.own_kinds.export_attributes",
        erase="stadtportal.kernel.people.actions.own_kinds.erase_attributes",
        words={
            "name": "Angabe",
            "value": "Wert",
            "level": "Vertrauensniveau",
            "source": "Bestätigt durch",
            "confirmed_at": "Bestätigt",
        },
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
        export="stadtportal.kernel.people.queries.own_kinds.export_bundid",
        erase="stadtportal.kernel.people.actions.own_kinds.erase_bundid",
        words={"connected_at": "Verbunden", "used_at": "Zuletzt benutzt"},
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
        export="stadtportal.kernel.people.queries.own_kinds.export_counter_checks",
        erase="stadtportal.kernel.people.actions.own_kinds.erase_counter_checks",
        expire="stadtportal.kernel.people.actions.own_kinds.expire_counter_checks",
        oldest="stadtportal.kernel.people.queries.own_kinds.oldest_counter_check",
        words={
            "clerk_name": "Geprüft von",
            "number": "Nummer des Schreibens",
            "details": "Angaben",
            "document_kind": "Art des Ausweises",
            "document_end": "Letzte Zeichen der Nummer",
            "checked_at": "Geprüft",
            "expires_at": "Schreiben gültig bis",
            "used_at": "Eingelöst",
            "withdrawn_at": "Ersetzt",
        },
    ),
)


DEVICE_IN_SESSION: Final = "people.device"
"""Under which name a session holds the id of the device it was opened with."""
SECOND_STEP: Final = "second step"
"""The purpose under which secrets of apps and recovery codes are sealed."""


def sealed_names(data: dict[str, Any]) -> tuple[str, ...]:
    """Return which entries of an authenticator's data are secrets: of an app, or of recovery codes."""
    return tuple(name for name in ("secret", "seed", "migrated_codes") if data.get(name))


class AddressTaken(RuleBroken):
    """Somebody already holds an account with this address."""


def clean_email(email: str) -> str:
    """Return the address as it is kept: without spaces around it, in lower case."""
    return email.strip().lower()


def network_of(address: str) -> str:
    """Return the network an address belongs to: of IPv6 the first 64 bits, which one household has to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


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
