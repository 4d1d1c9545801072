"""What a request about one's data shows on the page of its case."""

from datetime import datetime

from stadtportal.kernel.contracts import CasePanel
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import berlin_datetime


def get_panel(*, reference: str, now: datetime) -> CasePanel:  # noqa: ARG001 -- the kernel's signature.
    """Return the request and its answer; needs an open reading of one's own data."""
    right = trust.get_right(reference)
    facts = [("Ihr Antrag", right.statement)]
    if right.answered_at is not None:
        facts += [
            ("Antwort", right.answer),
            ("Beantwortet", f"{berlin_datetime(right.answered_at)}, {right.answered_by}"),
        ]
    return CasePanel(facts=tuple(facts))
