"""A course may ask for a telephone number; what people keep about themselves is taken over only as they agreed."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from stadtportal.areas.courses import api
from stadtportal.areas.courses.models import Booking
from stadtportal.areas.courses.queries import desk
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from tests.courses.conftest import Offer, Offered, new_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(offer: Offer) -> Offered:
    """A course that asks for a number."""
    return offer(asks_phone=True)


@pytest.fixture
def lena(resident: Callable[[], Actor], now: datetime) -> Actor:
    """Somebody who keeps a number."""
    actor = resident()
    trust.keep_fact(actor=actor, kind="phone", parts={"number": "0711 123456"}, now=now)
    return actor


def phones(actor: Actor) -> list[str]:
    assert actor.person_id is not None
    with trust.own(actor):
        return [booking.contact_phone for booking in Booking.objects.filter(person_id=actor.person_id).order_by("pk")]


def received(actor: Actor) -> list[str]:
    return [f"{one.organisation_name}: {one.title}" for one in trust.list_own_handovers(actor)]


def send(actor: Actor, course: Offered, **typed: str) -> tuple[int, str]:
    client = Client(HTTP_HOST="localhost", headers={"accept": "text/html"})
    assert actor.person_id is not None
    client.force_login(Person.objects.get(pk=actor.person_id))
    order = course.order()
    form = {
        "session": order.session_id,
        "party_size": 1,
        "price": order.price_id,
        "key": order.key,
        "shown_cents": order.shown_cents,
        **typed,
    }
    answer = client.post(f"/kurse/{course.course.slug}/buchen/", form)
    return answer.status_code, answer.content.decode()


def test_agreeing_while_booking_passes_the_number_on_once(course: Offered, lena: Actor, now: datetime) -> None:
    order = course.order(phone_consent=True)
    booked = api.book(actor=lena, order=order, now=now)
    assert api.book(actor=lena, order=order, now=now).repeated
    assert phones(lena) == ["0711 123456"]
    assert received(lena) == ["Studio: Telefonnummer"]
    (look,) = trust.list_own_looks(actor=lena, asked=trust.LookFilter())
    assert (look.actor_name, look.case_reference) == ("Studio", booked.reference)
    assert len(trust.list_own_consents(lena)[0].history) == 1


def test_nothing_is_passed_on_unless_ticked(course: Offered, lena: Actor) -> None:
    assert send(lena, course)[0] == 303
    assert phones(lena) == [""]
    assert received(lena) == []
    assert trust.list_own_consents(lena) == []


def test_a_consent_withdrawn_while_the_form_is_open_is_answered_and_nothing_passed_on(
    course: Offered, lena: Actor, now: datetime
) -> None:
    receiver = trust.Receiver(id=course.course.organisation_id, name="Studio")
    from stadtportal.areas.courses.queries.prefill import CONTACT

    trust.give_consent(actor=lena, receiver=receiver, kind="phone", purpose=CONTACT, now=now)
    trust.withdraw_consent(actor=lena, consent_id=trust.list_own_consents(lena)[0].id, now=now)
    status, page = send(lena, course, phone_kept="on")
    assert status == 409
    assert "Dafür gilt Ihre Einwilligung nicht mehr" in page
    assert 'name="phone_consent"' in page
    assert phones(lena) == []
    assert course.taken() == [0]
    assert received(lena) == []


def test_sharing_stopped_while_the_form_is_open_stops_this_too(course: Offered, lena: Actor, now: datetime) -> None:
    trust.stop_sharing(actor=lena, now=now)
    status, page = send(lena, course, phone_consent="on")
    assert status == 409
    assert "Sie haben das Weitergeben Ihrer Daten gestoppt" in page
    assert phones(lena) == []
    assert trust.list_own_consents(lena) == []
    assert send(lena, course, phone="0711 999999")[0] == 303
    assert phones(lena) == ["0711 999999"]


def test_a_number_deleted_meanwhile_is_said_so(course: Offered, lena: Actor) -> None:
    trust.remove_fact(actor=lena, fact_id=trust.list_own_facts(lena)[0].id)
    status, page = send(lena, course, phone_consent="on")
    assert status == 409
    assert "steht nicht mehr in Ihren Angaben" in page
    assert phones(lena) == []
    assert trust.list_own_consents(lena) == []


def test_a_typed_number_wins_and_a_wrong_one_comes_back(course: Offered, lena: Actor) -> None:
    status, page = send(lena, course, phone="ruf an", phone_consent="on")
    assert status == 400
    assert "Nummer mit Vorwahl" in page
    assert 'value="ruf an"' in page
    assert phones(lena) == []
    assert send(lena, course, phone="0711 999999", phone_consent="on")[0] == 303
    assert phones(lena) == ["0711 999999"]
    assert received(lena) == []


def test_a_course_that_does_not_ask_gets_nothing(offer: Offer, lena: Actor, now: datetime) -> None:
    api.book(actor=lena, order=offer().order(phone_consent=True, phone="0711 999999"), now=now)
    assert phones(lena) == [""]
    assert received(lena) == []


def test_the_provider_sees_the_number_and_the_person_that_it_was_seen(
    course: Offered, lena: Actor, now: datetime
) -> None:
    api.book(actor=lena, order=course.order(phone_consent=True), now=now)
    staff = new_actor(organisation_id=course.course.organisation_id)
    _course, _session, (participant,) = desk.list_participants(actor=staff, session_id=course.sessions[0].pk, now=now)
    assert participant.phone == "0711 123456"
    assert "Telefonnummer" in trust.list_own_looks(actor=lena, asked=trust.LookFilter())[0].fields


def test_the_page_for_checking_offers_the_number_with_its_source(course: Offered, lena: Actor) -> None:
    client = Client(HTTP_HOST="localhost", headers={"accept": "text/html"})
    assert lena.person_id is not None
    client.force_login(Person.objects.get(pk=lena.person_id))
    order = course.order()
    chosen = f"session={order.session_id}&party_size=1&price={order.price_id}&key=k"
    page = client.get(f"/kurse/{course.course.slug}/buchen/pruefen/?{chosen}").content.decode()
    assert "Ich willige ein: Studio bekommt meine Nummer 0711 123456" in page
    assert received(lena) == []
