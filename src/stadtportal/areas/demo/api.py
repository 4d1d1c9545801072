"""The door to the demonstration: writing its data, and who can be signed in."""

from __future__ import annotations

from django.utils import timezone

from stadtportal.areas.demo import actions, queries
from stadtportal.areas.demo.queries import SignIn
from stadtportal.areas.demo.rules import BERLIN
from stadtportal.kernel.contracts import Progress, silent

__all__ = ["SignIn", "is_seeded", "seed", "sign_ins"]


def seed(progress: Progress = silent) -> None:
    """Write the invented people, providers and courses; doing it again brings courses whose dates have passed anew.

    It may be broken off and started again: what is written stays, what is missing follows.
    """
    now = timezone.now()
    data = queries.get_demo_data()
    actions.put_providers(organisations=data["organisations"], places=data["places"])
    actions.put_people(listed=data["people"])
    actions.put_children(listed=data["children"], now=now)
    residents, runs = queries.list_residents(), queries.list_runs()
    rewrite = not queries.is_known()
    total = len(data["courses"])
    for done, facts in enumerate(data["courses"]):
        progress(done, total, facts["title"])
        actions.put_course(facts=facts, run=runs.get(facts["slug"]), residents=residents, rewrite=rewrite, now=now)
    actions.remember_seeding(checksum=queries.get_checksum(), today=now.astimezone(BERLIN).date())
    progress(total, total, "Beispieldaten")


def is_seeded() -> bool:
    """Tell whether the data is written and its dates are those of today."""
    return queries.is_seeded(today=timezone.now().astimezone(BERLIN).date())


def sign_ins() -> tuple[SignIn, ...]:
    """Return who can be signed in by one click, for the table that the start prints."""
    return queries.list_sign_ins()
