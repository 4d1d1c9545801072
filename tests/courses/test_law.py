"""What the law asks of a page that takes orders, rule by rule as ``docs/law.md`` lists them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from stadtportal.areas.courses import api
from stadtportal.kernel.contracts import Actor
from stadtportal.kernel.web.api import berlin_datetime

from .conftest import Offer, Offered
from .test_pages import form_of, sign_in, text_of

Resident = Callable[[], Actor]
NO_WITHDRAWAL = (
    "Ein gesetzliches Widerrufsrecht gibt es bei Freizeitangeboten an festen Terminen nicht "
    "(§ 312g Absatz 2 Nummer 9 BGB)."
)


def check_page(client: Client, course: Offered) -> str:
    """Return the words of the page on which an order is checked, from its heading to the end of its order form."""
    answer = client.get(f"/kurse/{course.course.slug}/buchen/pruefen/", form_of(course, party_size=2))
    return text_of(answer).partition("Ihre Angaben prüfen")[2]


@pytest.mark.parametrize("full", [False, True])
def test_what_price_and_date_stand_directly_above_the_button_that_costs_money(
    client: Client, offer: Offer, resident: Resident, now: datetime, *, full: bool
) -> None:
    course = offer(capacities=[2])
    if full:
        api.book(actor=resident(), order=course.order(party_size=2), now=now)
    sign_in(client, resident())
    page = check_page(client, course)
    label = "Zahlungspflichtig auf die Warteliste setzen" if full else "Zahlungspflichtig bestellen"
    summary = f"{course.course.title}, {berlin_datetime(course.sessions[0].starts_at)}"
    assert page.count("Zahlungspflichtig") == 1
    above = page.partition(label)[0]
    order = [above.rindex(words) for words in (summary, "Gesamtpreis: 24,00 €", NO_WITHDRAWAL)]
    assert order == sorted(order)
    assert not re.search(r"\bÄndern\b", above[order[0] :])


def test_the_course_page_says_before_all_ordering_that_nobody_can_withdraw(client: Client, offer: Offer) -> None:
    assert NO_WITHDRAWAL in text_of(client.get(f"/kurse/{offer().course.slug}/"))


def test_prices_say_that_nothing_is_added_to_them(client: Client, offer: Offer, resident: Resident) -> None:
    course = offer()
    assert "Endpreise, Mehrwertsteuer enthalten, soweit sie anfällt." in text_of(
        client.get(f"/kurse/{course.course.slug}/")
    )
    sign_in(client, resident())
    assert "Endpreis, Mehrwertsteuer enthalten, soweit sie anfällt." in check_page(client, course)
