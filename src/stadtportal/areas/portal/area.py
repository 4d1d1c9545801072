"""The portal introduces itself to the kernel: it mounts the pages that belong to no single area."""

from stadtportal.areas.portal.rules import DATA_RIGHT
from stadtportal.kernel.contracts import Area, CaseKind, Link, Role, Status

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
    case_kinds=(RIGHT,),
    workplace=(
        Link("Identität prüfen", "counter:check", "user", frozenset({Role.CASE_WORKER})),
        Link("Vertretungen prüfen", "portal:delegation_requests", "person", roles=frozenset({Role.CASE_WORKER})),
        Link("Anträge zum Datenschutz", "portal:rights_desk", "lock", frozenset({Role.CASE_WORKER})),
        Link("Datenpanne melden", "portal:breaches", "warning", frozenset({Role.OPERATOR})),
    ),
)
