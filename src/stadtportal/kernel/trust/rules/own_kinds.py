"""What trust keeps about people besides the log of looks: exports, requests, notices, and what laws retain."""

from datetime import timedelta
from typing import Final

from stadtportal.kernel.contracts import PersonalData
from stadtportal.kernel.trust.rules.keeping import EXPORT_KEPT

_READ: Final = "stadtportal.kernel.trust.queries.own_kinds"
_WRITE: Final = "stadtportal.kernel.trust.actions.own_kinds"

#: Where trust exports, erases and lets expire who looked at whose data; the log of looks is declared with the app.
ACCESS_PATHS: Final = {
    "export": f"{_READ}.export_access",
    "oldest": f"{_READ}.oldest_access",
    "erase": f"{_WRITE}.erase_access",
    "expire": f"{_WRITE}.expire_access",
}
ACCESS_WORDS: Final = {
    "at": "Wann",
    "who": "Wer",
    "purpose": "Wozu",
    "legal_basis": "Rechtsgrundlage",
    "fields": "Was",
    "case": "Vorgang",
}

KEEPING: Final = (
    PersonalData(
        title="Ihre Datenexporte",
        purpose="Ihnen Ihre Daten als Archiv geben",
        legal_basis="Art. 15 und Art. 20 DSGVO",
        retention=EXPORT_KEPT,
        retention_words="7 Tage, dann werden Archiv und Eintrag gelöscht",
        models={
            "trust.ExportJob": (
                *("person", "asked_at", "state", "done", "total", "what", "file", "size"),
                *("finished_at", "problems"),
            )
        },
        export=f"{_READ}.export_exports",
        erase=f"{_WRITE}.erase_exports",
        expire=f"{_WRITE}.expire_exports",
        oldest=f"{_READ}.oldest_export",
        words={"asked_at": "Angefordert", "state": "Stand", "finished_at": "Fertig", "size": "Größe in Byte"},
    ),
    PersonalData(
        title="Anträge zu Ihren Daten",
        purpose="Berichtigung, Einschränkung und Widerspruch bearbeiten und die Antwort nachweisen",
        legal_basis="Art. 5 Abs. 2, Art. 12, 16, 18 und 21 DSGVO",
        retention=timedelta(days=3 * 365),
        retention_words="3 Jahre nach der Antwort",
        models={
            "trust.DataRight": (
                *("case_reference", "person", "article", "statement", "asked_at", "answer"),
                *("granted", "answered_at", "answered_by"),
            )
        },
        export=f"{_READ}.export_rights",
        erase=f"{_WRITE}.erase_rights",
        expire=f"{_WRITE}.expire_rights",
        oldest=f"{_READ}.oldest_right",
        words={
            "case": "Vorgang",
            "article": "Artikel der DSGVO",
            "statement": "Ihr Antrag",
            "asked_at": "Gestellt",
            "answer": "Antwort",
            "granted": "Stattgegeben",
            "answered_at": "Beantwortet",
            "answered_by": "Beantwortet von",
        },
    ),
    PersonalData(
        title="Hinweise auf Datenpannen",
        purpose="Sie benachrichtigen, wenn Ihre Daten von einer Panne betroffen sind",
        legal_basis="Art. 33 und Art. 34 DSGVO",
        retention=timedelta(days=3 * 365),
        retention_words="3 Jahre nach dem Versand",
        models={
            "trust.BreachAddressee": ("notice", "person", "sent_at"),
            "trust.BreachNotice": (
                *("kind", "since", "until", "subject", "body", "drafted_by", "drafted_by_name", "drafted_at"),
                *("released_by_name", "released_at", "finished_at"),
            ),
        },
        export=f"{_READ}.export_notices",
        erase=f"{_WRITE}.erase_notices",
        expire=f"{_WRITE}.expire_notices",
        oldest=f"{_READ}.oldest_notice",
        words={"subject": "Betreff", "text": "Text", "sent_at": "Gesendet"},
    ),
    PersonalData(
        title="Gesperrte Angaben nach einer Löschung",
        purpose="Offene Forderungen belegen, wenn das Konto schon gelöscht ist; niemand sieht sie im Portal",
        legal_basis="Art. 17 Abs. 3 Buchst. e DSGVO",
        retention=None,
        retention_words="bis zum Ende der Verjährung (§§ 195, 199 BGB); den Tag nennt die Löschung",
        models={"trust.LegalHold": ("title", "law", "until", "facts", "created_at")},
        export=f"{_READ}.export_holds",
        erase=f"{_WRITE}.erase_holds",
    ),
)
