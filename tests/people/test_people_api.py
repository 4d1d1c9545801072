"""Accounts and roles as other packages use them, and what the database itself refuses."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory

from stadtportal.kernel.city import api as city
from stadtportal.kernel.contracts import VISITOR, Actor, AssuranceLevel, Grant, NotAllowed, NotFound, Role, registry
from stadtportal.kernel.people import api as people
from stadtportal.kernel.people.models import Person, StaffRole
from stadtportal.kernel.people.rules import browser_name

pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def studio() -> int:
    return city.put_organisation(slug="studio", name="Studio").id


def make(email: str = "lena@example.org") -> people.PersonView:
    return people.create_person(email=email, given_name="Lena", family_name="Muster")


def test_addresses_are_kept_in_lower_case_and_belong_to_one_account() -> None:
    made = people.create_person(email=" Lena@Example.ORG ", given_name=" Lena ", family_name="von  der Au")
    assert (made.email, made.name) == ("lena@example.org", "Lena von der Au")
    assert people.find_person("LENA@example.org") == made == people.get_person(made.id)
    with pytest.raises(people.AddressTaken) as refusal:
        make("lena@EXAMPLE.org")
    assert refusal.value.field == "email"
    assert Person.objects.count() == 1


@pytest.mark.parametrize("email", ["Lena@example.org", ""])
def test_the_database_refuses_addresses_that_are_not_clean(email: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email=email, given_name="L", family_name="M")


def test_nobody_is_found_where_nobody_is() -> None:
    assert people.find_person("niemand@example.org") is None
    assert people.actor_for(uuid4()) == VISITOR
    with pytest.raises(NotFound):
        people.get_person(uuid4())
    with pytest.raises(NotFound):
        people.grant_role(person_id=uuid4(), role=Role.CASE_WORKER)


def test_roles_are_given_once_and_taken_away(studio: int) -> None:
    lena = make()
    for _twice in range(2):
        people.grant_role(person_id=lena.id, role=Role.PROVIDER_STAFF, organisation_id=studio)
        people.grant_role(person_id=lena.id, role=Role.CASE_WORKER)
    assert people.list_grants(lena.id) == {Grant(Role.PROVIDER_STAFF, studio), Grant(Role.CASE_WORKER)}
    actor = people.actor_for(lena.id)
    assert actor == Actor(
        lena.id, "Lena Muster", AssuranceLevel.BASIC, people.list_grants(lena.id), second_step_due=True
    )
    assert people.withdraw_role(person_id=lena.id, role=Role.CASE_WORKER)
    assert not people.withdraw_role(person_id=lena.id, role=Role.CASE_WORKER)
    assert people.list_grants(lena.id) == {Grant(Role.PROVIDER_STAFF, studio)}
    with pytest.raises(ValueError, match="resident"):
        people.grant_role(person_id=lena.id, role=Role.RESIDENT)


def test_the_database_refuses_roles_that_make_no_sense(studio: int) -> None:
    lena = make()
    for refused in ({"role": "provider_staff"}, {"role": "king"}, {"role": "resident"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffRole.objects.create(person_id=lena.id, **refused)
    StaffRole.objects.create(person_id=lena.id, role="operator")
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.create(person_id=lena.id, role="operator")
    StaffRole.objects.create(person_id=lena.id, role="operator", organisation_id=studio)


def test_a_closed_account_acts_no_more() -> None:
    lena = make()
    Person.objects.filter(pk=lena.id).update(is_active=False)
    assert people.actor_for(lena.id) == VISITOR


def test_only_examples_are_signed_in_without_proof(rf: RequestFactory) -> None:
    with pytest.raises(NotAllowed):
        people.sign_in_example(rf.post("/"), person_id=make().id)


def test_a_visitor_costs_no_query_and_somebody_signed_in_three(
    client: Client, as_lena: Client, lena: Person, django_assert_num_queries: Queries
) -> None:
    with django_assert_num_queries(0):
        page = client.get("/robots.txt")
    assert page.status_code == 200
    # The session, the person, the roles.
    with django_assert_num_queries(3):
        assert as_lena.get("/robots.txt").wsgi_request.actor.person_id == lena.pk  # type: ignore[attr-defined]  # set by the middleware.


def test_everything_kept_about_people_is_declared() -> None:
    declared = {
        model: set(fields) for one in registry.personal_data()["people"] for model, fields in one.models.items()
    }
    for model in (Person, StaffRole):
        label = f"people.{model.__name__}"
        about = {field.name for field in model._meta.concrete_fields} - {"id", "example"}
        assert about <= declared[label], label
    assert {"account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession"} <= set(declared)


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox auf Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge auf Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1",
            "Safari auf iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome auf Android"),
        ("curl/8.0", "Unbekannter Browser"),
        ("", "Unbekannter Browser"),
    ],
)
def test_browsers_are_named_in_words(user_agent: str, expected: str) -> None:
    assert browser_name(user_agent) == expected
