"""The portal introduces itself to the kernel: it mounts the pages that belong to no single area."""

from datetime import timedelta

from stadtportal.kernel.contracts import Area, CaseKind, Link, PersonalData, Role, Status

QUESTION = CaseKind(
    slug="question",
    title="Frage zu einem Zugriff",
    icon="question",
    statuses=(Status("open", "Gestellt"), Status("answered", "Beantwortet", "success", final=True)),
    panel="stadtportal.areas.portal.queries.questions.get_panel",
)

AREA = Area(
    slug="portal",
    title="Stadtportal",
    icon="home",
    mounts={"": "stadtportal.areas.portal.urls"},
    case_kinds=(QUESTION,),
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
        ),
    ),
    workplace=(Link("Fragen zu Zugriffen", "portal:questions", "question", frozenset({Role.CASE_WORKER})),),
)
