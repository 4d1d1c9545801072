"""Every URL × every role × own and foreign things: who gets in is written in ``who_may``, once, and tried for all.

A URL that nobody wrote down fails the first test; so a new page cannot be forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from stadtportal.areas.courses import api as courses
from stadtportal.areas.courses.queries import desk
from stadtportal.areas.portal.actions.asking import ask
from stadtportal.areas.portal.actions.rights import ask_right
from stadtportal.kernel.contracts import Actor, Grant, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from tests.courses.conftest import new_actor, offer_course
from tests.security.who_may import FROM_ELSEWHERE, GET, POST, ROLES, SENT
from tests.staff import give_second_step

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """One provider with a course that "owner" booked, and everybody who might ask."""

    actors: dict[str, Actor]
    arguments: dict[str, dict[str, Any]]

    def client(self, role: str) -> Client:
        """Return a browser in which ``role`` is signed in."""
        client = Client(headers={"accept": "text/html"})
        if role in self.actors:
            client.force_login(account_of(self.actors[role]))
        return client


def account_of(actor: Actor) -> Person:
    """Return the account behind an actor, as sessions need it."""
    assert actor.person_id is not None
    return Person.objects.get(pk=actor.person_id)


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 -- the world is rows.
    now = datetime.now(UTC)
    offered = offer_course(now=now)
    offer_course(now=now, organisation="anderswo")
    from stadtportal.kernel.city import api as city

    actors = {
        "owner": new_actor(),
        "stranger": new_actor(),
        "staff": new_actor(organisation_id=city.get_organisation("studio").id),
        "foreign_staff": new_actor(organisation_id=city.get_organisation("anderswo").id),
        "clerk": new_actor(),
        "operator": new_actor(),
    }
    for role, granted in (("clerk", Role.CASE_WORKER), ("operator", Role.OPERATOR)):
        person_id = actors[role].person_id
        assert person_id is not None
        people.grant_role(person_id=person_id, role=granted)
        give_second_step(person_id)
    owner = actors["owner"]
    assert owner.person_id is not None
    booked = courses.book(actor=owner, order=offered.order(), now=now)
    message = inbox.send(person_id=owner.person_id, subject="Nur für mich", body="Geheim", now=now)
    right = ask_right(actor=owner, article=16, statement="Geheim: mein Name", now=now)
    notice = trust.draft_notice(
        actor=Actor(person_id=actors["stranger"].person_id, grants=frozenset({Grant(Role.OPERATOR)})),
        happened=trust.Breach("people-konto", now - timedelta(days=1), now, only_looked_at=False),
        subject="Panne",
        body="Text",
        now=now,
    )
    desk.list_participants(actor=actors["staff"], session_id=offered.sessions[0].pk, now=now)
    (look,) = trust.list_own_looks(actor=owner, asked=trust.LookFilter())
    fact_id = trust.keep_fact(actor=owner, kind="phone", parts={"number": "0711 424242"}, now=now)
    receipt = trust.give_consent(
        actor=owner,
        receiver=trust.Receiver(id=1, name="Studio"),
        kind="phone",
        purpose=trust.Purpose("contact", "Anrufen", "1 Jahr"),
        now=now,
    )
    consent = {"consent_id": trust.list_own_consents(owner)[0].id}
    question = ask(actor=owner, look_id=look.id, text="Warum war das nötig?", now=now)
    reference = {"reference": booked.reference}
    session = {"session_id": offered.sessions[0].pk}
    club = {
        "delegation_id": people.request_organisation(
            actor=owner, name="Verein", register_entry="VR 1", today=now.date(), now=now
        )
    }
    child = {
        "delegation_id": people.add_child(
            actor=owner,
            given_name="Mika",
            family_name="Muster",
            birth_date=now.date() - timedelta(days=3650),
            today=now.date(),
            now=now,
            example=False,
        )
    }
    return World(
        actors,
        {
            "portal:look": {"seq": 1},
            "trust:tile": {"level": "0", "path": "000"},
            "portal:case": reference,
            "portal:message": {"message_id": message},
            "portal:delegation_accept": child,
            "portal:delegation_decline": child,
            "portal:delegation_act": child,
            "portal:delegation_end": child,
            "portal:delegation_share": child,
            "portal:delegation_pass_on": child,
            "portal:delegation_looks": child,
            "portal:delegation_confirm": club,
            "portal:delegation_refuse": club,
            "portal:export_file": {"job_id": trust.start_export(person_id=owner.person_id, now=now)},
            "portal:rights_answer": {"reference": right},
            "portal:breach": {"notice_id": notice},
            "portal:ask": {"look_id": look.id},
            "portal:new_fact": {"kind": "phone"},
            "portal:fact": {"fact_id": fact_id},
            "portal:remove_fact": {"fact_id": fact_id},
            "portal:give_consent": consent,
            "portal:withdraw_consent": consent,
            "portal:receipt": {"event_id": receipt},
            "portal:question": {"reference": question},
            "portal:district": {"slug": "nirgendwo"},
            "portal:page": {"slug": "datenschutz"},
            "portal:sitemap_part": {"after": 0},
            "directory:category": {"slug": "nichts"},
            "directory:place": {"slug": "halle"},
            "directory:organisation": {"slug": "studio"},
            "courses:course": {"slug": offered.course.slug},
            "courses:book": {"slug": offered.course.slug},
            "courses:review": {"slug": offered.course.slug},
            "courses:booking": reference,
            "courses:calendar": reference,
            "courses:confirmation": reference,
            "courses:cancel": reference,
            "courses_desk:course": {"course_id": offered.course.pk},
            "courses_desk:participants": session,
            "courses_desk:call_off": session,
            "courses_desk:capacity": session,
            "townhall:service": {"slug": "nichts"},
            "demo:mail": {"pk": 1},
            "demo:attachment": {"pk": 1, "number": 1},
        },
    )


def named_urls(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_urls(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
        elif pattern.name:
            yield namespace + pattern.name


def test_every_url_says_who_may_come() -> None:
    urls = {name for name in named_urls(get_resolver()) if not name.startswith(("account_", "mfa_", "usersessions_"))}
    assert urls - set(GET) == set(), "write down in GET who may open these"
    assert set(GET) - urls == set(), "these URLs are gone"


@pytest.mark.parametrize("role", ROLES)
def test_every_page_lets_in_whom_it_should_and_nobody_else(world: World, role: str) -> None:
    client = world.client(role)
    wrong = []
    for name, expected in GET.items():
        url = reverse(name, kwargs=world.arguments.get(name, {}))
        status = client.get(url).status_code
        if status not in expected[role]:
            wrong.append(f"GET {name} as {role}: {status}, not {sorted(expected[role])}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_what_is_not_theirs(world: World, role: str) -> None:
    client = world.client(role)
    wrong = []
    for name, expected in POST.items():
        url = reverse(name, kwargs=world.arguments.get(name, {}))
        status = client.post(url, SENT).status_code
        if status not in expected[role]:
            wrong.append(f"POST {name} as {role}: {status}, not {sorted(expected[role])}")
    assert wrong == []


def test_every_form_is_protected_against_being_sent_from_elsewhere(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account_of(world.actors["staff"]))
    statuses = {
        name: client.post(reverse(name, kwargs=world.arguments.get(name, {})), {}).status_code
        for name in ({*POST, "demo:sign_in", "courses:review", "account_login"} - FROM_ELSEWHERE)
    }
    assert statuses == dict.fromkeys(statuses, 403)


def test_the_secret_of_one_person_is_on_no_page_of_another(world: World) -> None:
    for role in ("visitor", "stranger", "foreign_staff", "clerk", "operator"):
        client = world.client(role)
        for name in GET:
            answer = client.get(reverse(name, kwargs=world.arguments.get(name, {})))
            if answer.streaming:
                continue
            text = answer.content.decode(errors="replace")
            if (role, name) == ("clerk", "portal:rights_answer"):
                assert trust.count_access(account_of(world.actors["owner"]).pk) > 0
                continue
            assert "Nur für mich" not in text, f"{name} as {role}"
            assert "Geheim" not in text, f"{name} as {role}"
            assert "0711 424242" not in text, f"{name} as {role}"


ACCOUNT_PAGES: Callable[[], list[str]] = lambda: [  # noqa: E731 -- evaluated when Django is ready.
    name for name in named_urls(get_resolver()) if name.startswith(("mfa_", "usersessions_", "account_"))
]


def test_account_pages_of_other_people_do_not_open(world: World) -> None:
    client = world.client("stranger")
    for name in ("account_undo_address", "account_report_sign_in"):
        assert client.get(reverse(name, kwargs={"token": "1:guessed"})).status_code == 404
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn", "account_end_session"):
        assert client.get(reverse(name, kwargs={"pk": 1})).status_code in {302, 404, 405}, name
    visitor = world.client("visitor")
    for name in ACCOUNT_PAGES():
        if name in {
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
            "account_end_session",
            "account_undo_address",
            "account_report_sign_in",
        }:
            continue
        status = visitor.get(reverse(name)).status_code
        assert status in {200, 302, 303, 401, 403, 404, 405}, f"{name}: {status}"
