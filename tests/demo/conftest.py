"""The city pack and the demonstration's data, written once for all tests of a module; each test undoes its own."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from stadtportal.areas.demo import api as demo
from stadtportal.kernel.city import api as city


@pytest.fixture(scope="module")
def seeded(
    django_db_setup: None,  # noqa: ARG001 -- the test database has to be there.
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        city.load_city()
        demo.seed()
        yield
        transaction.set_rollback(True)
