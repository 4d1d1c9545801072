"""What the database guards, whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from stadtportal.areas.townhall.models import Service, ServiceOffice
from stadtportal.kernel.city import api as city

pytestmark = pytest.mark.django_db


def new(**values: Any) -> Service:  # noqa: ANN401 -- any column, wrong ones too.
    given = {"slug": "pass-1", "title": "Pass", "sort_name": "pass", "source": "dldb", "source_id": "1"}
    return Service.objects.create(**given | values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"title": ""}, "service_has_title"),
        ({"slug": ""}, "service_has_slug"),
        ({"source": "fremd"}, "service_source_known"),
        ({"source_id": ""}, "service_source_id_number"),
        ({"source_id": "a1"}, "service_source_id_number"),
        ({"leika_key": "123"}, "service_leika_key"),
        ({"leika_key": "9901200100000x"}, "service_leika_key"),
        ({"source": "leika", "source_id": "99012001000000"}, "service_leika_is_its_key"),
        ({"minutes": 0}, "service_minutes"),
        ({"minutes": 1441}, "service_minutes"),
        ({"online_link": "javascript:alert(1)"}, "service_online_link"),
        ({"documents": {"title": "a"}}, "service_documents_is_list"),
    ],
)
def test_the_database_refuses(values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        new(**values)


def test_a_service_of_a_source_exists_once() -> None:
    new()
    with pytest.raises(IntegrityError, match="service_source_once"), transaction.atomic():
        new(slug="anders")
    with pytest.raises(IntegrityError, match="slug"), transaction.atomic():
        new(source_id="2")
    new(slug="pass-99012001000000", source="leika", source_id="99012001000000", leika_key="99012001000000")


def test_a_service_is_offered_in_an_office_once() -> None:
    service, place = new(), city.put_place(slug="amt", name="Amt")
    ServiceOffice.objects.create(service=service, place_id=place.id)
    with pytest.raises(IntegrityError, match="service_office_once"), transaction.atomic():
        ServiceOffice.objects.create(service=service, place_id=place.id)
    service.delete()
    assert ServiceOffice.objects.count() == 0
