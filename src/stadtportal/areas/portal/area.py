"""The portal introduces itself to the kernel: it mounts the pages that belong to no single area."""

from stadtportal.kernel.contracts import Area, Link, Role

AREA = Area(
    slug="portal",
    title="Stadtportal",
    icon="home",
    mounts={"": "stadtportal.areas.portal.urls"},
    workplace=(
        Link("Identität prüfen", "counter:check", "user", frozenset({Role.CASE_WORKER})),
        Link("Vertretungen prüfen", "portal:delegation_requests", "person", roles=frozenset({Role.CASE_WORKER})),
    ),
)
