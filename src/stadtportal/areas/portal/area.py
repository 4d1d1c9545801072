"""The portal introduces itself to the kernel: it mounts the pages that belong to no single area."""

from datetime import timedelta

from stadtportal.areas.portal.rules import DATA_RIGHT
from stadtportal.kernel.contracts import Area, CaseKind, Link, PersonalData, Role, Status

QUESTION = CaseKind(
    slug="question",
    title="Frage zu einem Zugriff",
    icon="question",
    statuses=(Status("open", "Gestellt"), Status("answered", "Beantwortet", "success", final=True)),
    panel="stadtportal.areas.portal.queries.questions.get_panel",
)

RIGHT = CaseKind(
    slug=DATA_RIGHT,
    title="Antrag zu Ihren Daten",
    icon="lock",
    statuses=(
        Status("open", "In Prüfung"),
        Status("granted", "Stattgegeben", "success", final=True),
        Status("refused", "Abgelehnt", "danger", final=True),
    ),
    panel="stadtportal.areas.portal.queries.rights.get_panel",
)

AREA = Area(
    slug="portal",
    title="Stadtportal",
    icon="home",
    mounts={"": "stadtportal.areas.portal.urls"},
    case_kinds=(RIGHT, QUESTION),
    personal_data=(
        PersonalData(
            title="Fragen zu Zugriffen",
            purpose="Ihnen erklären, warum jemand Ihre Daten gesehen hat",
            legal_basis="Art. 12 Abs. 2, Art. 15 DSGVO",
            retention=timedelta(days=3 * 365),
            retention_words="3 Jahre nach der Antwort",
            models={
                "portal.Question": (
                    "case_reference",
                    "person",
                    "look_id",
                    "about",
                    "text",
                    "asked_at",
                    "answer",
                    "answered_by",
                    "answered_at",
                ),
            },
            export="stadtportal.areas.portal.queries.own_questions.export",
            erase="stadtportal.areas.portal.actions.forgetting.erase",
            expire="stadtportal.areas.portal.actions.forgetting.expire",
            oldest="stadtportal.areas.portal.queries.own_questions.oldest",
            words={
                "case": "Vorgang",
                "look": "Nummer des Zugriffs",
                "about": "Zugriff",
                "text": "Ihre Frage",
                "asked_at": "Gefragt",
                "answer": "Antwort",
                "answered_by": "Beantwortet von",
                "answered_at": "Beantwortet",
            },
        ),
    ),
    workplace=(
        Link("Identität prüfen", "counter:check", "user", frozenset({Role.CASE_WORKER})),
        Link("Vertretungen prüfen", "portal:delegation_requests", "person", roles=frozenset({Role.CASE_WORKER})),
        Link("Anträge zum Datenschutz", "portal:rights_desk", "lock", frozenset({Role.CASE_WORKER})),
        Link("Fragen zu Zugriffen", "portal:questions", "question", frozenset({Role.CASE_WORKER})),
        Link("Datenpanne melden", "portal:breaches", "warning", frozenset({Role.OPERATOR})),
    ),
)
