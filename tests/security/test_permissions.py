"""Every URL × every role × own and foreign things: who gets in is written here, once, and tried for all.

A URL that nobody wrote down fails the first test; so a new page cannot be forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from stadtportal.areas.courses import api as courses
from stadtportal.areas.courses.queries import desk
from stadtportal.areas.portal import actions as portal
from stadtportal.kernel.contracts import Actor, Role
from stadtportal.kernel.inbox import api as inbox
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from tests.courses.conftest import new_actor, offer_course

pytestmark = pytest.mark.django_db

#: Who asks. "owner" booked with provider "studio", whose staff is "staff"; "foreign_staff" works for another one.
ROLES = ("visitor", "owner", "stranger", "staff", "foreign_staff", "clerk", "operator")

IN = {200}
AWAY = {404}
REFUSED = {403, 404}
TO_SIGN_IN = {302}


def everybody(status: set[int]) -> dict[str, set[int]]:
    return dict.fromkeys(ROLES, status)


PUBLIC = everybody(IN)
SIGNED_IN = everybody(IN) | {"visitor": TO_SIGN_IN}
OWN = everybody(AWAY) | {"visitor": TO_SIGN_IN, "owner": IN}
DESK = everybody(REFUSED) | {"visitor": TO_SIGN_IN, "staff": IN}
WORKPLACE = everybody(IN) | {"visitor": TO_SIGN_IN, "owner": {403}, "stranger": {403}}
DESK_LIST = everybody(REFUSED) | {"visitor": TO_SIGN_IN, "staff": IN, "foreign_staff": IN}
CLERKS = everybody(REFUSED) | {"visitor": TO_SIGN_IN, "clerk": IN}
POSTED = everybody({303}) | {"visitor": TO_SIGN_IN}
POST_ONLY = everybody({405})
#: A step of a booking that nobody has begun.
MIDWAY = everybody({400})
#: No city is loaded in this small world.
NO_CITY = everybody(AWAY)

GET: dict[str, dict[str, set[int]]] = {
    "web:healthz": PUBLIC,
    "web:readyz": PUBLIC,
    "web:robots": PUBLIC,
    "web:favicon": everybody({200, 301, 302}),
    "api:openapi-json": PUBLIC,
    "api:api-root": everybody(AWAY),
    "api:search": PUBLIC,
    "api:suggest": PUBLIC,
    "city:districts": NO_CITY,
    "city:parks": NO_CITY,
    "city:streets": everybody({400}),
    "portal:front": PUBLIC,
    "portal:search": PUBLIC,
    "portal:search_map": PUBLIC,
    "portal:district": everybody(AWAY),
    "portal:page": PUBLIC,
    "portal:sitemap": PUBLIC,
    "portal:sitemap_part": everybody({200, 404}),
    "portal:mine": SIGNED_IN,
    "portal:cases": SIGNED_IN,
    "portal:case": OWN,
    "portal:inbox": SIGNED_IN,
    "portal:message": OWN,
    "portal:calendar": SIGNED_IN,
    "portal:calendar_file": SIGNED_IN,
    "portal:data": SIGNED_IN,
    "portal:looks": SIGNED_IN,
    "portal:ask": OWN,
    "portal:facts": SIGNED_IN,
    "portal:new_fact": SIGNED_IN,
    "portal:fact": OWN,
    "portal:remove_fact": POST_ONLY,
    "portal:consents": SIGNED_IN,
    "portal:give_consent": POST_ONLY,
    "portal:withdraw_consent": POST_ONLY,
    "portal:receipt": OWN,
    "portal:received": SIGNED_IN,
    "portal:sharing": SIGNED_IN,
    "portal:stop_sharing": POST_ONLY,
    "portal:resume_sharing": POST_ONLY,
    "portal:questions": CLERKS,
    "portal:question": CLERKS,
    "portal:workplace": WORKPLACE,
    "directory:categories": PUBLIC,
    "directory:category": everybody(AWAY),
    "directory:place": PUBLIC,
    "directory:organisations": PUBLIC,
    "directory:organisation": PUBLIC,
    "courses:list": PUBLIC,
    "courses:course": PUBLIC,
    "courses:book": PUBLIC,
    "courses:review": MIDWAY,
    "courses:booking": OWN,
    "courses:calendar": OWN,
    "courses:confirmation": OWN,
    "courses:cancel": OWN,
    "courses_desk:list": DESK_LIST,
    "courses_desk:course": DESK,
    "courses_desk:participants": DESK,
    "courses_desk:call_off": DESK,
    "courses_desk:capacity": DESK,
    "townhall:index": PUBLIC,
    "townhall:service": everybody(AWAY),
    "demo:sign_in": POST_ONLY,
    "demo:outbox": PUBLIC,
    "demo:mail": everybody(AWAY),
    "demo:attachment": everybody(AWAY),
}

#: What may be sent, and what comes back to those who may; everybody else gets what GET gives them.
POST: dict[str, dict[str, set[int]]] = {
    "courses:cancel": OWN | {"owner": {200, 303}},
    "portal:ask": OWN | {"owner": {303}},
    "portal:fact": OWN | {"owner": {303}},
    "portal:withdraw_consent": OWN | {"owner": {303}},
    "portal:give_consent": OWN | {"owner": {303}},
    "portal:stop_sharing": POSTED,
    "portal:resume_sharing": POSTED,
    "portal:remove_fact": OWN | {"owner": {303}},
    "portal:question": CLERKS | {"clerk": {303}},
    "courses_desk:call_off": DESK | {"staff": {200, 303}},
    "courses_desk:capacity": DESK | {"staff": {200, 303, 400, 409, 422}},
}


#: Sent to every address; each form takes what it knows.
SENT = {
    "capacity": "1",
    "reason": "Krankheit",
    "confirm": "on",
    "text": "Warum?",
    "answer": "Darum.",
    "number": "0711 123456",
}


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
    owner = actors["owner"]
    assert owner.person_id is not None
    booked = courses.book(actor=owner, order=offered.order(), now=now)
    message = inbox.send(person_id=owner.person_id, subject="Nur für mich", body="Geheim", now=now)
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
    question = portal.ask(actor=owner, look_id=look.id, text="Warum war das nötig?", now=now)
    reference = {"reference": booked.reference}
    session = {"session_id": offered.sessions[0].pk}
    return World(
        actors,
        {
            "portal:case": reference,
            "portal:message": {"message_id": message},
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
        for name in (*POST, "demo:sign_in", "courses:review", "account_login")
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
            assert "Nur für mich" not in text, f"{name} as {role}"
            assert "Geheim" not in text, f"{name} as {role}"
            assert "0711 424242" not in text, f"{name} as {role}"


ACCOUNT_PAGES: Callable[[], list[str]] = lambda: [  # noqa: E731 -- evaluated when Django is ready.
    name for name in named_urls(get_resolver()) if name.startswith(("mfa_", "usersessions_", "account_"))
]


def test_account_pages_of_other_people_do_not_open(world: World) -> None:
    client = world.client("stranger")
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn", "account_end_session"):
        assert client.get(reverse(name, kwargs={"pk": 1})).status_code in {302, 404, 405}, name
    visitor = world.client("visitor")
    for name in ACCOUNT_PAGES():
        if name in {"mfa_edit_webauthn", "mfa_remove_webauthn", "account_end_session"}:
            continue
        status = visitor.get(reverse(name)).status_code
        assert status in {200, 302, 303, 401, 403, 404, 405}, f"{name}: {status}"
