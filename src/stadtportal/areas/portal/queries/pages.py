"""The pages about the portal itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from stadtportal.areas.portal.queries.ranking import list_weight_tables
from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import registry

_TITLES = {
    "barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "datenschutz": "Datenschutz",
    "impressum": "Impressum",
    "quellen": "Quellen und Lizenzen",
    "ranking": "So ordnen wir Ergebnisse",
}


def get_page(slug: str) -> dict[str, Any]:
    """Return the title of one of the portal's own pages and what it lists. Raises ``KeyError`` for others."""
    context: dict[str, Any] = {"title": _(_TITLES[slug])}
    if slug == "quellen":
        context["sources"] = city.list_sources()
    elif slug == "datenschutz":
        declared = registry.personal_data().values()
        context["declared"] = sorted((kind for kinds in declared for kind in kinds), key=lambda kind: kind.title)
    elif slug == "ranking":
        context["tables"] = list_weight_tables()
    return context
